//! Secrets and what is derived from them, once. Nothing here can be printed, and all of it is wiped.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::ConfigError;
use crate::limits::MAX_SECRETS;
use crate::primitives::bytes::{is_js_whitespace, split_once};
use crate::primitives::crypto::a256cbc_hs512::{ContentKey, KEY_BYTES};
use crate::primitives::crypto::hmac::HmacSha256;
#[cfg(feature = "gate")]
use crate::primitives::crypto::xchacha20poly1305::XChaCha20Poly1305;
use crate::primitives::crypto::{hkdf, sha256};
use crate::primitives::encoding::encode_base64url;

/// The salt of the session cache's content key.
const SESSION_SALT: &[u8] = b"better-auth-session";
const CONTENT_KEY_INFO: &[u8] = b"BetterAuth.js Generated Encryption Key";

/// The salt of the keys that Better Auth has no use for, and an info string for each of them.
#[cfg(feature = "gate")]
mod own {
    pub(super) const SALT: &[u8] = b"better-session";
    pub(super) const IDENTITY: &[u8] = b"better-session identity v1";
    pub(super) const SUBJECTS: &[u8] = b"revocation marks: subjects";
    pub(super) const REPORTS: &[u8] = b"revocation marks: reports";
}

const DERIVATION_FAILED: ConfigError =
    ConfigError::new("KEY_DERIVATION_FAILED", "no keys could be derived from a secret");

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
    #[cfg(feature = "gate")]
    pub(crate) gate: GateKey,
}

/// The keys that the gate needs besides.
#[cfg(feature = "gate")]
pub(crate) struct GateKey {
    /// Encrypts identities for the server behind the gate.
    pub(crate) identity: XChaCha20Poly1305,
    /// Hashes the subjects of revocation marks.
    pub(crate) subjects: Zeroizing<[u8; 16]>,
    /// Signs reports of revocation marks.
    pub(crate) reports: HmacSha256,
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
            older = Some(Box::new(Self { current: Key::derive(secret)?, older }));
        }
        Ok(Self { current: Key::derive(first)?, older })
    }

    /// Every key, the current one first, and whether it is current.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Key, bool)> {
        let rings = std::iter::successors(Some(self), |keys| keys.older.as_deref());
        rings.map(|keys| (&keys.current, std::ptr::eq(keys, self)))
    }
}

impl Key {
    fn derive(secret: &Secret) -> Result<Self, ConfigError> {
        Self::of(secret.version, secret.value.as_bytes()).ok_or(DERIVATION_FAILED)
    }

    /// Derives the keys of a secret's bytes. The libraries' signatures can fail, for no input that comes here.
    pub(crate) fn of(version: Option<u32>, bytes: &[u8]) -> Option<Self> {
        let content = hkdf::derive::<KEY_BYTES>(SESSION_SALT, bytes, CONTENT_KEY_INFO)?;
        let k = Zeroizing::new(encode_base64url(content.as_ref()));
        let envelope = Zeroizing::new(sha256::digest(&[bytes]));
        Some(Self {
            version,
            hmac: HmacSha256::new(bytes)?,
            content: ContentKey::new(&content)?,
            kid: thumbprint(&[b"{\"k\":\"", k.as_bytes(), b"\",\"kty\":\"oct\"}"]),
            #[cfg(feature = "gate")]
            gate: GateKey::derive(&envelope)?,
            envelope,
        })
    }

    /// Returns HMAC-SHA-256 over the concatenation of `parts`.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac.sign(parts)
    }

    /// Returns whether `signature` is [`Self::sign`]'s, in constant time.
    pub(crate) fn verifies(&self, parts: &[&[u8]], signature: &[u8]) -> bool {
        self.hmac.verify(parts, signature)
    }
}

#[cfg(feature = "gate")]
impl GateKey {
    fn derive(envelope: &[u8; 32]) -> Option<Self> {
        let identity = hkdf::derive(own::SALT, envelope, own::IDENTITY)?;
        let reports = hkdf::derive::<32>(own::SALT, envelope, own::REPORTS)?;
        Some(Self {
            identity: XChaCha20Poly1305::new(&identity),
            subjects: hkdf::derive(own::SALT, envelope, own::SUBJECTS)?,
            reports: HmacSha256::new(reports.as_ref())?,
        })
    }
}

/// Returns the RFC 7638 §3 thumbprint, SHA-256 of the key's canonical JWK, here in parts.
pub(crate) fn thumbprint(canonical: &[&[u8]]) -> String {
    encode_base64url(&sha256::digest(canonical))
}
