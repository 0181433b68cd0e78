//! The `Cookie` header that travels on: without a cache that must not be believed, with what the origin
//! has just set. Other cookies stay byte for byte.

use crate::jar::{Names, SECURE_PREFIX};

/// The header without the session cache and its chunks.
#[must_use]
pub fn without_cache(names: &Names, header: &str) -> String {
    join(entries(header).filter(|entry| !is_cache(names, name_of(entry))))
}

/// The header as the browser would send it after these `Set-Cookie`s, one a line. The old cache goes in any
/// case: the origin has decided without it.
#[must_use]
pub fn renewed(names: &Names, header: &str, set_cookies: &str) -> String {
    let set: Vec<Set<'_>> = set_cookies.lines().filter_map(Set::read).collect();
    let is_set = |name: &str| set.iter().any(|cookie| cookie.name == name);
    let kept = entries(header).filter(|entry| !is_cache(names, name_of(entry)) && !is_set(name_of(entry)));
    // The last of several lines for one name is what the browser keeps.
    let last = |at: usize, name: &str| !set.iter().skip(at.saturating_add(1)).any(|later| later.name == name);
    let added = set.iter().enumerate().filter(|(at, cookie)| !cookie.gone && last(*at, cookie.name));
    join(kept.chain(added.map(|(_, cookie)| cookie.pair)))
}

struct Set<'a> {
    pair: &'a str,
    name: &'a str,
    gone: bool,
}

impl<'a> Set<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut parts = entries(line);
        let pair = parts.next()?;
        let (name, value) = pair.split_once('=')?;
        let expired = |part: &str| {
            part.split_once('=').is_some_and(|(key, age)| {
                key.eq_ignore_ascii_case("max-age") && (age.starts_with('-') || age == "0")
            })
        };
        let gone = value.is_empty() || parts.any(expired);
        (!name.is_empty()).then_some(Self { pair, name, gone })
    }
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
