//! Deterministic authenticated encryption: XChaCha20-Poly1305 whose nonce is HMAC-SHA-256 of associated data and message under a
//! second key, truncated to 24 bytes. Equal inputs have equal ciphertexts, and different inputs have different nonces, as with
//! the synthetic IV of RFC 5297; the cipher's own tag authenticates nonce, message and associated data.

use crate::crypto::hmac::HmacSha256;
use crate::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};
use crate::prelude::*;

/// Bytes of the key material: 32 for the nonce, 32 for the cipher.
pub const KEY_BYTES: usize = 64;

/// A pair of keys, wiped when dropped.
#[derive(Clone)]
pub struct SyntheticNonceCipher {
    nonce: HmacSha256,
    cipher: XChaCha20Poly1305,
}

impl SyntheticNonceCipher {
    /// Prepares the keys. Returns `None` if a library rejects its key, which none does.
    pub fn new(key: &[u8; KEY_BYTES]) -> Option<Self> {
        let (nonce, cipher) = key.split_first_chunk::<32>()?;
        Some(Self { nonce: HmacSha256::new(nonce)?, cipher: XChaCha20Poly1305::new(cipher.first_chunk()?) })
    }

    /// Returns nonce ‖ ciphertext ‖ tag, the same for the same input, or `None` beyond the cipher's bound of 256 GiB.
    pub fn encrypt(&self, message: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        // The length keeps associated data and message apart.
        let length = u64::try_from(aad.len()).ok()?.to_le_bytes();
        let mac = self.nonce.sign(&[&length, aad, message]);
        self.cipher.encrypt(*mac.first_chunk::<NONCE_BYTES>()?, message, aad)
    }

    /// Returns the message of nonce ‖ ciphertext ‖ tag, or `None` if it was not encrypted with this key and `aad`.
    pub fn decrypt(&self, sealed: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        self.cipher.decrypt(sealed, aad)
    }
}
