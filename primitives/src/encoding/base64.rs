//! base64 (RFC 4648 §4) with padding and base64url (§5) without. Both are strict: each sequence of bytes has one
//! spelling, so padding that is missing or superfluous and trailing bits that are set are errors.

use crate::prelude::*;
use engine::{Alphabet, STANDARD, URL_SAFE_NO_PAD};

/// Decodes unpadded base64url. Returns `None` if `text` is not its canonical form.
pub fn decode_base64url(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    decode(&URL_SAFE_NO_PAD, text.as_ref())
}

/// Decodes padded base64. Returns `None` if `text` is not its canonical form.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    decode(&STANDARD, text.as_bytes())
}

/// Returns `bytes` as unpadded base64url. Allocates once: a string that grows leaves copies, and it may be a secret.
pub fn encode_base64url(bytes: &[u8]) -> String {
    encode(&URL_SAFE_NO_PAD, bytes)
}

/// Appends `bytes` as unpadded base64url.
pub fn push_base64url(out: &mut String, bytes: &[u8]) {
    out.push_str(&encode_base64url(bytes));
}

/// Appends `bytes` as padded base64.
pub fn push_base64(out: &mut String, bytes: &[u8]) {
    out.push_str(&encode(&STANDARD, bytes));
}

#[inline(never)] // one copy for both alphabets
fn decode(alphabet: &Alphabet, text: &[u8]) -> Option<Vec<u8>> {
    engine::decode(alphabet, text)
}

#[inline(never)]
fn encode(alphabet: &Alphabet, bytes: &[u8]) -> String {
    engine::encode(alphabet, bytes)
}

/// The library of native programs, which forbids unsafe code.
#[cfg(not(target_arch = "wasm32"))]
mod engine {
    use crate::prelude::*;
    use base64::Engine as _;
    pub use base64::engine::general_purpose::{GeneralPurpose as Alphabet, STANDARD, URL_SAFE_NO_PAD};

    pub fn decode(alphabet: &Alphabet, text: &[u8]) -> Option<Vec<u8>> {
        alphabet.decode(text).ok()
    }

    pub fn encode(alphabet: &Alphabet, bytes: &[u8]) -> String {
        alphabet.encode(bytes)
    }
}

/// The library of the modules, whose SIMD code reads by pointers: it cannot leave the module's memory.
#[cfg(target_arch = "wasm32")]
mod engine {
    use crate::prelude::*;
    pub use base64_simd::{Base64 as Alphabet, STANDARD, URL_SAFE_NO_PAD};

    pub fn decode(alphabet: &Alphabet, text: &[u8]) -> Option<Vec<u8>> {
        alphabet.decode_to_vec(text).ok()
    }

    pub fn encode(alphabet: &Alphabet, bytes: &[u8]) -> String {
        alphabet.encode_to_string(bytes)
    }
}
