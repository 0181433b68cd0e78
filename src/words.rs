//! What is looked for in every byte of a cookie.

use crate::lanes::{LANES, Lanes};

/// Where the first `byte` is, an ASCII one; the text's length where there is none.
#[inline(never)]
pub(crate) fn find(text: &[u8], byte: u8) -> usize {
    let (blocks, rest) = text.as_chunks::<LANES>();
    for (at, block) in blocks.iter().enumerate() {
        let marked = Lanes::of(block).is(byte);
        if marked.any() {
            return at.wrapping_mul(LANES).wrapping_add(marked.first());
        }
    }
    let in_rest = rest.iter().take_while(|other| **other != byte).count();
    blocks.len().wrapping_mul(LANES).wrapping_add(in_rest)
}

/// What is before and after the first `byte`, an ASCII one.
pub(crate) fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = find(text.as_bytes(), byte);
    (at < text.len()).then(|| (part(text, 0, at), part(text, at.wrapping_add(1), text.len())))
}

/// The text from `start` to `end`, which stand between characters.
#[inline(never)] // where they stand is looked at by code that need not be everywhere
pub(crate) fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// What `String.prototype.trim` leaves of `text`, which strips what `also` is as well.
#[inline(never)]
pub(crate) fn trim(text: &str, also: char) -> &str {
    let (mut start, mut end) = (text.len(), text.len());
    for (at, character) in text.char_indices() {
        if !is_js_space(character) && character != also {
            start = start.min(at);
            end = at.wrapping_add(character.len_utf8());
        }
    }
    part(text, start, end)
}

/// ECMA-262's white space and line terminators, without the tables of `char::is_whitespace`.
fn is_js_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
            | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// What comes after `prefix`. A function of its own: compiled for a known prefix, each would be longer.
#[inline(never)]
pub(crate) fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)
}

/// Bytes as the text that they are, if they are UTF-8.
#[inline(never)]
pub(crate) fn utf8(bytes: Vec<u8>) -> Option<String> {
    String::from_utf8(bytes).ok()
}

/// Bytes at the beginning of `text` that stand for themselves in a JSON string: no quotation mark, no backslash,
/// no control character. It may stop short at the end: what follows is looked at byte by byte.
pub(crate) fn plain_in_json(text: &[u8]) -> usize {
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

/// Whether every byte may stand in a cookie's value: RFC 6265 §4.1.1 `cookie-octet`, plus space and comma.
pub(crate) fn are_cookie_octets(text: &[u8]) -> bool {
    let (blocks, rest) = text.as_chunks::<LANES>();
    let allowed = |byte: &u8| matches!(byte, 0x20 | 0x21 | 0x23..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
    let sound = |block: &[u8; LANES]| {
        let block = Lanes::of(block);
        let marks = block.is(b'"').or(block.is(b';')).or(block.is(b'\\')).or(block.is(0x7f));
        !marks.or(block.below(0x20)).or(block.beyond_ascii()).any()
    };
    blocks.iter().all(sound) && rest.iter().all(allowed)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::LANES;
    use super::{are_cookie_octets, find, is_js_space, plain_in_json, trim};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn trims_as_the_library_does_but_for_what_javascript_keeps() {
        for character in '\0'..=char::MAX {
            let expected = (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}';
            assert_eq!(is_js_space(character), expected, "{character:?}");
        }
        for text in [
            "",
            "a",
            "\u{a0}",
            " \u{2003}a",
            "a\u{feff}\t",
            "\u{3000}a \u{85} é\u{205f}",
            "é",
            "\u{1680}\u{10000}\u{2028}",
            "\u{85}a",
        ] {
            assert_eq!(trim(text, ' '), text.trim_matches(is_js_space), "{text:?}");
        }
        assert_eq!(trim(" \u{85} a\u{85}", '\u{85}'), "a");
    }

    /// Each byte at each place of texts of every length, against the plainest thing that could be right.
    #[test]
    fn every_byte_at_every_place() {
        for length in 1..=35 {
            for place in 0..length {
                for byte in 0..=255u8 {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    let octet = matches!(byte, b' ' | b'!' | b'#'..=b':' | b'<'..=b'[' | b']'..=b'~');
                    assert_eq!(are_cookie_octets(&text), octet, "{byte} at {place} of {length}");
                    let found = if byte == b'a' { 0 } else { place };
                    assert_eq!(find(&text, byte), found, "{byte} at {place} of {length}");
                    let special = byte < b' ' || byte == b'"' || byte == b'\\';
                    let whole = length / LANES * LANES;
                    let plain = if special { place.min(whole) } else { whole };
                    assert_eq!(plain_in_json(&text), plain, "{byte} at {place} of {length}");
                }
            }
        }
    }
}
