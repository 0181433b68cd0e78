//! base64 (RFC 4648 §4, padded) and base64url (§5, without padding), strict: canonical text or nothing.
//!
//! A general library weighs three times as much in WebAssembly; the tests hold this one against it.

use crate::json::push_ascii;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use simd as blocks;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod blocks {
    /// Leaves everything to who asks.
    #[allow(clippy::unnecessary_wraps)]
    pub(super) fn decode<'a, 'b>(text: &'a [u8], out: &'b mut [u8]) -> Option<(&'a [u8], &'b mut [u8])> {
        Some((text, out))
    }
}

/// Characters of base64url, and of base64, where the last two are others.
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Set in a character's value when it is in the one alphabet only, both when it is in neither.
const ONLY_URL: u8 = 0x80;
const ONLY_STANDARD: u8 = 0x40;

static VALUES: [u8; 256] = values();

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // run by the compiler, which would say so
const fn values() -> [u8; 256] {
    let mut values = [ONLY_URL | ONLY_STANDARD; 256];
    let mut value = 0u8;
    while value < 64 {
        values[URL[value as usize] as usize] = if value < 62 { value } else { value | ONLY_URL };
        value += 1;
    }
    values[STANDARD[62] as usize] = 62 | ONLY_STANDARD;
    values[STANDARD[63] as usize] = 63 | ONLY_STANDARD;
    values
}

pub(crate) fn decode_base64url(text: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    decode(text.as_ref(), ONLY_STANDARD)
}

pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let bare = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    if !text.len().is_multiple_of(4) {
        return None;
    }
    decode(bare.as_bytes(), ONLY_URL)
}

#[inline(always)] // called four times for four characters
fn value(character: u8) -> u8 {
    VALUES.get(usize::from(character)).copied().unwrap_or(ONLY_URL | ONLY_STANDARD)
}

fn decode(text: &[u8], refused: u8) -> Option<Vec<u8>> {
    let mut out = vec![0; (text.len() / 4).wrapping_add(1).wrapping_mul(3)];
    let (left, room) =
        if refused == ONLY_STANDARD { blocks::decode(text, &mut out)? } else { (text, &mut out[..]) };
    let (quads, rest) = left.as_chunks::<4>();
    let mut last = [b'A'; 4]; // stands for zeros
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut seen = 0;
    for (at, to) in room.as_chunks_mut::<3>().0.iter_mut().enumerate() {
        let [a, b, c, d] = *quads.get(at).unwrap_or(&last);
        let [a, b, c, d] = [value(a), value(b), value(c), value(d)];
        seen |= a | b | c | d;
        *to = [(a << 2) | ((b >> 4) & 3), (b << 4) | ((c >> 2) & 15), (c << 6) | (d & 63)];
    }
    let length = text.len().wrapping_mul(3) / 4;
    // Bits beyond the last whole byte must be zero, or two texts would mean the same.
    let beyond = out.iter().skip(length).fold(0, |bits, byte| bits | byte);
    out.truncate(length);
    (rest.len() != 1 && seen & refused == 0 && beyond == 0).then_some(out)
}

/// There is room for all of it from the start: it may be a secret, of which a text that grows leaves copies.
pub(crate) fn encode_base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    push_base64url(&mut text, bytes);
    text
}

pub(crate) fn push_base64url(out: &mut String, bytes: &[u8]) {
    push_in(out, URL, bytes);
}

pub(crate) fn push_base64(out: &mut String, bytes: &[u8]) {
    push_in(out, STANDARD, bytes);
    for _ in 0..padding(bytes.len()) {
        push_ascii(out, b'=');
    }
}

/// Characters that fill up the last group of four.
const fn padding(bytes: usize) -> usize {
    match bytes % 3 {
        0 => 0,
        rest => 3usize.wrapping_sub(rest),
    }
}

#[inline(never)]
fn push_in(out: &mut String, alphabet: &[u8; 64], bytes: &[u8]) {
    for group in bytes.chunks(3) {
        let mut octets = [0; 4];
        octets.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let mut bits = u32::from_be_bytes(octets);
        for _ in 0..=group.len() {
            bits = bits.rotate_left(6);
            push_ascii(out, alphabet.get((bits & 63) as usize).copied().unwrap_or_default());
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD as PADDED, URL_SAFE_NO_PAD};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// Every text of up to four of these characters: both alphabets' ends, padding, and what is in neither.
    #[test]
    fn short_texts_read_as_the_library_reads_them() {
        let characters = "AQZgwz09-_+/=.\u{e9}";
        let mut texts = vec![String::new()];
        for start in 0..4 {
            let longer: Vec<String> = texts
                .iter()
                .filter(|text| text.chars().count() == start)
                .flat_map(|text| characters.chars().map(move |character| format!("{text}{character}")))
                .collect();
            texts.extend(longer);
        }
        for text in texts.iter().flat_map(|text| [text.clone(), format!("QUJD{text}")]) {
            assert_eq!(decode_base64url(&text), URL_SAFE_NO_PAD.decode(&text).ok(), "{text}");
            assert_eq!(decode_base64(&text), PADDED.decode(&text).ok(), "{text}");
        }
    }

    /// Each byte at each place of texts that have blocks of sixteen and what is left of them.
    #[test]
    fn long_texts_read_as_the_library_reads_them() {
        let text = encode_base64url(&(0..=255).collect::<Vec<u8>>());
        for length in (0..=50).chain([text.len() - 1, text.len()]) {
            for text in [&text.as_bytes()[..length], &text.as_bytes()[text.len() - length..]] {
                assert_eq!(decode_base64url(text), URL_SAFE_NO_PAD.decode(text).ok(), "{length}");
            }
        }
        for place in 0..37 {
            for byte in 0..=255 {
                let mut text = [b'A'; 37];
                text[place] = byte;
                for text in [&text[..], &text[..36], &text[..35], &text[1..33]] {
                    assert_eq!(
                        decode_base64url(text),
                        URL_SAFE_NO_PAD.decode(text).ok(),
                        "{byte} at {place}"
                    );
                }
            }
        }
    }

    #[test]
    fn bytes_are_written_as_the_library_writes_them() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for (start, length) in (0..40).flat_map(|length| [(0, length), (201, length), (300, length)]) {
            let part = bytes.get(start..start + length).expect("within");
            assert_eq!(encode_base64url(part), URL_SAFE_NO_PAD.encode(part));
            let mut padded = String::new();
            push_base64(&mut padded, part);
            assert_eq!(padded, PADDED.encode(part));
        }
    }
}
