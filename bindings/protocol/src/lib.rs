//! Conversions that several modules share.
#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "typescript"), no_std)]

#[cfg(feature = "gate")]
pub mod action;
pub mod flags;
pub mod key_set;
#[cfg(feature = "typescript")]
pub mod typescript;
pub mod verdict;

use better_session::cookie::session_cookies::Scheme;
use better_session::json::push_string;
use better_session::prelude::*;
use better_session::{ConfigError, UnixMillis};

/// Returns `{"code","message"}`, which the JavaScript side throws as an error.
pub fn config_error(error: &ConfigError) -> String {
    let mut out = ["{\"code\":\"", error.code, "\",\"message\":"].concat();
    push_string(&mut out, &error.message);
    out.push('}');
    out
}

/// Returns UTF-8 that `TextEncoder` wrote as text; anything else becomes "". wasm-bindgen's glue would copy a string
/// character by character, which for a cookie takes as long as the rest of verifying it.
pub fn text(utf8: &[u8]) -> &str {
    core::str::from_utf8(utf8).unwrap_or_default()
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

/// Truncates a JavaScript date in milliseconds; `NaN` becomes the epoch.
pub fn instant(number: f64) -> UnixMillis {
    UnixMillis::from_millis(millis(number))
}

/// Returns random bytes for an IV, a `jti` or a nonce, or `None` if the platform provides none: Workers throw while a module
/// is being loaded.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}
