//! `jwe`: a compact JWE (RFC 7516 §3.1) with `dir` and A256CBC-HS512.
//!
//! Better Auth's reader also lists A256GCM, but its content key has 64 bytes, a length that JOSE libraries reject for GCM.
//! No server can open such a token, so it is rejected here too.

use crate::cache::jose_header::{header_text, is, object};
use crate::cache::{CacheContent, Opened, decode_base64url, encode_base64url, push_segment};
use crate::json::{push, push_hex};
use crate::keyring::{Key, Keys};
use crate::prelude::*;
use crate::primitives::bytes::split_once;
use crate::primitives::crypto::a256cbc_hs512::{IV_BYTES, TAG_BYTES};
use crate::verdict::StaleReason;

/// The parts that a key decrypts and authenticates.
struct Sealed<'a> {
    /// The protected header as received, which is the additional authenticated data.
    aad: &'a [u8],
    iv: [u8; IV_BYTES],
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

pub(crate) fn open(keys: &Keys, value: &str) -> Result<Opened, StaleReason> {
    use StaleReason::{CacheBadSignature, CacheMalformed, UnknownKey};
    let segment = |rest| split_once(rest, b'.').ok_or(CacheMalformed);
    let (header, rest) = segment(value)?;
    let rest = rest.strip_prefix('.').ok_or(CacheMalformed)?; // with `dir` the encrypted key is empty
    let (iv, rest) = segment(rest)?;
    let (ciphertext, tag) = segment(rest)?;
    let text = header_text(header).ok_or(CacheMalformed)?;
    let protected = object(&text).ok_or(CacheMalformed)?;
    let [alg, enc, zip, crit, kid] = protected.members(["alg", "enc", "zip", "crit", "kid"]);
    if !is(alg, "dir") || !is(enc, "A256CBC-HS512") || zip.is_some() || crit.is_some() {
        return Err(CacheMalformed);
    }
    let bytes = |segment: &str| decode_base64url(segment).ok_or(CacheMalformed);
    let sealed = Sealed {
        aad: header.as_bytes(),
        iv: bytes(iv)?.try_into().map_err(|_| CacheMalformed)?,
        ciphertext: bytes(ciphertext)?,
        tag: bytes(tag)?,
    };
    if sealed.tag.len() != TAG_BYTES {
        return Err(CacheMalformed);
    }
    let may_be = |key: &Key| kid.is_none_or(|kid| kid.is_string(&key.kid));
    let mut refusal = UnknownKey;
    for (key, current) in keys.all().filter(|(key, _)| may_be(key)) {
        refusal = CacheBadSignature;
        if let Some(plaintext) = key.content.open(sealed.aad, sealed.iv, &sealed.ciphertext, &sealed.tag) {
            let text = String::from_utf8(plaintext).map_err(|_| CacheMalformed)?;
            return Ok(Opened { text, expires_at: None, current });
        }
    }
    Err(refusal)
}

pub(crate) fn mint(keys: &Keys, content: &CacheContent<'_>) -> String {
    let key = &keys.current;
    let [iv, uuid] = halves(content.random);
    let mut claims = crate::cache::jwt::claims(content);
    push(&mut claims, ",\"jti\":\"");
    push_uuid_v4(&mut claims, uuid);
    push(&mut claims, "\"}");
    let mut header = String::new();
    push(&mut header, "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"");
    push(&mut header, &key.kid);
    push(&mut header, "\"}");
    let mut token = encode_base64url(header.as_bytes());
    let (ciphertext, tag) = key.content.seal(token.as_bytes(), iv, claims.as_bytes());
    for segment in [&[], &iv[..], &ciphertext, &tag] {
        push_segment(&mut token, segment);
    }
    token
}

fn halves(random: [u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    halves.as_flattened_mut().copy_from_slice(&random);
    halves
}

/// Appends a UUID of version 4 (RFC 9562 §5.4).
fn push_uuid_v4(out: &mut String, random: [u8; 16]) {
    for (at, byte) in random.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            push(out, "-");
        }
        let byte = match at {
            6 => (byte & 0x0f) | 0x40,
            8 => (byte & 0x3f) | 0x80,
            _ => byte,
        };
        push_hex(out, byte);
    }
}
