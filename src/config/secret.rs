//! Secrets, and the keyring that is derived from them.

use crate::prelude::*;
use core::fmt;

use zeroize::Zeroizing;

use crate::error::ConfigError;
use crate::keyring::Keys;
use crate::limits::MAX_SECRETS;
use crate::primitives::bytes::{is_js_whitespace, split_once};

/// A secret of Better Auth: `secret`, or an entry of `secrets` with its version. `Debug` does not print it, and it is
/// wiped on drop.
#[derive(Clone)]
pub struct Secret {
    version: Option<u32>,
    /// Its UTF-8 bytes are the key.
    value: Zeroizing<String>,
}

impl Secret {
    /// Creates a secret without a version.
    #[must_use]
    pub fn new(value: &str) -> Self {
        Self { version: None, value: Zeroizing::new(value.to_owned()) }
    }

    /// Creates an entry of a rotation list, `{ version, value }`.
    #[must_use]
    pub fn versioned(version: u32, value: &str) -> Self {
        Self { version: Some(version), value: Zeroizing::new(value.to_owned()) }
    }

    /// Parses the value of `BETTER_AUTH_SECRETS`: `2:new,1:old`, the current secret first.
    ///
    /// # Errors
    /// `SECRETS_MALFORMED` if an entry is not a version, a colon and a secret.
    pub fn parse_list(list: &str) -> Result<Vec<Self>, ConfigError> {
        let mut secrets = Vec::new();
        push_secrets(list, &mut secrets).map(|()| secrets).ok_or(SECRETS_MALFORMED)
    }

    /// Returns the version, `None` for a secret outside a rotation list.
    #[must_use]
    pub const fn version(&self) -> Option<u32> {
        self.version
    }

    fn bytes(&self) -> (Option<u32>, &[u8]) {
        (self.version, self.value.as_bytes())
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self { version: None, value: Zeroizing::new(value) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("version", &self.version).finish_non_exhaustive()
    }
}

pub(crate) const SECRETS_MALFORMED: ConfigError =
    ConfigError::new("SECRETS_MALFORMED", "secrets must read \"<version>:<secret>,…\", current first");

/// How the secrets begin that Better Auth uses if it is given none. They are published in its source.
const PUBLISHED: &str = "better-auth-secret-123456789";

/// The error of a configuration without a secret.
#[doc(hidden)]
pub const SECRET_MISSING: ConfigError = ConfigError::new(
    "SECRET_MISSING",
    "a secret is needed: pass `secret` or `secrets`, the value that betterAuth({ secret }) has",
);

const DERIVATION_FAILED: ConfigError =
    ConfigError::new("KEY_DERIVATION_FAILED", "no keys could be derived from a secret");

/// Appends the secrets of a list. Returns `None` if an entry is not a version, a colon and a secret.
pub(crate) fn push_secrets(list: &str, secrets: &mut Vec<Secret>) -> Option<()> {
    let mut rest = Some(list);
    while let Some(list) = rest {
        let (entry, others) =
            split_once(list, b',').map_or((list, None), |(entry, others)| (entry, Some(others)));
        let (version, value) = split_once(entry, b':')?;
        let (version, value) = (version.trim_matches(is_js_whitespace), value.trim_matches(is_js_whitespace));
        add_secret(secrets, Some(parse_version(version)?), value.to_owned());
        rest = others;
    }
    Some(())
}

pub(crate) fn add_secret(secrets: &mut Vec<Secret>, version: Option<u32>, value: String) {
    secrets.push(Secret { version, value: Zeroizing::new(value) });
}

fn parse_version(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let mut version = 0u32;
    for digit in digits.bytes() {
        version = version.checked_mul(10)?.checked_add(char::from(digit).to_digit(10)?)?;
    }
    if digits.is_empty() { None } else { Some(version) }
}

impl Keys {
    /// Derives the keys of `secrets`, the current secret first.
    ///
    /// # Errors
    /// `SECRET_MISSING`, `SECRET_EMPTY`, `SECRET_DEFAULT`, `SECRETS_DUPLICATE` (two secrets of one version) or `SECRETS_TOO_MANY` (more
    /// than [`MAX_SECRETS`]).
    pub fn new(secrets: &[Secret]) -> Result<Self, ConfigError> {
        if secrets.len() > MAX_SECRETS {
            return Err(ConfigError::new("SECRETS_TOO_MANY", "at most 16 secrets can be tried"));
        }
        for (at, secret) in secrets.iter().enumerate() {
            if secret.value.is_empty() {
                return Err(ConfigError::new("SECRET_EMPTY", "a secret must not be empty"));
            }
            if secret.value.starts_with(PUBLISHED) {
                return Err(ConfigError::new(
                    "SECRET_DEFAULT",
                    "the secret is the one that Better Auth uses without configuration, which everybody knows",
                ));
            }
            let same = |other: &Secret| secret.version.is_some() && other.version == secret.version;
            if secrets.iter().take(at).any(same) {
                return Err(ConfigError::new("SECRETS_DUPLICATE", "each version of a secret must be unique"));
            }
        }
        let (first, rest) = secrets.split_first().ok_or(SECRET_MISSING)?;
        let older = rest.iter().filter(|secret| secret.value != first.value).map(Secret::bytes);
        Self::derive(first.bytes(), older).ok_or(DERIVATION_FAILED)
    }
}
