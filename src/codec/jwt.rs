//! `jwt`: a compact JWS (RFC 7515 §3.1) with HS256, keyed with the secret's own bytes.

use super::jose::{header_text, is_plain};
use super::{Minting, Opened, decode_base64url, encode_base64url, payload_members};
use crate::json::{parse, push_integer};
use crate::keys::Keys;
use crate::verdict::StaleReason;

pub(crate) fn open(keys: &Keys, value: &str) -> Result<Opened, StaleReason> {
    use StaleReason::{CacheBadSignature, CacheMalformed};
    let (signing_input, signature) = value.rsplit_once('.').ok_or(CacheMalformed)?;
    let (header, claims) = signing_input.split_once('.').ok_or(CacheMalformed)?;
    let signature = decode_base64url(signature).ok_or(CacheMalformed)?;
    // HS256 is what is configured, so HS256 is what is computed, whatever the header says.
    let by = keys.all().find(|(key, _)| key.verifies(&[signing_input.as_bytes()], &signature));
    let (_, current) = by.ok_or(CacheBadSignature)?;
    let header = header_text(header).ok_or(CacheMalformed)?;
    if !parse(&header).is_ok_and(|header| is_plain(header, "HS256")) {
        return Err(CacheMalformed);
    }
    let claims = decode_base64url(claims).and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(Opened { text: claims.ok_or(CacheMalformed)?, expires_at: None, current })
}

pub(crate) fn mint(keys: &Keys, minting: &Minting<'_>) -> String {
    let header = encode_base64url(b"{\"alg\":\"HS256\"}");
    let claims = encode_base64url(claims(minting, None).as_bytes());
    let signing_input = [header.as_str(), ".", &claims].concat();
    let signature = encode_base64url(&keys.current.sign(&[signing_input.as_bytes()]));
    [signing_input.as_str(), ".", &signature].concat()
}

/// The payload's members, then `iat`, `exp` and, for JWE, `jti`, in the order in which the server writes them.
pub(super) fn claims(minting: &Minting<'_>, jti: Option<&str>) -> String {
    let mut text = payload_members(minting);
    let issued_at = minting.now.div_euclid(1000);
    text.push_str(",\"iat\":");
    push_integer(&mut text, issued_at);
    text.push_str(",\"exp\":");
    push_integer(&mut text, issued_at.saturating_add(minting.max_age));
    if let Some(jti) = jti {
        text.push_str(",\"jti\":\"");
        text.push_str(jti);
        text.push('"');
    }
    text.push('}');
    text
}
