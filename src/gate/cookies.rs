//! The `Cookie` header that travels on: without a cache that must not be believed, with what the origin
//! has just set. Other cookies stay byte for byte.

use crate::jar::{Names, SECURE_PREFIX};
use crate::set_cookie::SetCookie;

/// The header without the session cache and its chunks.
#[must_use]
pub fn without_cache(names: &Names, header: &str) -> String {
    join(entries(header).filter(|entry| !is_cache(names, name_of(entry))))
}

/// The header as the browser would send it after these `Set-Cookie`s, one a line. The old cache goes in any
/// case: the origin has decided without it.
#[must_use]
pub fn renewed(names: &Names, header: &str, set_cookies: &str) -> String {
    let set = SetCookie::parse_all(set_cookies);
    let is_set = |name: &str| set.iter().any(|cookie| cookie.name == name);
    let kept = entries(header).filter(|entry| !is_cache(names, name_of(entry)) && !is_set(name_of(entry)));
    join(kept.chain(set.iter().filter(|cookie| !cookie.deletes).map(|cookie| cookie.pair)))
}

/// Whether an answer's `Set-Cookie`s, one a line, set a session cache.
#[must_use]
pub fn set_cache(names: &Names, set_cookies: &str) -> bool {
    SetCookie::parse_all(set_cookies).iter().any(|cookie| !cookie.deletes && is_cache(names, cookie.name))
}

/// An answer's `Set-Cookie`s, one a line, without those that set a session cache.
#[must_use]
pub fn without_new_cache(names: &Names, set_cookies: &str) -> String {
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
fn is_cache(names: &Names, name: &str) -> bool {
    let plain = name.strip_prefix(SECURE_PREFIX).unwrap_or(name);
    plain
        .strip_prefix(names.session_data.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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
