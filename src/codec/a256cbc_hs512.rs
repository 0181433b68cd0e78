//! A256CBC-HS512: AES-256 in CBC mode under HMAC-SHA-512, encrypt then MAC (RFC 7518 §5.2.5).

use super::aes256::Aes256;
use super::cbc;
use crate::hmac::{HmacSha512, equal};

/// Bytes of the key: 32 for the MAC, then 32 for the cipher.
pub const KEY_BYTES: usize = 64;
/// Bytes of the initialization vector.
pub const IV_BYTES: usize = 16;
/// Bytes of the authentication tag: the first half of the HMAC.
pub const TAG_BYTES: usize = 32;

/// A content key, expanded once.
pub struct ContentKey {
    mac: HmacSha512,
    cipher: Aes256,
}

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContentKey").finish_non_exhaustive()
    }
}

impl ContentKey {
    /// Splits and expands a key (§5.2.2.1: the MAC key comes first).
    #[must_use]
    pub fn new(key: &[u8; KEY_BYTES]) -> Option<Self> {
        let (mac_key, cipher_key) = key.split_at(KEY_BYTES / 2);
        Some(Self::of(mac_key.try_into().ok()?, cipher_key.try_into().ok()?))
    }

    /// Expands the two halves of a key.
    pub(crate) fn of(mac_key: &[u8; KEY_BYTES / 2], cipher_key: &[u8; KEY_BYTES / 2]) -> Self {
        Self { mac: HmacSha512::new(mac_key), cipher: Aes256::new(cipher_key) }
    }

    /// Encrypts `plaintext`: the ciphertext and its tag. `iv` is random and used once.
    #[must_use]
    pub fn seal(&self, aad: &[u8], iv: [u8; IV_BYTES], plaintext: &[u8]) -> (Vec<u8>, [u8; TAG_BYTES]) {
        let ciphertext = cbc::encrypt(&self.cipher, iv, plaintext);
        let tag = self.tag(aad, iv, &ciphertext);
        (ciphertext, tag)
    }

    /// Decrypts what the key sealed; nothing for anything else. The tag comes first, in constant time, and only
    /// then the cipher (§5.2.2.2), so that no padding can be probed.
    #[must_use]
    pub fn open(&self, aad: &[u8], iv: [u8; IV_BYTES], ciphertext: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
        if !equal(&self.tag(aad, iv, ciphertext), tag) {
            return None;
        }
        cbc::decrypt(&self.cipher, iv, ciphertext)
    }

    /// The first half of HMAC-SHA-512 over AAD ‖ IV ‖ ciphertext ‖ AAD length in bits, big-endian (§5.2.2.1).
    fn tag(&self, aad: &[u8], iv: [u8; IV_BYTES], ciphertext: &[u8]) -> [u8; TAG_BYTES] {
        let aad_bits = u64::try_from(aad.len()).unwrap_or(u64::MAX).saturating_mul(8);
        let full = self.mac.sign(&[aad, &iv, ciphertext, &aad_bits.to_be_bytes()]);
        let mut half = [0u8; TAG_BYTES];
        half.iter_mut().zip(full).for_each(|(to, from)| *to = from);
        half
    }
}
