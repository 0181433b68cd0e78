//! Credentials beside the cookies of a request: an `Authorization` header or an API key. With one, only the server can
//! determine whose request it is.

use crate::prelude::*;
use alloc::borrow::Cow;

use crate::cache::{decode_base64url, signed_by_current};
use crate::cookie::header::percent_decode;
use crate::keyring::Keys;
use crate::primitives::bytes::split_once;

/// The credential of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Credential<'a> {
    /// No credential that the server acts on: the cookies decide.
    #[default]
    Absent,
    /// The session token in an `Authorization` header. The server takes it, or ignores it and reads the cookies.
    Token(Cow<'a, str>),
    /// A credential whose session token only the server knows, such as an API key.
    Opaque,
}

/// The length of an HMAC-SHA-256 in unpadded base64.
const MAC_CHARS: usize = 43;

/// Reads an `Authorization` header by the rules of Better Auth's bearer plugin. A scheme other than Bearer counts as
/// absent, and so does a dotted token that no secret signed, unless `any_bearer` is set. Without the server's `keys` only the
/// server can read a dotted token.
#[must_use]
pub fn authorization<'a, 'k>(
    keys: impl Into<Option<&'k Keys>>,
    header: &'a str,
    any_bearer: bool,
) -> Credential<'a> {
    let Some(text) = bearer(header) else { return Credential::Absent };
    if !text.contains('.') {
        // The server signs it itself.
        return Credential::Token(Cow::Borrowed(text));
    }
    let Some(keys) = keys.into() else { return Credential::Opaque };
    match signed_token(keys, &percent_decode(text)) {
        Some(token) => Credential::Token(Cow::Owned(token)),
        None if any_bearer => Credential::Opaque,
        None => Credential::Absent,
    }
}

/// Returns the text after the Bearer scheme, or `None` for another scheme.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, rest) = header.trim_start().split_at_checked("bearer".len())?;
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (scheme.eq_ignore_ascii_case("bearer") && ends).then(|| rest.trim())
}

/// Returns the token of `token.mac`, ignoring a second dot and the text after it. As lenient as the server: accepts base64
/// of both alphabets, with and without padding and spare bits.
fn signed_token(keys: &Keys, text: &str) -> Option<String> {
    let before = |text, delimiter| split_once(text, delimiter).map_or(text, |(before, _)| before);
    let (token, mac) = split_once(text, b'.')?;
    let mac = decode_base64url(canonical(before(before(mac, b'.'), b'='))?)?;
    signed_by_current(keys, &[token.as_bytes()], &mac).map(|_| token.to_owned())
}

/// Returns a MAC's base64url in its canonical form: the last character carries two spare bits.
fn canonical(mac: &str) -> Option<[u8; MAC_CHARS]> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = <[u8; MAC_CHARS]>::try_from(mac.as_bytes()).ok()?;
    for byte in &mut text {
        *byte = match *byte {
            b'+' => b'-',
            b'/' => b'_',
            other => other,
        };
    }
    let last = text.last_mut()?;
    *last = *ALPHABET.chunks(4).find(|group| group.contains(last))?.first()?;
    Some(text)
}
