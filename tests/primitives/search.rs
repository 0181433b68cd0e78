//! Each against the plainest code that could be right.

use crate::bytes::{are_cookie_octets, count, find, is_js_whitespace, plain_json_prefix, split_once};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Each byte at each place of texts of every length.
#[test]
fn searches_find_every_byte_at_every_index() {
    for length in 1..=35 {
        for place in 0..length {
            for byte in 0..=255u8 {
                let mut text = vec![b'a'; length];
                text[place] = byte;
                let octet = matches!(byte, b' ' | b'!' | b'#'..=b':' | b'<'..=b'[' | b']'..=b'~');
                assert_eq!(are_cookie_octets(&text), octet, "{byte} at {place} of {length}");
                let found = if byte == b'a' { 0 } else { place };
                assert_eq!(find(&text, byte), Some(found), "{byte} at {place} of {length}");
                let special = byte < b' ' || byte == b'"' || byte == b'\\';
                let plain = plain_json_prefix(&text);
                assert!(plain <= if special { place } else { length }, "{byte} at {place} of {length}");
                // Blocks have at most 16 bytes.
                assert!(plain + 16 > if special { place.min(length / 16 * 16) } else { length });
            }
        }
    }
    assert_eq!((find(b"abc", b'd'), find(b"", b'a')), (None, None));
}

#[test]
fn split_once_and_count_equal_the_standard_library() {
    for text in ["", ".", "a.b", ".a", "a.", "é.é.é", "no dot", "a.b.c.d.e.f.g", "....."] {
        assert_eq!(split_once(text, b'.'), text.split_once('.'), "{text}");
        for limit in 0..7 {
            assert_eq!(count(text.as_bytes(), b'.', limit), text.matches('.').count().min(limit), "{text}");
        }
    }
}

/// ECMA-262 `WhiteSpace` and `LineTerminator`.
#[test]
fn is_js_whitespace_equals_the_white_space_of_ecma_262() {
    for character in '\0'..=char::MAX {
        let expected = matches!(
            character,
            '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
                | '\u{205f}' | '\u{3000}' | '\u{feff}'
        );
        assert_eq!(is_js_whitespace(character), expected, "{character:?}");
    }
}
