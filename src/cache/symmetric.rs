//! Better Auth's symmetric encryption: XChaCha20-Poly1305 under SHA-256(secret), written as `$ba$<version>$<hex>` for a
//! versioned secret or else as the hex of nonce ‖ ciphertext. Session cookies do not use it; stored tokens do.

use crate::prelude::*;
use core::fmt;

use crate::json::{push_hex, push_integer};
use crate::keyring::{Key, Keys};
use crate::primitives::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};

const PREFIX: &str = "$ba$";

/// The text cannot be decrypted: it is malformed, names an unknown secret, or its tag does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecryptError;

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text cannot be decrypted")
    }
}

impl core::error::Error for DecryptError {}

/// Decrypts `text`. Without a version, the secret without a version is used, or the only secret.
///
/// # Errors
/// One error whatever the cause.
pub fn decrypt(keys: &Keys, text: &str) -> Result<String, DecryptError> {
    let (version, hex) = match text.strip_prefix(PREFIX) {
        Some(rest) => {
            let (version, hex) = rest.split_once('$').ok_or(DecryptError)?;
            (Some(version.parse::<u32>().map_err(|_| DecryptError)?), hex)
        }
        None => (None, text),
    };
    let only = keys.older.is_empty() && version.is_none();
    let mut ours = keys.all().map(|(key, _)| key);
    let key = ours.find(|key| only || key.version == version).ok_or(DecryptError)?;
    let bytes = from_hex(hex).ok_or(DecryptError)?;
    let plain = cipher(key).decrypt(&bytes, &[]).ok_or(DecryptError)?;
    String::from_utf8(plain).map_err(|_| DecryptError)
}

/// Encrypts `text` with the current secret. `nonce` must be random and used once.
///
/// # Errors
/// If the cipher rejects the text's length; its limit is 256 GiB.
pub fn encrypt(keys: &Keys, text: &str, nonce: [u8; NONCE_BYTES]) -> Result<String, DecryptError> {
    let key = &keys.current;
    let encrypted = cipher(key).encrypt(nonce, text.as_bytes(), &[]).ok_or(DecryptError)?;
    let mut out = String::new();
    if let Some(version) = key.version {
        out.push_str(PREFIX);
        push_integer(&mut out, i64::from(version));
        out.push('$');
    }
    for byte in encrypted {
        push_hex(&mut out, byte);
    }
    Ok(out)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.envelope)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |byte: &u8| char::from(*byte).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from((nibble(high)? << 4) | nibble(low)?).ok(),
            _ => None,
        })
        .collect()
}
