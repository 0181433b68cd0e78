//! The keys that are derived from secrets, once at start. None can be printed, and all are wiped on drop.

use crate::prelude::*;
use core::fmt;

use zeroize::Zeroizing;

use crate::primitives::crypto::a256cbc_hs512::{ContentKey, KEY_BYTES};
use crate::primitives::crypto::hmac::HmacSha256;
use crate::primitives::crypto::{hkdf, sha256};
#[cfg(feature = "gate")]
use crate::primitives::crypto::{
    synthetic_nonce::SyntheticNonceCipher, xchacha20poly1305::XChaCha20Poly1305,
};
use crate::primitives::encoding::encode_base64url;

/// The salt of the session cache's content key.
const SESSION_SALT: &[u8] = b"better-auth-session";
const CONTENT_KEY_INFO: &[u8] = b"BetterAuth.js Generated Encryption Key";

/// The salt of the keys that Better Auth does not have, and an info string for each.
#[cfg(feature = "gate")]
mod own {
    pub(super) const SALT: &[u8] = b"better-session";
    pub(super) const IDENTITY: &[u8] = b"better-session identity v1";
    pub(super) const SUBJECTS: &[u8] = b"revocation marks: subjects";
    pub(super) const REPORTS: &[u8] = b"revocation marks: reports";
    pub(super) const HANDLES: &[u8] = b"better-session session handles v1";
}

/// The keys derived from one secret.
pub(crate) struct Key {
    pub(crate) version: Option<u32>,
    /// Signs tokens, compact caches and HS256.
    pub(crate) hmac: HmacSha256,
    /// Encrypts JWE caches.
    pub(crate) content: ContentKey,
    /// RFC 7638 thumbprint of the content key.
    pub(crate) kid: String,
    /// SHA-256 of the secret: the key of Better Auth's symmetric encryption.
    pub(crate) envelope: Zeroizing<[u8; 32]>,
    #[cfg(feature = "gate")]
    pub(crate) gate: GateKey,
}

/// The additional keys of the gate.
#[cfg(feature = "gate")]
pub(crate) struct GateKey {
    /// Encrypts identities for the server behind the gate.
    pub(crate) identity: XChaCha20Poly1305,
    /// Hashes the subjects of revocations.
    pub(crate) subjects: Zeroizing<[u8; 16]>,
    /// Signs reports of revocations.
    pub(crate) reports: HmacSha256,
    /// Encrypts session tokens for lists of sessions.
    pub(crate) handles: SyntheticNonceCipher,
}

/// A keyring: the current key and the older ones, in the order in which they are tried.
pub struct Keys {
    pub(crate) current: Key,
    pub(crate) older: Vec<Key>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("keys", &self.all().count()).finish_non_exhaustive()
    }
}

impl Keys {
    /// Derives the keys of secrets, given as version and bytes: the `current` one and the `older` ones, in the order in
    /// which they are tried. Returns `None` if a library rejects its input, which none does for bytes of a secret.
    pub(crate) fn derive<'a>(
        current: (Option<u32>, &'a [u8]),
        older: impl Iterator<Item = (Option<u32>, &'a [u8])>,
    ) -> Option<Self> {
        // Allocated once: a vector that grows leaves copies.
        let room = older.size_hint().1.unwrap_or_default();
        let mut keys = Self { current: Key::of(current.0, current.1)?, older: Vec::with_capacity(room) };
        for (version, bytes) in older {
            keys.older.push(Key::of(version, bytes)?);
        }
        Some(keys)
    }

    /// Iterates over every key and whether it is the current one, which comes first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&Key, bool)> {
        core::iter::once((&self.current, true)).chain(self.older.iter().map(|key| (key, false)))
    }
}

impl Key {
    /// Derives the keys of a secret's bytes. Returns `None` if a library rejects its input.
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
        let handles = hkdf::derive(own::SALT, envelope, own::HANDLES)?;
        Some(Self {
            identity: XChaCha20Poly1305::new(&identity),
            subjects: hkdf::derive(own::SALT, envelope, own::SUBJECTS)?,
            reports: HmacSha256::new(reports.as_ref())?,
            handles: SyntheticNonceCipher::new(&handles)?,
        })
    }
}

/// Returns the RFC 7638 §3 thumbprint, SHA-256 of the key's canonical JWK, here in parts.
pub(crate) fn thumbprint(canonical: &[&[u8]]) -> String {
    encode_base64url(&sha256::digest(canonical))
}
