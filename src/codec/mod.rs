//! The three encodings of the session cache, one file each, and Better Auth's symmetric envelope.

pub mod a256cbc_hs512;
pub mod compact;
pub mod envelope;
pub(crate) mod jose;
pub mod jwe;
pub mod jwt;
#[cfg(test)]
mod rfc;

pub(crate) use crate::primitives::encoding::{
    decode_base64, decode_base64url, encode_base64url, push_base64, push_base64url,
};

use crate::json::{push, push_integer, push_string};
use crate::keys::Keys;
use crate::primitives::bytes::count;
use crate::time::UnixMillis;
use crate::verdict::StaleReason;

/// An encoding of the session cache: `session.cookieCache.strategy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// base64url JSON under HMAC-SHA-256, the default; its old name is `base64-hmac`.
    Compact,
    /// JWS with HS256.
    Jwt,
    /// JWE with A256CBC-HS512.
    Jwe,
}

impl Strategy {
    /// The name that Better Auth's options use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Jwt => "jwt",
            Self::Jwe => "jwe",
        }
    }

    /// Reads a configured name, the old one of `compact` included.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "compact" | "base64-hmac" => Some(Self::Compact),
            "jwt" => Some(Self::Jwt),
            "jwe" => Some(Self::Jwe),
            _ => None,
        }
    }

    /// What a value looks like by its dots alone: none, two or four. It proves nothing; it only tells a value
    /// of another strategy from a broken one.
    #[must_use]
    pub fn of_shape(value: &str) -> Option<Self> {
        match count(value.as_bytes(), b'.', 5) {
            0 if !value.is_empty() => Some(Self::Compact),
            2 => Some(Self::Jwt),
            4 => Some(Self::Jwe),
            _ => None,
        }
    }
}

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
pub struct Minting<'a> {
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
pub fn mint(keys: &Keys, strategy: Strategy, minting: &Minting<'_>) -> String {
    match strategy {
        Strategy::Compact => compact::mint(keys, minting),
        Strategy::Jwt => jwt::mint(keys, minting),
        Strategy::Jwe => jwe::mint(keys, minting),
    }
}

/// Appends the members that all three encodings carry, without the closing brace.
pub(crate) fn push_payload(out: &mut String, minting: &Minting<'_>) {
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
