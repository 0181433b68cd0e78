//! Secrets and what is derived from them, once. Nothing here can be printed, and all of it is wiped.

use std::fmt;

use zeroize::Zeroizing;

use crate::codec::a256cbc_hs512::{ContentKey, KEY_BYTES};
use crate::codec::encode_base64url;
use crate::error::ConfigError;
use crate::hmac::{HmacSha256, equal, hkdf_sha256, sha256};
use crate::limits::MAX_SECRETS;
use crate::words::{cut, trim};

/// The salt of the session cache's content key.
const SESSION_SALT: &[u8] = b"better-auth-session";
const CONTENT_KEY_INFO: &[u8] = b"BetterAuth.js Generated Encryption Key";

/// One secret of a rotation list, with its version (`None` for a bare `secret`).
#[derive(Clone)]
pub struct Secret {
    /// Its number in `secrets: [{ version, value }]`.
    pub version: Option<u32>,
    /// The secret itself; its UTF-8 bytes are the key.
    pub value: Zeroizing<String>,
}

impl Secret {
    /// A single secret without a version.
    #[must_use]
    pub fn new(value: &str) -> Self {
        Self { version: None, value: Zeroizing::new(value.to_owned()) }
    }

    /// A secret of a rotation list.
    #[must_use]
    pub fn versioned(version: u32, value: &str) -> Self {
        Self { version: Some(version), value: Zeroizing::new(value.to_owned()) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("version", &self.version).finish_non_exhaustive()
    }
}

pub(crate) const SECRETS_MALFORMED: ConfigError =
    ConfigError::new("SECRETS_MALFORMED", "secrets must read \"<version>:<secret>,…\", current first");

/// Reads the form of `BETTER_AUTH_SECRETS`: `2:new,1:old`, current first.
pub fn parse_secrets(list: &str) -> Result<Vec<Secret>, ConfigError> {
    let mut secrets = Vec::new();
    push_secrets(list, &mut secrets).map(|()| secrets).ok_or(SECRETS_MALFORMED)
}

/// Nothing when an entry is no version and secret.
pub(crate) fn push_secrets(list: &str, secrets: &mut Vec<Secret>) -> Option<()> {
    let mut rest = Some(list);
    while let Some(list) = rest {
        let (entry, others) = cut(list, b',').map_or((list, None), |(entry, others)| (entry, Some(others)));
        let (version, value) = cut(entry, b':')?;
        add_secret(secrets, Some(parse_version(trim(version, ' '))?), trim(value, ' ').to_owned());
        rest = others;
    }
    Some(())
}

#[inline(never)]
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

/// Everything derived from one secret.
pub(crate) struct Key {
    pub(crate) version: Option<u32>,
    /// Signs tokens, compact caches and HS256.
    pub(crate) hmac: HmacSha256,
    /// Encrypts JWE caches.
    pub(crate) content: ContentKey,
    /// RFC 7638 thumbprint of the content key.
    pub(crate) kid: String,
    /// SHA-256 of the secret: the key of Better Auth's symmetric envelope.
    pub(crate) envelope: Zeroizing<[u8; 32]>,
}

/// A keyring: the current key, and the keyring that the older ones are.
pub struct Keys {
    pub(crate) current: Key,
    pub(crate) older: Option<Box<Keys>>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("keys", &self.all().count()).finish_non_exhaustive()
    }
}

impl Keys {
    /// Derives the keys of `secrets`, the first being current.
    pub fn new(secrets: &[Secret]) -> Result<Self, ConfigError> {
        if secrets.len() > MAX_SECRETS {
            return Err(ConfigError::new("SECRETS_TOO_MANY", "at most 16 secrets can be tried"));
        }
        for (at, secret) in secrets.iter().enumerate() {
            if secret.value.is_empty() {
                return Err(ConfigError::new("SECRET_EMPTY", "a secret must not be empty"));
            }
            let same = |other: &Secret| secret.version.is_some() && other.version == secret.version;
            if secrets.iter().take(at).any(same) {
                return Err(ConfigError::new("SECRETS_DUPLICATE", "each version of a secret must be unique"));
            }
        }
        let (first, rest) = secrets.split_first().ok_or(ConfigError::new(
            "SECRET_MISSING",
            "a secret is needed: pass `secret` or `secrets`, the value that betterAuth({ secret }) has",
        ))?;
        let mut older = None;
        for secret in rest.iter().rev().filter(|secret| secret.value != first.value) {
            older = Some(Box::new(Self { current: Key::derive(secret), older }));
        }
        Ok(Self { current: Key::derive(first), older })
    }

    /// Every key, the current one first, and whether it is current.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Key, bool)> {
        let rings = std::iter::successors(Some(self), |keys| keys.older.as_deref());
        rings.map(|keys| (&keys.current, std::ptr::eq(keys, self)))
    }
}

impl Key {
    fn derive(secret: &Secret) -> Self {
        Self::of(secret.version, secret.value.as_bytes())
    }

    /// The keys of a secret's bytes.
    pub(crate) fn of(version: Option<u32>, bytes: &[u8]) -> Self {
        let mut content = Zeroizing::new([[0u8; KEY_BYTES / 2]; 2]);
        hkdf_sha256(SESSION_SALT, bytes, CONTENT_KEY_INFO, content.as_flattened_mut());
        let k = Zeroizing::new(encode_base64url(content.as_flattened()));
        let [mac_key, cipher_key] = &*content;
        Self {
            version,
            hmac: HmacSha256::new(bytes),
            content: ContentKey::of(mac_key, cipher_key),
            kid: thumbprint(&[b"{\"k\":\"", k.as_bytes(), b"\",\"kty\":\"oct\"}"]),
            envelope: Zeroizing::new(sha256(&[bytes])),
        }
    }

    /// HKDF-SHA-256 of this secret's envelope key under `info`, for purposes of our own.
    #[cfg(feature = "gate")]
    pub(crate) fn derive_for(&self, info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0u8; 32]);
        hkdf_sha256(b"better-session", self.envelope.as_ref(), info, out.as_mut());
        out
    }

    /// HMAC-SHA-256 over the concatenation of `parts`.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac.sign(parts)
    }

    /// Whether `signature` is [`Self::sign`]'s, compared in constant time.
    pub(crate) fn verifies(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        equal(&self.sign(parts), signature)
    }
}

/// RFC 7638 §3: SHA-256 of the key's canonical JWK, here in parts.
pub(crate) fn thumbprint(canonical: &[&[u8]]) -> String {
    encode_base64url(&sha256(canonical))
}
