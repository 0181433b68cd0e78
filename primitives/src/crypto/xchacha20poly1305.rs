//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), with the nonce in front of the ciphertext.

use crate::prelude::*;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305 as Cipher, XNonce};

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;

/// A key, wiped when dropped.
#[derive(Clone)]
pub struct XChaCha20Poly1305(Cipher);

impl XChaCha20Poly1305 {
    /// Prepares the cipher under `key`.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Cipher::new(key.into()))
    }

    /// Returns nonce ‖ ciphertext ‖ tag, or `None` for a message beyond the cipher's bound of 256 GiB. `nonce` must be
    /// random and used once.
    #[inline(never)]
    pub fn encrypt(&self, nonce: [u8; NONCE_BYTES], message: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        let sealed = self.0.encrypt(&XNonce::from(nonce), Payload { msg: message, aad }).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// Returns the message of nonce ‖ ciphertext ‖ tag, or `None` if it was not encrypted with this key and `aad`.
    #[inline(never)]
    pub fn decrypt(&self, sealed: &[u8], aad: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        self.0.decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad }).ok()
    }
}
