//! Eight bytes at a time: the loops that see every byte of a cookie, in plain integers. Compiled for size, a loop
//! over bytes takes a nanosecond for each.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How often `byte`, an ASCII one, is in `text`.
pub(crate) fn count(text: &[u8], byte: u8) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    let in_words =
        words.iter().map(|word| zeros(u64::from_le_bytes(*word) ^ each(byte)).count_ones() as usize);
    in_words.sum::<usize>().saturating_add(rest.iter().filter(|other| **other == byte).count())
}

/// Bytes at the beginning of `text` that stand for themselves in a JSON string: no quotation mark, no backslash,
/// no control character. A multiple of eight: what follows is looked at byte by byte.
pub(crate) fn plain_in_json(text: &[u8]) -> usize {
    let special = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        zeros(word ^ each(b'"')) | zeros(word ^ each(b'\\')) | below(word, 0x20) != 0
    };
    let (words, _) = text.as_chunks::<8>();
    words.iter().position(special).unwrap_or(words.len()).saturating_mul(8)
}

/// Whether every byte may stand in a cookie's value: RFC 6265 §4.1.1 `cookie-octet`, plus space and comma.
pub(crate) fn are_cookie_octets(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks::<8>();
    let allowed = |byte: &u8| matches!(byte, 0x20 | 0x21 | 0x23..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e);
    let forbidden = words.iter().fold(0, |seen, word| {
        let word = u64::from_le_bytes(*word);
        let marks = zeros(word ^ each(b'"')) | zeros(word ^ each(b';')) | zeros(word ^ each(b'\\'));
        seen | (word & HIGH) | below(word, 0x20) | marks | zeros(word ^ each(0x7f))
    });
    forbidden == 0 && rest.iter().all(allowed)
}

/// Eight times the same byte.
const fn each(byte: u8) -> u64 {
    ONES.wrapping_mul(byte as u64)
}

/// The high bit of every byte that is zero, and no other bit.
const fn zeros(word: u64) -> u64 {
    !((word & !HIGH).wrapping_add(!HIGH) | word | !HIGH)
}

/// The high bit of every byte that is below `least`, which is at most 0x80.
const fn below(word: u64, least: u8) -> u64 {
    !((word & !HIGH).wrapping_add(HIGH.wrapping_sub(each(least))) | word) & HIGH
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::{are_cookie_octets, count, plain_in_json};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Each byte at each place of texts of every length, against the plainest thing that could be right.
    #[test]
    fn every_byte_at_every_place() {
        for length in 1..=17 {
            for place in 0..length {
                for byte in 0..=255u8 {
                    let mut text = vec![b'a'; length];
                    text[place] = byte;
                    let octet = matches!(byte, b' ' | b'!' | b'#'..=b':' | b'<'..=b'[' | b']'..=b'~');
                    assert_eq!(are_cookie_octets(&text), octet, "{byte} at {place} of {length}");
                    assert_eq!(
                        count(&text, b'.'),
                        usize::from(byte == b'.'),
                        "{byte} at {place} of {length}"
                    );
                    let special = byte < b' ' || byte == b'"' || byte == b'\\';
                    let plain = if special { place / 8 * 8 } else { length / 8 * 8 };
                    assert_eq!(
                        plain_in_json(&text),
                        plain.min(length / 8 * 8),
                        "{byte} at {place} of {length}"
                    );
                }
            }
        }
        assert_eq!((count(b"........................", b'.'), count(b"", b'.')), (24, 0));
    }
}
