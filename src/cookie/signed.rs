//! Better Auth's signed cookie: `value.signature`, with HMAC-SHA-256 in padded base64.

use crate::cache::{decode_base64, push_base64, signed_by_current};
use crate::json::push;
use crate::keyring::Keys;
use crate::limits::MAX_TOKEN_BYTES;
use crate::prelude::*;
use crate::verdict::UnauthenticatedReason;

/// A token whose signature is valid.
#[derive(Debug, PartialEq, Eq)]
pub struct VerifiedToken<'a> {
    /// The value that was signed.
    pub value: &'a str,
    /// `true` if the current secret signed it, because the server accepts no other; and if no key is known.
    pub current: bool,
}

/// The length of 32 bytes in padded base64.
const SIGNATURE_CHARS: usize = 44;

/// Verifies a percent-decoded signed cookie with every key, the current one first. Without keys only its form is checked.
///
/// # Errors
/// `TokenMalformed` or `TokenBadSignature`.
pub fn verify<'a, 'k>(
    keys: impl Into<Option<&'k Keys>>,
    signed: &'a str,
) -> Result<VerifiedToken<'a>, UnauthenticatedReason> {
    use UnauthenticatedReason::{TokenBadSignature, TokenMalformed};
    if signed.len() > MAX_TOKEN_BYTES {
        return Err(TokenMalformed);
    }
    // A signature contains no dot, so the separator is the last one.
    let at = signed.len().checked_sub(SIGNATURE_CHARS).ok_or(TokenMalformed)?;
    let (value, signature) = signed.split_at_checked(at).ok_or(TokenMalformed)?;
    let value = value.strip_suffix('.').filter(|value| !value.is_empty()).ok_or(TokenMalformed)?;
    let mac = decode_base64(signature).ok_or(TokenMalformed)?;
    let current = match keys.into() {
        Some(keys) => signed_by_current(keys, &[value.as_bytes()], &mac).ok_or(TokenBadSignature)?,
        None => true,
    };
    Ok(VerifiedToken { value, current })
}

/// Returns the value of a signed cookie whose signature is known to be valid.
#[cfg(feature = "memory")]
pub(crate) fn value_of(signed: &str) -> &str {
    let end = signed.len().saturating_sub(SIGNATURE_CHARS.saturating_add(1));
    signed.get(..end).unwrap_or_default()
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
