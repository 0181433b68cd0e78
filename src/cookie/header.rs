//! The parser of the `Cookie` request header, by the rules of Better Auth (`parseCookies` of `better-auth/cookies`): pairs
//! are separated by `;`, the first `=` separates name from value, space and tab are trimmed, and one pair of quotes is
//! removed. Characters that RFC 7230 and RFC 6265 forbid make a pair malformed.

use crate::prelude::*;
use alloc::borrow::Cow;

use crate::primitives::bytes::{are_cookie_octets, find, split_once};

/// A `name=value` pair of a header, still percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The name, trimmed of all white space that either of the server's two parsers trims.
    pub name: &'a str,
    /// The value, trimmed and unquoted.
    pub value: &'a str,
    /// The name was surrounded by space and tab only.
    strictly_named: bool,
}

impl Pair<'_> {
    /// Returns whether both of the server's parsers read this pair alike; otherwise one of them drops or changes it.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.strictly_named && is_token(self.name) && are_cookie_octets(self.value.as_bytes())
    }
}

/// Returns whether `character` is white space in JavaScript (U+FEFF) or in Unicode (U+0085).
fn is_any_whitespace(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}

/// Iterates over the pairs of `header` in order. As on the server, entries without `=` are skipped.
pub fn pairs(header: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut rest = Some(header);
    core::iter::from_fn(move || {
        loop {
            let text = rest?;
            let (entry, others) =
                split_once(text, b';').map_or((text, None), |(entry, others)| (entry, Some(others)));
            rest = others;
            if let Some((name, value)) = split_once(entry, b'=') {
                return Some(pair(trim_ows(name), trim_ows(value)));
            }
        }
    })
}

fn pair<'a>(strict: &'a str, value: &'a str) -> Pair<'a> {
    let graphic = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bare = graphic(strict.as_bytes().first()) && graphic(strict.as_bytes().last());
    let name = if bare { strict } else { strict.trim_matches(is_any_whitespace) };
    Pair { name, value: unquote(value), strictly_named: strict.len() == name.len() }
}

/// Decodes as `decodeURIComponent` does. Returns `value` unchanged where that would throw.
#[must_use]
pub fn percent_decode(value: &str) -> Cow<'_, str> {
    if find(value.as_bytes(), b'%').is_none() {
        return Cow::Borrowed(value);
    }
    decode_escapes(value).map_or(Cow::Borrowed(value), Cow::Owned)
}

/// Encodes as `encodeURIComponent` does: escapes everything but `A-Z a-z 0-9 - _ . ! ~ * ' ( )`.
#[must_use]
pub fn percent_encode(value: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(nibble)).copied().map_or('0', char::from));
            }
        }
    }
    out
}

fn decode_escapes(value: &str) -> Option<String> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((plain, escape)) = split_once(rest, b'%') {
        out.extend_from_slice(plain.as_bytes());
        let (digits, others) = escape.split_at_checked(2)?;
        let [high, low] = *digits.as_bytes() else { return None };
        let byte = (char::from(high).to_digit(16)? << 4) | char::from(low).to_digit(16)?;
        out.push(u8::try_from(byte).ok()?);
        rest = others;
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8(out).ok()
}

/// Removes optional white space (RFC 9110 §5.6.3) around `text`.
fn trim_ows(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

fn unquote(value: &str) -> &str {
    if value.len() < 2 {
        return value;
    }
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

/// Returns whether `name` is a `token` (RFC 7230 §3.2.6).
fn is_token(name: &str) -> bool {
    let allowed = |byte: u8| match byte {
        b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~' => true,
        _ => byte.is_ascii_alphanumeric(),
    };
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pair_trims_unicode_white_space_around_the_name() {
        for character in '\0'..=char::MAX {
            let name = format!("{character} a");
            let trimmed = character.is_whitespace() || character == '\u{feff}';
            assert_eq!(pair(&name, "").name, if trimmed { "a" } else { &name }, "{character:?}");
        }
    }

    #[test]
    fn is_token_accepts_exactly_the_token_characters() {
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(is_token(&char::from(byte).to_string()), expected, "{byte}");
        }
        assert!(!is_token(""));
    }
}
