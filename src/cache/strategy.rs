//! The encodings of the session cache.

use core::fmt;
use core::str::FromStr;

use crate::primitives::bytes::count;

/// An encoding of the session cache: `session.cookieCache.strategy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// base64url JSON under HMAC-SHA-256, the default; its former name is `base64-hmac`.
    Compact,
    /// JWS with HS256.
    Jwt,
    /// JWE with A256CBC-HS512.
    Jwe,
}

impl Strategy {
    /// Returns the name in Better Auth's options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Jwt => "jwt",
            Self::Jwe => "jwe",
        }
    }

    /// Parses a configured name, including the former name of `compact`. Returns `None` for any other text.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "compact" | "base64-hmac" => Some(Self::Compact),
            "jwt" => Some(Self::Jwt),
            "jwe" => Some(Self::Jwe),
            _ => None,
        }
    }

    /// Returns the strategy whose number of dots `value` has: zero, two or four. It only serves to tell a
    /// value of another strategy from a malformed one.
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

impl FromStr for Strategy {
    type Err = ParseStrategyError;

    /// Parses a name of Better Auth's options, including the former name of `compact`.
    fn from_str(name: &str) -> Result<Self, ParseStrategyError> {
        Self::from_name(name).ok_or(ParseStrategyError)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not the name of a [`Strategy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseStrategyError;

impl fmt::Display for ParseStrategyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a strategy is \"compact\", \"jwt\" or \"jwe\"")
    }
}

impl core::error::Error for ParseStrategyError {}
