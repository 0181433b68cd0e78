//! `compact`: base64url of `{"session":<payload>,"expiresAt":<ms>,"signature":"<base64url>"}`.
//!
//! The signature is HMAC-SHA-256 over the payload's text with `"expiresAt":<ms>` as its last member. The server obtains
//! that text by parsing and serialising the JSON again. A cache that it minted already has that form, so the signed bytes
//! are sliced out of the cookie and no JSON is parsed before it is authenticated.

use crate::cache::{
    CacheContent, Opened, decode_base64url, encode_base64url, push_base64url, push_payload, signed_by_current,
};
use crate::json::{push, push_integer};
use crate::keyring::Keys;
use crate::prelude::*;
use crate::time::duration_millis;
use crate::verdict::StaleReason;

const HEAD: &str = "{\"session\":";
const EXPIRES: &str = ",\"expiresAt\":";
const SIGNATURE: &str = ",\"signature\":\"";
const TAIL: &str = "\"}";

/// The length of 32 bytes in unpadded base64url.
const SIGNATURE_CHARS: usize = 43;

/// The parts of a compact cache, borrowed from its bytes.
struct Parts<'a> {
    /// The payload without its closing brace.
    payload: &'a [u8],
    /// `,"expiresAt":<digits>`.
    expires_member: &'a [u8],
    expires_digits: &'a [u8],
    signature: &'a [u8],
}

impl Parts<'_> {
    /// Returns the window's end, or `None` if it exceeds 64 bits.
    fn expires_at(&self) -> Option<i64> {
        core::str::from_utf8(self.expires_digits).ok()?.parse().ok()
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

/// Returns the payload of `length` bytes with its closing brace.
fn into_payload(mut bytes: Vec<u8>, length: usize) -> Option<String> {
    bytes.truncate(HEAD.len().checked_add(length)?.checked_add(1)?);
    bytes.drain(..HEAD.len());
    String::from_utf8(bytes).ok()
}

/// Splits a cache from both ends, accepting one serialisation only.
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

pub(crate) fn mint(keys: &Keys, content: &CacheContent<'_>) -> String {
    let mut payload = String::new();
    push_payload(&mut payload, content);
    let mut expires_member = String::new();
    push(&mut expires_member, EXPIRES);
    push_integer(&mut expires_member, content.now.saturating_add(duration_millis(content.max_age)));
    let signature = keys.current.sign(&[payload.as_bytes(), expires_member.as_bytes(), b"}"]);
    let mut text = String::new();
    for part in [HEAD, &payload, "}", &expires_member, SIGNATURE] {
        push(&mut text, part);
    }
    push_base64url(&mut text, &signature);
    push(&mut text, TAIL);
    encode_base64url(text.as_bytes())
}

/// Returns the payload and window of a value without verifying it, for tools that explain a cookie.
#[must_use]
pub fn peek(value: &str) -> Option<(String, i64)> {
    let bytes = decode_base64url(value)?;
    let parts = split(&bytes)?;
    let expires_at = parts.expires_at()?;
    let length = parts.payload.len();
    Some((into_payload(bytes, length)?, expires_at))
}
