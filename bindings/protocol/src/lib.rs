//! Conversions that more than one module needs.
#![forbid(unsafe_code)]

#[cfg(feature = "gate")]
pub mod action;
pub mod verdict;

use better_session::ConfigError;
use better_session::cookie::session_cookies::Scheme;
use better_session::json::push_string;

/// Returns `{"code","message"}`, which the JavaScript side throws as an error.
pub fn config_error(error: &ConfigError) -> String {
    let mut out = ["{\"code\":\"", error.code, "\",\"message\":"].concat();
    push_string(&mut out, &error.message);
    out.push('}');
    out
}

/// Returns the text of UTF-8 that `TextEncoder` wrote; anything else is no request at all. The glue would copy a string
/// character by character, which for a cookie takes as long as the rest of a look-up.
pub fn text(utf8: &[u8]) -> &str {
    std::str::from_utf8(utf8).unwrap_or_default()
}

/// Returns the scheme of a request as JavaScript numbers it: 1 http, 2 https; anything else is unknown.
pub const fn scheme(number: u32) -> Option<Scheme> {
    match number {
        1 => Some(Scheme::Http),
        2 => Some(Scheme::Https),
        _ => None,
    }
}

/// Truncates a JavaScript number to whole milliseconds; `NaN` becomes 0.
#[allow(clippy::cast_possible_truncation)] // saturates
pub fn millis(number: f64) -> i64 {
    number as i64
}

/// Returns random bytes for an IV, a `jti` or a nonce, or `None` if the platform has none to give: Workers refuse while a
/// module is being loaded.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}
