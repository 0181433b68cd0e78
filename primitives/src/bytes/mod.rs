//! Byte search and classification over whole cookies: 16 bytes at a time with WebAssembly's SIMD, eight elsewhere.
//! Byte by byte, each of these would take a nanosecond a byte, a seventh of what verifying a cookie takes.

mod lanes;

use lanes::{LANES, Lanes};

/// Returns the position of the first `byte`.
#[inline(never)] // one copy of the search
pub fn find(text: &[u8], byte: u8) -> Option<usize> {
    memchr::memchr(byte, text)
}

/// Returns how often `byte` occurs, counting to `limit` at most.
pub fn count(text: &[u8], byte: u8, limit: usize) -> usize {
    memchr::memchr_iter(byte, text).take(limit).count()
}

/// Splits at the first `delimiter`, an ASCII byte, as `str::split_once` does.
#[inline(never)]
pub fn split_once(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(find(text.as_bytes(), delimiter)?)?;
    Some((before, rest.get(1..)?))
}

/// Returns whether JavaScript's `String.prototype.trim` removes `character`: ECMA-262 white space and line terminators.
pub fn is_js_whitespace(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}

/// Returns how many leading bytes need no escape in a JSON string: no quotation mark, no backslash and no control
/// character. Looks at whole blocks only; the caller reads what follows byte by byte.
pub fn plain_json_prefix(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<LANES>();
    for (at, block) in blocks.iter().enumerate() {
        let block = Lanes::of(block);
        let special = block.is(b'"').or(block.is(b'\\')).or(block.below(0x20));
        if special.any() {
            return at.wrapping_mul(LANES).wrapping_add(special.first());
        }
    }
    blocks.len().wrapping_mul(LANES)
}

/// Returns whether every byte may stand in a cookie's value: RFC 6265 §4.1.1 `cookie-octet`, plus space and comma.
pub fn are_cookie_octets(text: &[u8]) -> bool {
    let (blocks, rest) = text.as_chunks::<LANES>();
    let allowed = |byte: &u8| matches!(byte, 0x20 | 0x21 | 0x23..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
    let sound = |block: &[u8; LANES]| {
        let block = Lanes::of(block);
        let refused = block.is(b'"').or(block.is(b';')).or(block.is(b'\\')).or(block.is(0x7f));
        !refused.or(block.below(0x20)).or(block.beyond_ascii()).any()
    };
    blocks.iter().all(sound) && rest.iter().all(allowed)
}
