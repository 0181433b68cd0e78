//! The `Cookie` header that the gate forwards: without a rejected cache, and with the cookies that the origin has just
//! set. Other cookies are unchanged.

use crate::cookie::session_cookies::{CookieNames, HOST_PREFIX, SECURE_PREFIX};
use crate::cookie::set_cookie::SetCookie;
use crate::prelude::*;

/// The suffix of the token cookie's name in the cookies of the multi-session plugin.
pub(crate) const MULTI_SESSION: &str = "_multi-";

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
        let name = name_of(entry);
        !is_cache(names, name) && !is_account(names, name)
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

/// Returns whether the header has the account cache (`account.storeAccountCookie`), or a chunk of it.
#[must_use]
pub fn has_account(names: &CookieNames, header: &str) -> bool {
    entries(header).any(|entry| is_account(names, name_of(entry)))
}

fn entries(header: &str) -> impl Iterator<Item = &str> {
    header.split(';').map(|entry| entry.trim_matches([' ', '\t'])).filter(|entry| !entry.is_empty())
}

fn name_of(entry: &str) -> &str {
    entry.split_once('=').map_or(entry, |(name, _)| name).trim()
}

/// Returns whether a cookie is the session cache or a chunk of it. Both prefixes count, because a server may read either.
fn is_cache(names: &CookieNames, name: &str) -> bool {
    is_chunk_of(&names.session_data, name)
}

fn is_account(names: &CookieNames, name: &str) -> bool {
    is_chunk_of(&names.account_data, name)
}

/// Returns whether the server's `get-session` reads a cookie.
fn is_session(names: &CookieNames, name: &str) -> bool {
    is_named(&names.session_token, name, |rest| rest.is_empty() || rest.starts_with(MULTI_SESSION))
        || is_named(&names.dont_remember, name, str::is_empty)
        || is_cache(names, name)
        || is_account(names, name)
}

/// Returns whether `name` is the cookie `plain` or a chunk of it, with or without a prefix.
fn is_chunk_of(plain: &str, name: &str) -> bool {
    is_named(plain, name, |rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns whether `name`, with or without a prefix, is `plain` and a rest that is accepted. A configured name can itself
/// begin like a prefix.
fn is_named(plain: &str, name: &str, accepts: impl Fn(&str) -> bool) -> bool {
    ["", SECURE_PREFIX, HOST_PREFIX].iter().any(|prefix| {
        name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix(plain)).is_some_and(&accepts)
    })
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
