//! Better Auth's symmetric envelope: XChaCha20-Poly1305 under SHA-256(secret), as `$ba$<version>$<hex>` for a
//! versioned secret, or bare hex of nonce ‖ ciphertext. Session cookies do not use it; stored tokens do.

use crate::json::{push_hex, push_integer};
use crate::primitives::crypto::keyring::{Key, Keys};
use crate::primitives::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};

const PREFIX: &str = "$ba$";

/// It is not an envelope, names a secret that is not ours, or was not sealed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecryptError;

/// Opens an envelope. A bare one is tried with the secret that has no version, or with the only one.
pub fn open(keys: &Keys, envelope: &str) -> Result<String, DecryptError> {
    let (version, hex) = match envelope.strip_prefix(PREFIX) {
        Some(rest) => {
            let (version, hex) = rest.split_once('$').ok_or(DecryptError)?;
            (Some(version.parse::<u32>().map_err(|_| DecryptError)?), hex)
        }
        None => (None, envelope),
    };
    let only = keys.older.is_none() && version.is_none();
    let mut ours = keys.all().map(|(key, _)| key);
    let key = ours.find(|key| only || key.version == version).ok_or(DecryptError)?;
    let bytes = from_hex(hex).ok_or(DecryptError)?;
    let plain = cipher(key).decrypt(&bytes, &[]).ok_or(DecryptError)?;
    String::from_utf8(plain).map_err(|_| DecryptError)
}

/// Seals `text` with the current secret. `nonce` is random and used once.
pub fn seal(keys: &Keys, text: &str, nonce: [u8; NONCE_BYTES]) -> Result<String, DecryptError> {
    let key = &keys.current;
    let sealed = cipher(key).encrypt(nonce, text.as_bytes(), &[]).ok_or(DecryptError)?;
    let mut out = String::new();
    if let Some(version) = key.version {
        out.push_str(PREFIX);
        push_integer(&mut out, i64::from(version));
        out.push('$');
    }
    for byte in sealed {
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
