//! The three encodings of the session cache, one file each, and Better Auth's symmetric envelope.

pub mod claims;
pub mod compact;
pub mod decode;
pub(crate) mod jose_header;
pub mod jwe;
pub mod jwt;
#[cfg(test)]
mod rfc;
pub mod strategy;
pub mod symmetric;

pub use strategy::Strategy;

pub(crate) use crate::primitives::encoding::{
    decode_base64, decode_base64url, encode_base64url, push_base64, push_base64url,
};

use crate::json::{push, push_integer, push_string};
use crate::primitives::crypto::keyring::Keys;
use crate::time::UnixMillis;
use crate::verdict::StaleReason;

/// Authenticated text of a cache and its window. Only now may it be parsed.
#[derive(Debug)]
pub(crate) struct Opened {
    /// JSON, valid UTF-8: the payload's members, and for `jwt` and `jwe` the registered claims.
    pub(crate) text: String,
    /// `expiresAt` of a compact cache; the others carry `exp` among their claims.
    pub(crate) expires_at: Option<UnixMillis>,
    /// Whether the current secret authenticated it.
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

/// Whether the current secret signed `parts`, or an older one; nothing when `code` is none of ours.
pub(crate) fn signed_by_current(keys: &Keys, parts: &[&[u8]], code: &[u8]) -> Option<bool> {
    let by = keys.all().find(|(key, _)| key.verifies(parts, code));
    by.map(|(_, current)| current)
}

/// The text that a segment carries: base64url of UTF-8.
pub(crate) fn decode_text(segment: &str) -> Option<String> {
    String::from_utf8(decode_base64url(segment)?).ok()
}

/// What a cache is minted from. Every text is JSON; they go into the cookie as they are.
#[derive(Debug, Clone, Copy)]
pub struct MintRequest<'a> {
    /// The `session` object.
    pub session: &'a str,
    /// The `user` object.
    pub user: &'a str,
    /// `cookieCache.version`, `"1"` by default.
    pub version: &'a str,
    /// When the cache is written: its `updatedAt`.
    pub now: UnixMillis,
    /// `cookieCache.maxAge` in seconds.
    pub max_age: i64,
    /// Random bytes, used once: an IV and a `jti`. Only `jwe` reads them.
    pub random: [u8; 32],
}

/// Mints a `session_data` value that a Better Auth server with the same secret and strategy accepts.
#[must_use]
pub fn mint(keys: &Keys, strategy: Strategy, minting: &MintRequest<'_>) -> String {
    match strategy {
        Strategy::Compact => compact::mint(keys, minting),
        Strategy::Jwt => jwt::mint(keys, minting),
        Strategy::Jwe => jwe::mint(keys, minting),
    }
}

/// Appends the members that all three encodings carry, without the closing brace.
pub(crate) fn push_payload(out: &mut String, minting: &MintRequest<'_>) {
    push(out, "{\"session\":");
    push(out, minting.session);
    push(out, ",\"user\":");
    push(out, minting.user);
    push(out, ",\"updatedAt\":");
    push_integer(out, minting.now);
    push(out, ",\"version\":");
    push_string(out, minting.version);
}

/// Appends one more segment of a JWS or JWE.
pub(crate) fn push_segment(out: &mut String, bytes: &[u8]) {
    push(out, ".");
    push_base64url(out, bytes);
}
