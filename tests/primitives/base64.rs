//! One spelling for each sequence of bytes.

use crate::encoding::{decode_base64, decode_base64url, encode_base64url, push_base64, push_base64url};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn padded(bytes: &[u8]) -> String {
    let mut text = String::new();
    push_base64(&mut text, bytes);
    text
}

/// RFC 4648 §10.
#[test]
fn base64_equals_the_examples_of_rfc_4648() {
    let pairs = [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
    ];
    for (bytes, text) in pairs {
        assert_eq!(padded(bytes.as_bytes()), text);
        assert_eq!(decode_base64(text).as_deref(), Some(bytes.as_bytes()));
        let bare = text.trim_end_matches('=');
        assert_eq!(encode_base64url(bytes.as_bytes()), bare);
        assert_eq!(decode_base64url(bare).as_deref(), Some(bytes.as_bytes()));
    }
    assert_eq!(
        (padded(&[0xfb, 0xff]), encode_base64url(&[0xfb, 0xff])),
        ("+/8=".to_owned(), "-_8".to_owned())
    );
}

#[test]
fn decode_rejects_non_canonical_text() {
    let not_url = [
        "Zg=", "Zg==", "Zm8=", "Zh", "Zm9", "Z", "Zm9vZ", "+w", "/w", "Zm 9v", "Zm9v\n", " Zm9v", "Zg=g", "=",
    ];
    for text in not_url {
        assert_eq!(decode_base64url(text), None, "{text:?}");
    }
    let not_standard = [
        "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "-w==", "_w==", "Zm9vZg", "Zm9v====", "Zm9v\n", "=Zm9",
        "Zg=g", "====", "Z===", "Zg==Zg==",
    ];
    for text in not_standard {
        assert_eq!(decode_base64(text), None, "{text:?}");
    }
}

/// Every text of up to four of these characters, also after a whole group: it is refused, or it is the one spelling of
/// what it decodes to.
#[test]
fn encode_inverts_decode() {
    let characters = "AQZgwz09-_+/=.\u{e9}";
    let mut texts = vec![String::new()];
    for length in 0..4 {
        let longer: Vec<String> = texts
            .iter()
            .filter(|text| text.chars().count() == length)
            .flat_map(|text| characters.chars().map(move |character| format!("{text}{character}")))
            .collect();
        texts.extend(longer);
    }
    let (mut url, mut standard) = (0, 0);
    for text in texts.iter().flat_map(|text| [text.clone(), format!("QUJD{text}")]) {
        if let Some(bytes) = decode_base64url(&text) {
            assert_eq!(encode_base64url(&bytes), text);
            url += 1;
        }
        if let Some(bytes) = decode_base64(&text) {
            assert_eq!(padded(&bytes), text);
            standard += 1;
        }
    }
    // A group of two ends in a character whose last four bits are zero, one of three in one whose last two are; a group
    // of four in any of the ten characters that each alphabet has of these.
    let ends = |mask: usize| characters.bytes().filter(|byte| ends_with_zeros(*byte, mask)).count();
    let groups = 10 * ends(15) + 100 * ends(3) + 10_000;
    assert_eq!((url, standard), (2 * (1 + groups), 2 * (1 + groups)));
}

fn ends_with_zeros(character: u8, mask: usize) -> bool {
    URL.iter().position(|other| *other == character).is_some_and(|value| value & mask == 0)
}

/// Each byte at each place of texts of several groups.
#[test]
fn decode_accepts_exactly_the_alphabet() {
    for place in 0..36 {
        for byte in 0..=255u8 {
            let mut text = [b'A'; 37];
            text[place] = byte;
            assert_eq!(decode_base64url(&text[..36]).is_some(), URL.contains(&byte), "{byte} at {place}");
            assert_eq!(decode_base64url(text), None, "a last character alone");
            let Ok(text) = std::str::from_utf8(&text[..36]) else { continue };
            let standard =
                byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') || (byte == b'=' && place == 35);
            assert_eq!(decode_base64(text).is_some(), standard, "{byte} at {place}");
        }
    }
}

#[test]
fn decode_inverts_encode_for_every_length() {
    let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
    for (start, length) in (0..70).flat_map(|length| [(0, length), (201, length), (300, length)]) {
        let part = &bytes[start..start + length];
        let text = encode_base64url(part);
        assert_eq!(text.len(), (length * 4).div_ceil(3));
        assert_eq!(decode_base64url(&text).as_deref(), Some(part));
        assert_eq!(decode_base64(&padded(part)).as_deref(), Some(part));
        let mut appended = String::from("é");
        push_base64url(&mut appended, part);
        assert_eq!(appended, format!("é{text}"));
    }
}
