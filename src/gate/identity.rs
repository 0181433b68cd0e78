//! Who the visitor is, sealed for the server behind: XChaCha20-Poly1305 under a key of its own, bound to
//! the method and path of one request, good for 30 seconds.
//!
//! On the wire: base64url of nonce (24 bytes) ‖ ciphertext ‖ tag. Inside: `{"at":ms,"session":…,"user":…}`.

use crate::cache::{decode_base64url, encode_base64url};
use crate::json;
use crate::primitives::crypto::keyring::Keys;
use crate::primitives::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};
use crate::time::Millis;

/// The request header it travels in. Copies that come from outside are dropped.
pub const HEADER: &str = "x-better-session-identity";

/// How long it is good for, in milliseconds: a request's way from the gate to the server.
pub const LIFETIME: Millis = 30_000;

/// How far the reader's clock may be behind the gate's, in milliseconds.
pub const SKEW: Millis = 5_000;

/// Longest header opened, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The keys that seal and open: the current secret's, then the older ones' for opening.
pub struct IdentityCipher {
    current: XChaCha20Poly1305,
    older: Vec<XChaCha20Poly1305>,
}

impl std::fmt::Debug for IdentityCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityCipher").finish_non_exhaustive()
    }
}

/// It is not ours, not for this request, or too old. Which of these is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecryptError;

impl IdentityCipher {
    /// Takes the keys that `keys` derived.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        let older = keys.all().filter(|(_, current)| !current).map(|(key, _)| key.gate.identity.clone());
        Self { current: keys.current.gate.identity.clone(), older: older.collect() }
    }

    /// Seals `session` and `user` (JSON texts) for one request. `nonce` is random and used once.
    ///
    /// # Errors
    /// Never for texts that fit into memory; the cipher's own bound is 256 GiB.
    pub fn seal(
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
        let sealed = self.current.encrypt(nonce, text.as_bytes(), bound.as_bytes()).ok_or(DecryptError)?;
        Ok(encode_base64url(&sealed))
    }

    /// Opens a header for the request that carries it, and gives back its JSON text.
    ///
    /// # Errors
    /// One, whatever the reason.
    pub fn open(&self, header: &str, method: &str, path: &str, now: Millis) -> Result<String, DecryptError> {
        if header.len() > MAX_BYTES {
            return Err(DecryptError);
        }
        let bytes = decode_base64url(header).ok_or(DecryptError)?;
        let bound = binding(method, path);
        let open = |cipher: &XChaCha20Poly1305| cipher.decrypt(&bytes, bound.as_bytes());
        let plain = open(&self.current).or_else(|| self.older.iter().find_map(open)).ok_or(DecryptError)?;
        let text = String::from_utf8(plain).map_err(|_| DecryptError)?;
        let at =
            json::parse(&text).ok().and_then(|value| value.member("at")?.number()).ok_or(DecryptError)?;
        #[allow(clippy::cast_possible_truncation)] // saturates
        let age = now.saturating_sub(at as Millis);
        if (SKEW.saturating_neg()..=LIFETIME).contains(&age) { Ok(text) } else { Err(DecryptError) }
    }
}

fn binding(method: &str, path: &str) -> String {
    [method, " ", path].concat()
}
