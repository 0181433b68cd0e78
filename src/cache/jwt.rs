//! `jwt`: a compact JWS (RFC 7515 §3.1) with HS256, keyed with the secret's own bytes.

use crate::cache::jose_header::{header_text, is, object};
use crate::cache::{
    CacheContent, KEY_SET_TYPE, Opened, decode_base64url, decode_text, encode_base64url, push_payload,
    push_segment, signed_by_current,
};
use crate::json::{push, push_integer};
use crate::keyring::Keys;
use crate::prelude::*;
use crate::primitives::bytes::split_once;
use crate::time::duration_seconds;
use crate::verdict::StaleReason;

pub(crate) fn open(keys: &Keys, value: &str) -> Result<Opened, StaleReason> {
    use StaleReason::{CacheBadSignature, CacheMalformed, UnknownKey};
    let (header, rest) = split_once(value, b'.').ok_or(CacheMalformed)?;
    let (claims, signature) = split_once(rest, b'.').ok_or(CacheMalformed)?;
    let signing_input = value.strip_suffix(signature).and_then(|rest| rest.strip_suffix('.'));
    let signing_input = signing_input.ok_or(CacheMalformed)?;
    let signature = decode_base64url(signature).ok_or(CacheMalformed)?;
    // HS256 is computed whatever the header names: the configuration determines the algorithm, not the token.
    let Some(current) = signed_by_current(keys, &[signing_input.as_bytes()], &signature) else {
        return Err(if names_key_set(header) { UnknownKey } else { CacheBadSignature });
    };
    let header = header_text(header).ok_or(CacheMalformed)?;
    let [alg, crit] = object(&header).ok_or(CacheMalformed)?.members(["alg", "crit"]);
    if !is(alg, "HS256") || crit.is_some() {
        return Err(CacheMalformed);
    }
    let text = decode_text(claims).ok_or(CacheMalformed)?;
    Ok(Opened { text, expires_at: None, current })
}

/// Returns whether a header says that the server signed the cache with a key of its key set, which is not configured here.
fn names_key_set(header: &str) -> bool {
    let header = header_text(header).unwrap_or_default();
    object(&header).is_some_and(|header| is(header.member("typ"), KEY_SET_TYPE))
}

pub(crate) fn mint(keys: &Keys, content: &CacheContent<'_>) -> String {
    let mut token = encode_base64url(b"{\"alg\":\"HS256\"}");
    let mut claims = claims(content);
    push(&mut claims, "}");
    push_segment(&mut token, claims.as_bytes());
    let signature = keys.current.sign(&[token.as_bytes()]);
    push_segment(&mut token, &signature);
    token
}

/// Returns the payload's members, then `iat` and `exp`, in the order in which the server writes them, without the closing
/// brace.
pub(super) fn claims(content: &CacheContent<'_>) -> String {
    let mut text = String::new();
    push_payload(&mut text, content);
    let issued_at = content.now.div_euclid(1000);
    push(&mut text, ",\"iat\":");
    push_integer(&mut text, issued_at);
    push(&mut text, ",\"exp\":");
    push_integer(&mut text, issued_at.saturating_add(duration_seconds(content.max_age)));
    text
}
