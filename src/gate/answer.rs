//! The body of `get-session` as the server writes it from its cache: the members that Better Auth's own schema
//! names first, in the schema's order, then what plugins added, in the order of the cookie.

use crate::json::{Raw, Reader, push};
use crate::payload::{self, Cached, SESSION, USER};

/// `{"session":…,"user":…}`.
#[must_use]
pub fn body(cached: &Cached) -> String {
    let mut out =
        String::with_capacity(cached.session.len().saturating_add(cached.user.len()).saturating_add(24));
    push(&mut out, "{\"session\":");
    ordered(&mut out, &cached.session, &SESSION);
    push(&mut out, ",\"user\":");
    ordered(&mut out, &cached.user, &USER);
    push(&mut out, "}");
    out
}

/// Rewrites an object with the members of `first` leading. Text that is no object stays as it is.
fn ordered(out: &mut String, object: &str, first: &[payload::Member]) {
    let Some(members) = members(object, first) else {
        push(out, object);
        return;
    };
    let named = (0..first.len()).filter_map(|rank| members.iter().rfind(|member| member.rank == Some(rank)));
    let others = members.iter().filter(|member| member.rank.is_none());
    let mut separator = "{";
    for member in named.chain(others) {
        push(out, separator);
        push(out, member.key.text());
        push(out, ":");
        push(out, member.value.text());
        separator = ",";
    }
    push(out, if separator == "{" { "{}" } else { "}" });
}

struct Member<'a> {
    /// Its place among those that lead.
    rank: Option<usize>,
    key: Raw<'a>,
    value: Raw<'a>,
}

fn members<'a>(object: &'a str, first: &[payload::Member]) -> Option<Vec<Member<'a>>> {
    let mut reader = Reader::new(object);
    let mut members = Vec::with_capacity(16);
    let mut more = reader.begin_object().ok()?;
    while more {
        let key = reader.name().ok()?;
        let name = key.string()?;
        let rank = first.iter().position(|other| other.name == name);
        members.push(Member { rank, key, value: reader.value(1).ok()? });
        more = reader.more().ok()?;
    }
    Some(members)
}
