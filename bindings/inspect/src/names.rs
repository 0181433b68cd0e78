//! The names of cookies: the expected and the received ones.

use better_session::CookieNames;
use better_session::cookie::header::pairs;
use better_session::cookie::session_cookies::{HOST_PREFIX, SECURE_PREFIX, Scheme};

/// Returns the names that the session token's cookie may have. Without a configured prefix the request's scheme decides.
pub fn expected(names: &CookieNames, scheme: Option<Scheme>) -> Vec<String> {
    let secure = [names.prefix(), &names.session_token].concat();
    match names.secure.or(scheme.map(|scheme| scheme == Scheme::Https)) {
        Some(true) => vec![secure],
        Some(false) => vec![names.session_token.clone()],
        None => vec![secure, names.session_token.clone()],
    }
}

/// Returns the names of all well-formed cookies, each once, in order.
pub fn all(header: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for pair in pairs(header).filter(|pair| pair.is_well_formed()) {
        if !names.contains(&pair.name) {
            names.push(pair.name);
        }
    }
    names
}

/// Returns whether `name` looks like a session's, or is one of `expected` under another prefix.
pub fn is_session_like(name: &str, expected: &[String]) -> bool {
    same_but_prefix(name, expected) || is_default_like(name)
}

/// Returns whether `name` is one of `expected`, ignoring prefixes.
pub fn same_but_prefix(name: &str, expected: &[String]) -> bool {
    expected.iter().any(|other| without_prefix(other) == without_prefix(name))
}

/// Returns whether `name` is `session_token` or `session_data`, or a chunk of it, under some prefix of the application.
fn is_default_like(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole =
        name.rsplit_once('.').filter(|(_, number)| is_number(number)).map_or(name, |(whole, _)| whole);
    let prefix = whole.strip_suffix("session_token").or_else(|| whole.strip_suffix("session_data"));
    prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(['.', '-', '_']))
}

fn without_prefix(name: &str) -> &str {
    name.strip_prefix(SECURE_PREFIX).or_else(|| name.strip_prefix(HOST_PREFIX)).unwrap_or(name)
}
