//! `compact`: base64url of `{"session":<payload>,"expiresAt":<ms>,"signature":"<base64url>"}`.
//!
//! The signature is HMAC-SHA-256 over the payload's text with `"expiresAt":<ms>` as its last member. The
//! server makes that text by parsing and writing JSON again; what it minted is in that form already, so the
//! signed bytes are cut out of the cookie and nothing is parsed before they are authenticated.

use crate::cache::{
    MintRequest, Opened, decode_base64url, encode_base64url, push_base64url, push_payload, signed_by_current,
};
use crate::json::{push, push_integer};
use crate::primitives::crypto::keyring::Keys;
use crate::time::to_millis;
use crate::verdict::StaleReason;

const HEAD: &str = "{\"session\":";
const EXPIRES: &str = ",\"expiresAt\":";
const SIGNATURE: &str = ",\"signature\":\"";
const TAIL: &str = "\"}";

/// Characters of the base64url of 32 bytes, without padding.
const SIGNATURE_CHARS: usize = 43;

/// The parts of a compact cache, as they stand in its bytes.
struct Parts<'a> {
    /// The payload without its closing brace.
    payload: &'a [u8],
    /// `,"expiresAt":<digits>`.
    expires_member: &'a [u8],
    expires_digits: &'a [u8],
    signature: &'a [u8],
}

impl Parts<'_> {
    /// Returns `None` if it exceeds 64 bits.
    fn expires_at(&self) -> Option<i64> {
        std::str::from_utf8(self.expires_digits).ok()?.parse().ok()
    }
}

pub(crate) fn open(keys: &Keys, value: &str) -> Result<Opened, StaleReason> {
    use StaleReason::{CacheBadSignature, CacheMalformed};
    let bytes = decode_base64url(value).ok_or(CacheMalformed)?;
    let parts = split(&bytes).ok_or(CacheMalformed)?;
    let signature = decode_base64url(parts.signature).ok_or(CacheMalformed)?;
    let signed: [&[u8]; 3] = [parts.payload, parts.expires_member, b"}"];
    let current = signed_by_current(keys, &signed, &signature).ok_or(CacheBadSignature)?;
    let expires_at = parts.expires_at().ok_or(CacheMalformed)?;
    let length = parts.payload.len();
    let text = into_payload(bytes, length).ok_or(CacheMalformed)?;
    Ok(Opened { text, expires_at: Some(expires_at), current })
}

/// The payload of `length` bytes, and its closing brace.
fn into_payload(mut bytes: Vec<u8>, length: usize) -> Option<String> {
    bytes.truncate(HEAD.len().checked_add(length)?.checked_add(1)?);
    bytes.drain(..HEAD.len());
    String::from_utf8(bytes).ok()
}

/// Cuts the envelope apart from both ends; every byte of it has one place.
fn split(bytes: &[u8]) -> Option<Parts<'_>> {
    let rest = bytes.strip_prefix(HEAD.as_bytes())?.strip_suffix(TAIL.as_bytes())?;
    let (rest, signature) = rest.split_at_checked(rest.len().checked_sub(SIGNATURE_CHARS)?)?;
    let rest = rest.strip_suffix(SIGNATURE.as_bytes())?;
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, expires_digits) = rest.split_at_checked(rest.len().checked_sub(digits)?)?;
    let payload = before.strip_suffix(EXPIRES.as_bytes())?;
    let (_, expires_member) = rest.split_at_checked(payload.len())?;
    let payload = payload.strip_suffix(b"}")?;
    (digits > 0).then_some(Parts { payload, expires_member, expires_digits, signature })
}

pub(crate) fn mint(keys: &Keys, minting: &MintRequest<'_>) -> String {
    let mut payload = String::new();
    push_payload(&mut payload, minting);
    let mut expires_member = String::new();
    push(&mut expires_member, EXPIRES);
    push_integer(&mut expires_member, minting.now.saturating_add(to_millis(minting.max_age)));
    let signature = keys.current.sign(&[payload.as_bytes(), expires_member.as_bytes(), b"}"]);
    let mut text = String::new();
    for part in [HEAD, &payload, "}", &expires_member, SIGNATURE] {
        push(&mut text, part);
    }
    push_base64url(&mut text, &signature);
    push(&mut text, TAIL);
    encode_base64url(text.as_bytes())
}

/// The payload and window of a value, proving nothing: for tools that take a cookie apart.
#[must_use]
pub fn peek(value: &str) -> Option<(String, i64)> {
    let bytes = decode_base64url(value)?;
    let parts = split(&bytes)?;
    let expires_at = parts.expires_at()?;
    let length = parts.payload.len();
    Some((into_payload(bytes, length)?, expires_at))
}
