//! The body of `get-session` as the server writes it from its cache: first the members of Better Auth's own schema, in the
//! schema's order, then the members that plugins added, in the order of the cookie.

use crate::cache::claims::{self, SESSION, USER};
use crate::gate::fields::{Fields, Members};
use crate::json::{Raw, Reader, push};
use crate::prelude::*;
use crate::verdict::Authenticated;

/// Returns `{"session":…,"user":…}` without hidden members, or `None` if the visibility of a member is unknown.
#[must_use]
pub fn body(cached: &Authenticated, fields: &Fields) -> Option<String> {
    if fields.is_reshaped {
        return None;
    }
    let mut out = String::with_capacity(
        cached.session.json.len().saturating_add(cached.user.json.len()).saturating_add(24),
    );
    push(&mut out, "{\"session\":");
    ordered(&mut out, &cached.session.json, &SESSION, &fields.session)?;
    push(&mut out, ",\"user\":");
    ordered(&mut out, &cached.user.json, &USER, &fields.user)?;
    push(&mut out, "}");
    Some(out)
}

/// Appends an object with the members of `first` leading and without hidden members.
fn ordered(out: &mut String, object: &str, first: &[claims::Member], fields: &Members) -> Option<()> {
    let members = members(object, first, fields)?;
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
    Some(())
}

struct Member<'a> {
    /// The position in the schema, if it is one of the schema's members.
    rank: Option<usize>,
    key: Raw<'a>,
    value: Raw<'a>,
}

/// Returns the members that are shown, or `None` if the visibility of one is unknown.
fn members<'a>(object: &'a str, first: &[claims::Member], fields: &Members) -> Option<Vec<Member<'a>>> {
    let mut reader = Reader::new(object);
    let mut members = Vec::with_capacity(16);
    let mut more = reader.begin_object().ok()?;
    while more {
        let key = reader.name().ok()?;
        let name = key.string()?;
        let rank = first.iter().position(|other| other.name == name);
        let value = reader.value(1).ok()?;
        if fields.shows(&name)? {
            members.push(Member { rank, key, value });
        }
        more = reader.more().ok()?;
    }
    Some(members)
}

/// Returns whether a query lets `get-session` be answered from the cache. The server coerces `disableCookieCache`, so
/// even "false" is true; a query with escaped names is left to the origin.
pub(super) fn allows_cache(query: &str) -> bool {
    query.trim_start_matches('?').split('&').all(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name != "disableCookieCache" && !name.contains(['%', '+'])
    })
}
