//! The encodings of the session cache.

use crate::primitives::bytes::count;

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
