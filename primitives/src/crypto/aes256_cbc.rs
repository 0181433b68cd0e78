//! AES-256 (FIPS 197) in CBC mode (NIST SP 800-38A §6.2) with PKCS #7 padding (RFC 5652 §6.3).

use crate::prelude::*;
use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, InnerIvInit as _, KeyInit as _};
use cbc::{Decryptor, Encryptor};

/// Bytes of a block and of the initialization vector.
pub const BLOCK_BYTES: usize = 16;

/// An expanded key, wiped when dropped.
pub struct Aes256Cbc(Aes256);

impl Aes256Cbc {
    /// Expands a key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Aes256::new(key.into()))
    }

    /// Pads and encrypts `plaintext`. `iv` must be random.
    #[inline(never)]
    pub fn encrypt(&self, iv: &[u8; BLOCK_BYTES], plaintext: &[u8]) -> Vec<u8> {
        Encryptor::inner_iv_init(&self.0, iv.into()).encrypt_padded_vec::<Pkcs7>(plaintext)
    }

    /// Decrypts `ciphertext`. Returns `None` if it is not a whole number of blocks or its padding is invalid.
    #[inline(never)]
    pub fn decrypt(&self, iv: &[u8; BLOCK_BYTES], ciphertext: &[u8]) -> Option<Vec<u8>> {
        Decryptor::inner_iv_init(&self.0, iv.into()).decrypt_padded_vec::<Pkcs7>(ciphertext).ok()
    }
}
