//! The `Cookie` request header, by Better Auth's rules (`parseCookies` of `better-auth/cookies`): split on
//! `;`, the first `=` splits name from value, only space and tab are trimmed, one pair of quotes is
//! stripped, what RFC 7230 and RFC 6265 forbid is not well formed.

use std::borrow::Cow;

use crate::words::{are_cookie_octets, find, trim, utf8};

/// One `name=value` of a header, still percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The name, trimmed of every white space that any of the server's two parsers trims.
    pub name: &'a str,
    /// The value, trimmed and unquoted.
    pub value: &'a str,
    /// Only space and tab stood around the name.
    strictly_named: bool,
}

impl Pair<'_> {
    /// Whether both of the server's parsers read this pair alike; else one of them drops or changes it.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        self.strictly_named && is_token(self.name) && are_cookie_octets(self.value.as_bytes())
    }
}

/// White space to Unicode but not to JavaScript: looking alike is enough to be suspicious.
const NEXT_LINE: char = '\u{85}';

/// The pairs of `header`, in order; entries without `=` are passed over, as the server does.
pub fn pairs(header: &str) -> impl Iterator<Item = Pair<'_>> {
    let mut next = 0usize;
    std::iter::from_fn(move || {
        loop {
            let start = next;
            let rest = header.as_bytes().get(start..)?;
            let entry = rest.get(..find(rest, b';'))?;
            let end = start.wrapping_add(entry.len());
            next = end.wrapping_add(1);
            let equals = start.wrapping_add(find(entry, b'='));
            if equals < end {
                let name = trimmed(header, start, equals);
                return Some(pair(name, trimmed(header, equals.wrapping_add(1), end)));
            }
        }
    })
}

fn pair<'a>(strict: &'a str, value: &'a str) -> Pair<'a> {
    let graphic = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bare = graphic(strict.as_bytes().first()) && graphic(strict.as_bytes().last());
    let name = if bare { strict } else { trim(strict, NEXT_LINE) };
    Pair { name, value: unquote(value), strictly_named: strict.len() == name.len() }
}

/// `decodeURIComponent`, and the text as it stands where that would throw.
#[must_use]
pub fn percent_decode(value: &str) -> Cow<'_, str> {
    if find(value.as_bytes(), b'%') == value.len() {
        return Cow::Borrowed(value);
    }
    decode_escapes(value).map_or(Cow::Borrowed(value), Cow::Owned)
}

/// `encodeURIComponent`: everything but `A-Z a-z 0-9 - _ . ! ~ * ' ( )` is escaped.
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
    let mut out = value.as_bytes().to_vec();
    let mut bytes = value.bytes();
    let mut length = 0usize;
    while let Some(mut byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            byte = u8::try_from((high << 4) | low).ok()?;
        }
        *out.get_mut(length)? = byte;
        length = length.wrapping_add(1);
    }
    out.truncate(length);
    utf8(out)
}

/// The text from `start` to `end` without optional white space (RFC 9110 §5.6.3) around it.
fn trimmed(text: &str, mut start: usize, mut end: usize) -> &str {
    let space = |at: usize| matches!(text.as_bytes().get(at), Some(b' ' | b'\t'));
    while start < end && space(start) {
        start = start.wrapping_add(1);
    }
    while start < end && space(end.wrapping_sub(1)) {
        end = end.wrapping_sub(1);
    }
    text.get(start..end).unwrap_or_default()
}

fn unquote(value: &str) -> &str {
    if value.len() < 2 {
        return value;
    }
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

/// RFC 7230 §3.2.6 `token`.
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
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn names_are_trimmed_of_all_of_unicodes_white_space() {
        for character in '\0'..=char::MAX {
            let name = format!("{character} a");
            let trimmed = character.is_whitespace() || character == '\u{feff}';
            assert_eq!(pair(&name, "").name, if trimmed { "a" } else { &name }, "{character:?}");
        }
        for text in ["", "a", " ", " \ta", "a\t", " a \u{a0} ", "é "] {
            assert_eq!(trimmed(text, 0, text.len()), text.trim_matches([' ', '\t']), "{text:?}");
        }
    }

    #[test]
    fn characters_of_a_token() {
        for byte in 0..=u8::MAX {
            let expected = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            assert_eq!(is_token(&char::from(byte).to_string()), expected, "{byte}");
        }
        assert!(!is_token(""));
    }
}
