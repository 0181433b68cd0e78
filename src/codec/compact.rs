//! `compact`: base64url of `{"session":<payload>,"expiresAt":<ms>,"signature":"<base64url>"}`.
//!
//! The signature is HMAC-SHA-256 over the payload's text with `"expiresAt":<ms>` as its last member. The
//! server makes that text by parsing and writing JSON again; what it minted is in that form already, so the
//! signed bytes are cut out of the cookie and nothing is parsed before they are authenticated.

use super::{Minting, Opened, decode_base64url, encode_base64url, payload_members};
use crate::json::push_integer;
use crate::keys::Keys;
use crate::verdict::StaleReason;

const HEAD: &[u8] = b"{\"session\":";
const EXPIRES: &[u8] = b",\"expiresAt\":";
const SIGNATURE: &[u8] = b",\"signature\":\"";
const TAIL: &[u8] = b"\"}";

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
    /// Nothing when it is beyond any number.
    fn expires_at(&self) -> Option<i64> {
        let mut digits = self.expires_digits.iter();
        digits.try_fold(0i64, |sum, digit| sum.checked_mul(10)?.checked_add(i64::from(digit & 15)))
    }
}

pub(crate) fn open(keys: &Keys, value: &str) -> Result<Opened, StaleReason> {
    use StaleReason::{CacheBadSignature, CacheMalformed};
    let mut bytes = decode_base64url(value).ok_or(CacheMalformed)?;
    let parts = split(&bytes).ok_or(CacheMalformed)?;
    let signature = decode_base64url(parts.signature).ok_or(CacheMalformed)?;
    let signed: [&[u8]; 3] = [parts.payload, parts.expires_member, b"}"];
    let by = keys.all().find(|(key, _)| key.verifies(&signed, &signature));
    let (_, current) = by.ok_or(CacheBadSignature)?;
    let expires_at = parts.expires_at();
    let end = HEAD.len().saturating_add(parts.payload.len()).saturating_add(1);
    bytes.truncate(end);
    bytes.drain(..HEAD.len());
    let text = String::from_utf8(bytes).map_err(|_| CacheMalformed)?;
    Ok(Opened { text, expires_at: Some(expires_at.ok_or(CacheMalformed)?), current })
}

/// Cuts the envelope apart from both ends; every byte of it has one place.
fn split(bytes: &[u8]) -> Option<Parts<'_>> {
    let rest = bytes.strip_prefix(HEAD)?.strip_suffix(TAIL)?;
    let (rest, signature) = rest.split_at_checked(rest.len().checked_sub(SIGNATURE_CHARS)?)?;
    let rest = rest.strip_suffix(SIGNATURE)?;
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, expires_digits) = rest.split_at_checked(rest.len().checked_sub(digits)?)?;
    let payload = before.strip_suffix(EXPIRES)?;
    let (_, expires_member) = rest.split_at_checked(payload.len())?;
    let payload = payload.strip_suffix(b"}")?;
    (digits > 0).then_some(Parts { payload, expires_member, expires_digits, signature })
}

pub(crate) fn mint(keys: &Keys, minting: &Minting<'_>) -> String {
    let payload = payload_members(minting);
    let mut expires_at = String::new();
    push_integer(&mut expires_at, minting.now.saturating_add(minting.max_age.saturating_mul(1000)));
    let signed: [&[u8]; 4] = [payload.as_bytes(), EXPIRES, expires_at.as_bytes(), b"}"];
    let signature = encode_base64url(&keys.current.sign(&signed));
    let parts: [&[u8]; 8] = [
        HEAD,
        payload.as_bytes(),
        b"}",
        EXPIRES,
        expires_at.as_bytes(),
        SIGNATURE,
        signature.as_bytes(),
        TAIL,
    ];
    encode_base64url(&parts.concat())
}

/// The payload and window of a value, proving nothing: for tools that take a cookie apart.
#[must_use]
pub fn peek(value: &str) -> Option<(String, i64)> {
    let bytes = decode_base64url(value)?;
    let parts = split(&bytes)?;
    let expires_at = parts.expires_at()?;
    let payload = [parts.payload, b"}"].concat();
    Some((String::from_utf8(payload).ok()?, expires_at))
}
