//! A256CBC-HS512: AES-256 in CBC mode under HMAC-SHA-512, encrypt then MAC (RFC 7518 §5.2.5).

use crate::crypto::aes256_cbc::Aes256Cbc;
use crate::crypto::hmac::HmacSha512Half;
use crate::prelude::*;

/// Bytes of the key: 32 for the MAC, then 32 for the cipher.
pub const KEY_BYTES: usize = 64;
/// Bytes of the initialization vector.
pub const IV_BYTES: usize = 16;
/// Bytes of the authentication tag: the first half of the HMAC.
pub const TAG_BYTES: usize = 32;

/// A content key, expanded once.
pub struct ContentKey {
    mac: HmacSha512Half,
    cipher: Aes256Cbc,
}

impl core::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ContentKey").finish_non_exhaustive()
    }
}

impl ContentKey {
    /// Splits and expands a key (§5.2.2.1: the MAC key comes first).
    #[must_use]
    pub fn new(key: &[u8; KEY_BYTES]) -> Option<Self> {
        let ([mac_key, cipher_key], []) = key.as_chunks::<{ KEY_BYTES / 2 }>() else { return None };
        Some(Self { mac: HmacSha512Half::new(mac_key)?, cipher: Aes256Cbc::new(cipher_key) })
    }

    /// Encrypts `plaintext` and returns the ciphertext and its tag. `iv` must be random and used once.
    #[must_use]
    pub fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8]) -> (Vec<u8>, [u8; TAG_BYTES]) {
        let ciphertext = self.cipher.encrypt(&iv, plaintext);
        let tag = self.mac.sign(&[aad, &iv, &ciphertext, &bits(aad)]);
        (ciphertext, tag)
    }

    /// Decrypts what this key encrypted, else returns `None`. The tag is compared first, in constant time, and only
    /// then is the cipher used (§5.2.2.2), so that no padding can be probed.
    #[must_use]
    pub fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], ciphertext: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
        if !self.mac.verify(&[aad, &iv, ciphertext, &bits(aad)], tag) {
            return None;
        }
        self.cipher.decrypt(&iv, ciphertext)
    }
}

/// Returns the length of `aad` in bits, as the last part under the MAC (§5.2.2.1).
fn bits(aad: &[u8]) -> [u8; 8] {
    (aad.len() as u64).saturating_mul(8).to_be_bytes()
}
