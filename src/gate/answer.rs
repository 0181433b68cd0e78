//! The body of `get-session` as the server writes it from its cache: the members that Better Auth's own schema
//! names first, in the schema's order, then what plugins added, in the order of the cookie.

use crate::json::{Raw, Reader};
use crate::payload::Cached;

/// Better Auth's `sessionSchema` and `userSchema`.
const SESSION: [&str; 8] =
    ["id", "createdAt", "updatedAt", "userId", "expiresAt", "token", "ipAddress", "userAgent"];
const USER: [&str; 7] = ["id", "createdAt", "updatedAt", "email", "emailVerified", "name", "image"];

/// `{"session":…,"user":…}`.
#[must_use]
pub fn body(cached: &Cached) -> String {
    let mut out =
        String::with_capacity(cached.session.len().saturating_add(cached.user.len()).saturating_add(24));
    out.push_str("{\"session\":");
    ordered(&mut out, &cached.session, &SESSION);
    out.push_str(",\"user\":");
    ordered(&mut out, &cached.user, &USER);
    out.push('}');
    out
}

/// Rewrites an object with the members of `first` leading. Text that is no object stays as it is.
fn ordered(out: &mut String, object: &str, first: &[&str]) {
    let Some(members) = members(object) else {
        out.push_str(object);
        return;
    };
    let named = first.iter().filter_map(|name| members.iter().rfind(|(key, _)| key.is_string(name)));
    let others = members.iter().filter(|(key, _)| !first.iter().any(|name| key.is_string(name)));
    let mut separator = '{';
    for (key, value) in named.chain(others) {
        out.push(separator);
        out.push_str(key.text());
        out.push(':');
        out.push_str(value.text());
        separator = ',';
    }
    if separator == '{' {
        out.push('{');
    }
    out.push('}');
}

fn members(object: &str) -> Option<Vec<(Raw<'_>, Raw<'_>)>> {
    let mut reader = Reader::new(object);
    let mut members = Vec::new();
    let mut more = reader.begin_object().ok()?;
    while more {
        let key = reader.name().ok()?;
        members.push((key, reader.value(1).ok()?));
        more = reader.more().ok()?;
    }
    Some(members)
}
