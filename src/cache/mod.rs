//! The three encodings of the session cache, one file each, and Better Auth's symmetric encryption.

use crate::prelude::*;
use core::time::Duration;

pub mod claims;
pub mod compact;
pub mod decode;
pub(crate) mod jose_header;
pub mod jwe;
pub mod jwt;
pub mod key_set_check;
pub mod mint_request;
#[cfg(test)]
mod rfc;
pub mod session;
pub mod strategy;
pub mod symmetric;

pub(crate) use key_set_check::KEY_SET_TYPE;
pub use key_set_check::KeySetCheck;
pub use mint_request::MintRequest;
pub use strategy::Strategy;

pub(crate) use crate::primitives::encoding::{
    decode_base64, decode_base64url, encode_base64url, push_base64, push_base64url,
};

use crate::json::{push, push_integer, push_string};
use crate::keyring::Keys;
use crate::time::Millis;
use crate::verdict::StaleReason;

/// The authenticated text of a cache and its window. Text is parsed only after it is authenticated.
#[derive(Debug)]
pub(crate) struct Opened {
    /// JSON, valid UTF-8: the payload's members, and for `jwt` and `jwe` the registered claims.
    pub(crate) text: String,
    /// `expiresAt` of a compact cache; the other encodings have the claim `exp`.
    pub(crate) expires_at: Option<Millis>,
    /// `true` if the current secret authenticated it.
    pub(crate) current: bool,
}

/// Authenticates `value` as `strategy`.
pub(crate) fn open(keys: &Keys, strategy: Strategy, value: &str) -> Result<Opened, StaleReason> {
    match strategy {
        Strategy::Compact => compact::open(keys, value),
        Strategy::Jwt => jwt::open(keys, value),
        Strategy::Jwe => jwe::open(keys, value),
    }
}

/// Returns whether the current secret signed `parts` (`true`) or an older one (`false`), or `None` if no secret did.
pub(crate) fn signed_by_current(keys: &Keys, parts: &[&[u8]], mac: &[u8]) -> Option<bool> {
    let by = keys.all().find(|(key, _)| key.verifies(parts, mac));
    by.map(|(_, current)| current)
}

/// Decodes a segment, base64url of UTF-8.
pub(crate) fn decode_text(segment: &str) -> Option<String> {
    String::from_utf8(decode_base64url(segment)?).ok()
}

/// The content of a cache to mint, with defaults resolved. Texts are JSON and are written unchanged.
#[derive(Clone, Copy)]
pub(crate) struct CacheContent<'a> {
    pub(crate) session: &'a str,
    pub(crate) user: &'a str,
    pub(crate) version: &'a str,
    pub(crate) now: Millis,
    pub(crate) max_age: Duration,
    pub(crate) random: [u8; 32],
}

/// Mints a `session_data` value that a Better Auth server with the same secret and strategy accepts.
pub(crate) fn mint(keys: &Keys, strategy: Strategy, content: &CacheContent<'_>) -> String {
    match strategy {
        Strategy::Compact => compact::mint(keys, content),
        Strategy::Jwt => jwt::mint(keys, content),
        Strategy::Jwe => jwe::mint(keys, content),
    }
}

/// Appends the members that all three encodings carry, without the closing brace.
pub(crate) fn push_payload(out: &mut String, content: &CacheContent<'_>) {
    push(out, "{\"session\":");
    push(out, content.session);
    push(out, ",\"user\":");
    push(out, content.user);
    push(out, ",\"updatedAt\":");
    push_integer(out, content.now);
    push(out, ",\"version\":");
    push_string(out, content.version);
}

/// Appends one more segment of a JWS or JWE.
pub(crate) fn push_segment(out: &mut String, bytes: &[u8]) {
    push(out, ".");
    push_base64url(out, bytes);
}
