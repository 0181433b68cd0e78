//! The `Cookie` header that the gate forwards: without a rejected cache, and with the cookies that the origin has just
//! set. Other cookies are unchanged.

use crate::cookie::session_cookies::{CookieNames, SECURE_PREFIX};
use crate::cookie::set_cookie::SetCookie;

/// The suffix of the token cookie's name in the cookies of the multi-session plugin.
const MULTI_SESSION: &str = "_multi-";

const HOST_PREFIX: &str = "__Host-";

/// Longest `Cookie` header of a lookup with caches, in bytes: room for a session of 40 kB in chunks.
pub const MAX_LOOKUP_BYTES: usize = 64 * 1024;

/// Returns the header without the session cache and its chunks.
#[must_use]
pub fn without_cache(names: &CookieNames, header: &str) -> String {
    join(entries(header).filter(|entry| !is_cache(names, name_of(entry))))
}

/// Returns the entries that the server's `get-session` reads: the token, the session and account caches with
/// their chunks, the "don't remember me" flag, and the tokens of the device's other accounts (multi-session).
#[must_use]
pub fn session_only(names: &CookieNames, header: &str) -> String {
    join(entries(header).filter(|entry| is_session(names, name_of(entry))))
}

/// Returns [`session_only`] for a lookup. If that is longer than [`MAX_LOOKUP_BYTES`], the caches are removed: no valid
/// cache is that long, and a server with a database needs only the token.
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

/// Returns the header that the browser would send after these `Set-Cookie` lines. The previous cache is always removed,
/// because the origin has responded without it.
#[must_use]
pub fn renewed(names: &CookieNames, header: &str, set_cookies: &str) -> String {
    let set = SetCookie::parse_all(set_cookies);
    let is_set = |name: &str| set.iter().any(|cookie| cookie.name == name);
    let unchanged =
        entries(header).filter(|entry| !is_cache(names, name_of(entry)) && !is_set(name_of(entry)));
    join(unchanged.chain(set.iter().filter(|cookie| !cookie.deletes).map(|cookie| cookie.pair)))
}

/// Returns whether `Set-Cookie` lines set a session cache.
#[must_use]
pub fn sets_cache(names: &CookieNames, set_cookies: &str) -> bool {
    SetCookie::parse_all(set_cookies).iter().any(|cookie| !cookie.deletes && is_cache(names, cookie.name))
}

/// Returns `Set-Cookie` lines without those that set a session cache.
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

/// Returns whether a cookie is the session cache or a chunk of it. Both prefixes count, because a server may read either.
fn is_cache(names: &CookieNames, name: &str) -> bool {
    is_chunk_of(&names.session_data, without_prefix(name))
}

/// Returns whether the server's `get-session` reads a cookie.
fn is_session(names: &CookieNames, name: &str) -> bool {
    let plain = without_prefix(name);
    let token = plain.strip_prefix(names.session_token.as_str());
    token.is_some_and(|rest| rest.is_empty() || rest.starts_with(MULTI_SESSION))
        || plain == names.dont_remember
        || is_chunk_of(&names.session_data, plain)
        || is_chunk_of(&names.account_data, plain)
}

/// Returns whether `plain`, without a prefix, is the cookie `name` or a chunk of it.
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
