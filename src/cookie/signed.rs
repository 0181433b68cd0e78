//! The signed session token: `value.signature`, HMAC-SHA-256 in standard base64 (Better Auth's signed cookie).

use crate::cache::{decode_base64, push_base64, signed_by_current};
use crate::json::push;
use crate::limits::MAX_TOKEN_BYTES;
use crate::primitives::crypto::keyring::Keys;
use crate::verdict::UnauthenticatedReason;

/// A token whose signature is one of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct VerifiedToken<'a> {
    /// The value that was signed.
    pub value: &'a str,
    /// Whether the current secret signed it; the server accepts no other.
    pub current: bool,
}

/// Characters of the base64 of 32 bytes.
const SIGNATURE_CHARS: usize = 44;

/// Checks a percent-decoded signed cookie against every key, the current one first.
pub fn verify<'a>(keys: &Keys, signed: &'a str) -> Result<VerifiedToken<'a>, UnauthenticatedReason> {
    use UnauthenticatedReason::{TokenBadSignature, TokenMalformed};
    if signed.len() > MAX_TOKEN_BYTES {
        return Err(TokenMalformed);
    }
    // No dot is in a signature, so this is the last one.
    let at = signed.len().checked_sub(SIGNATURE_CHARS).ok_or(TokenMalformed)?;
    let (value, signature) = signed.split_at_checked(at).ok_or(TokenMalformed)?;
    let value = value.strip_suffix('.').filter(|value| !value.is_empty()).ok_or(TokenMalformed)?;
    let mac = decode_base64(signature).ok_or(TokenMalformed)?;
    let current = signed_by_current(keys, &[value.as_bytes()], &mac).ok_or(TokenBadSignature)?;
    Ok(VerifiedToken { value, current })
}

/// Signs `value` with the current secret: `value.signature`, before percent-encoding.
#[must_use]
pub fn sign(keys: &Keys, value: &str) -> String {
    let mut signed = String::new();
    push(&mut signed, value);
    push(&mut signed, ".");
    push_base64(&mut signed, &keys.current.sign(&[value.as_bytes()]));
    signed
}
