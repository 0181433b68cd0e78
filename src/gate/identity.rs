//! The identity header: the visitor's session, encrypted for the server behind the gate with XChaCha20-Poly1305 under a
//! separate key, bound to the method and path of one request and valid for 30 seconds.
//!
//! The header is the base64url of nonce (24 bytes) ‖ ciphertext ‖ tag. The plaintext is
//! `{"at":ms,"session":…,"user":…}`.

use crate::cache::{decode_base64url, encode_base64url};
use crate::json;
use crate::keyring::Keys;
use crate::prelude::*;
use crate::primitives::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};
use crate::time::Millis;

/// The name of the request header. The gate removes it from incoming requests.
pub const HEADER: &str = "x-better-session-identity";

/// How long an identity is valid, in milliseconds: the time of a request from the gate to the server.
pub const LIFETIME: Millis = 30_000;

/// How far the server's clock may be behind the gate's, in milliseconds.
pub const SKEW: Millis = 5_000;

/// Longest header accepted, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Encrypts and decrypts identities. The current secret's key encrypts; every secret's key decrypts.
pub struct IdentityCipher {
    current: XChaCha20Poly1305,
    older: Vec<XChaCha20Poly1305>,
}

impl core::fmt::Debug for IdentityCipher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IdentityCipher").finish_non_exhaustive()
    }
}

/// The header is forged, for another request, or expired. The error does not tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecryptError;

impl IdentityCipher {
    /// Creates the cipher from derived keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        let older = keys.all().filter(|(_, current)| !current).map(|(key, _)| key.gate.identity.clone());
        Self { current: keys.current.gate.identity.clone(), older: older.collect() }
    }

    /// Encrypts `session` and `user` (JSON texts) for one request. `nonce` must be random and used once.
    ///
    /// # Errors
    /// Returns an error if the text exceeds the cipher's limit of 256 GiB.
    pub fn encrypt(
        &self,
        session: &str,
        user: &str,
        method: &str,
        path: &str,
        now: Millis,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<String, DecryptError> {
        let text = ["{\"at\":", &now.to_string(), ",\"session\":", session, ",\"user\":", user, "}"].concat();
        let bound = binding(method, path);
        let encrypted = self.current.encrypt(nonce, text.as_bytes(), bound.as_bytes()).ok_or(DecryptError)?;
        Ok(encode_base64url(&encrypted))
    }

    /// Decrypts the header of a request and returns its JSON text.
    ///
    /// # Errors
    /// Returns the same error for every reason.
    pub fn decrypt(
        &self,
        header: &str,
        method: &str,
        path: &str,
        now: Millis,
    ) -> Result<String, DecryptError> {
        if header.len() > MAX_BYTES {
            return Err(DecryptError);
        }
        let bytes = decode_base64url(header).ok_or(DecryptError)?;
        let bound = binding(method, path);
        let decrypt = |cipher: &XChaCha20Poly1305| cipher.decrypt(&bytes, bound.as_bytes());
        let plaintext =
            decrypt(&self.current).or_else(|| self.older.iter().find_map(decrypt)).ok_or(DecryptError)?;
        let text = String::from_utf8(plaintext).map_err(|_| DecryptError)?;
        let at =
            json::parse(&text).ok().and_then(|value| value.member("at")?.number()).ok_or(DecryptError)?;
        #[allow(clippy::cast_possible_truncation)] // saturates
        let age = now.saturating_sub(at as Millis);
        if (SKEW.saturating_neg()..=LIFETIME).contains(&age) { Ok(text) } else { Err(DecryptError) }
    }
}

/// Returns the associated data that binds an identity to its request.
fn binding(method: &str, path: &str) -> String {
    [method, " ", path].concat()
}
