//! The `Cookie` header that travels on: without a cache that must not be believed, with what the origin
//! has just set. Other cookies stay byte for byte.

use crate::cookie::session_cookies::{CookieNames, SECURE_PREFIX};
use crate::cookie::set_cookie::SetCookie;

/// Follows the token cookie's name in the names of the multi-session plugin.
const MULTI_SESSION: &str = "_multi-";

const HOST_PREFIX: &str = "__Host-";

/// Longest `Cookie` header of a lookup that still carries caches, in bytes: a session of 40 kB in chunks, and room.
pub const MAX_LOOKUP_BYTES: usize = 64 * 1024;

/// The header without the session cache and its chunks.
#[must_use]
pub fn without_cache(names: &CookieNames, header: &str) -> String {
    join(entries(header).filter(|entry| !is_cache(names, name_of(entry))))
}

/// Returns only the entries that `get-session` of the server reads: the token, the session and account caches with
/// their chunks, the "don't remember me" flag, and the tokens of the device's other accounts (multi-session).
#[must_use]
pub fn session_only(names: &CookieNames, header: &str) -> String {
    join(entries(header).filter(|entry| is_session(names, name_of(entry))))
}

/// Returns [`session_only`] for a lookup: the caches are left out if it were longer than [`MAX_LOOKUP_BYTES`] with
/// them, since no genuine cache is that long and the token alone is enough for a server with a database.
#[must_use]
pub fn for_lookup(names: &CookieNames, header: &str) -> String {
    let all = session_only(names, header);
    if all.len() <= MAX_LOOKUP_BYTES {
        return all;
    }
    join(entries(&all).filter(|entry| {
        let plain = without_prefix(name_of(entry));
        !is_chunk_of(&names.session_data, plain) && !is_chunk_of(&names.account_data, plain)
    }))
}

/// The header as the browser would send it after these `Set-Cookie`s, one a line. The old cache goes in any
/// case: the origin has decided without it.
#[must_use]
pub fn renewed(names: &CookieNames, header: &str, set_cookies: &str) -> String {
    let set = SetCookie::parse_all(set_cookies);
    let is_set = |name: &str| set.iter().any(|cookie| cookie.name == name);
    let kept = entries(header).filter(|entry| !is_cache(names, name_of(entry)) && !is_set(name_of(entry)));
    join(kept.chain(set.iter().filter(|cookie| !cookie.deletes).map(|cookie| cookie.pair)))
}

/// Whether an answer's `Set-Cookie`s, one a line, set a session cache.
#[must_use]
pub fn sets_cache(names: &CookieNames, set_cookies: &str) -> bool {
    SetCookie::parse_all(set_cookies).iter().any(|cookie| !cookie.deletes && is_cache(names, cookie.name))
}

/// An answer's `Set-Cookie`s, one a line, without those that set a session cache.
#[must_use]
pub fn without_new_cache(names: &CookieNames, set_cookies: &str) -> String {
    let sets = |line: &&str| {
        SetCookie::parse(line).is_some_and(|cookie| !cookie.deletes && is_cache(names, cookie.name))
    };
    set_cookies.lines().filter(|line| !sets(line)).collect::<Vec<_>>().join("\n")
}

fn entries(header: &str) -> impl Iterator<Item = &str> {
    header.split(';').map(|entry| entry.trim_matches([' ', '\t'])).filter(|entry| !entry.is_empty())
}

fn name_of(entry: &str) -> &str {
    entry.split_once('=').map_or(entry, |(name, _)| name).trim()
}

/// Under either prefix: a server may look for both.
fn is_cache(names: &CookieNames, name: &str) -> bool {
    is_chunk_of(&names.session_data, without_prefix(name))
}

fn is_session(names: &CookieNames, name: &str) -> bool {
    let plain = without_prefix(name);
    let token = plain.strip_prefix(names.session_token.as_str());
    token.is_some_and(|rest| rest.is_empty() || rest.starts_with(MULTI_SESSION))
        || plain == names.dont_remember
        || is_chunk_of(&names.session_data, plain)
        || is_chunk_of(&names.account_data, plain)
}

fn is_chunk_of(name: &str, plain: &str) -> bool {
    plain.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn without_prefix(name: &str) -> &str {
    [SECURE_PREFIX, HOST_PREFIX].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

fn join<'a>(entries: impl Iterator<Item = &'a str>) -> String {
    let mut header = String::new();
    for entry in entries {
        if !header.is_empty() {
            header.push_str("; ");
        }
        header.push_str(entry);
    }
    header
}
