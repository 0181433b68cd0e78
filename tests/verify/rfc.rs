//! The examples of RFC 7515, 7516, 7518 and 7519. Those whose keys are not text are in `src/cache/rfc.rs`.
//!
//! The others of the appendices (RS256, ES256 and JSON serialisations in RFC 7515; RSA1_5 in RFC 7516; nested and
//! encrypted tokens in RFC 7519) have algorithms and forms that cannot be configured; the rejected ones here represent them.

use better_session::cache::decode::decode;
use better_session::primitives::crypto::a256cbc_hs512::ContentKey;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::*;

const FILE: &str = include_str!("../../vectors/rfc/jose.json");

#[test]
fn decode_reads_the_example_of_rfc_7519() {
    let file = vectors(FILE);
    let decoded = decode(text(&file["jws"], "token")).expect("a token");
    assert_eq!(
        (decoded.strategy.name(), decoded.cache_expires_at),
        ("jwt", file["jws"]["exp"].as_i64().map(at))
    );
    assert_eq!(decoded.header.as_deref(), Some(text(&file["jws"], "header")));
    assert_eq!(decoded.payload.as_deref(), Some(text(&file["jws"], "claims")));
}

#[test]
fn open_rejects_the_examples_of_other_algorithms() {
    let file = vectors(FILE);
    for case in cases(&file, "refused") {
        let decoded = decode(text(case, "token")).expect("a token");
        assert_eq!(decoded.strategy.name(), text(case, "strategy"), "{case}");
        assert_eq!(decoded.header.as_deref(), Some(text(case, "header")), "{case}");
        assert_eq!(opening(&plain(), text(case, "token"), 1_300_000_000_000), text(case, "reason"), "{case}");
    }
}

/// RFC 7518 appendix B.3.
#[test]
fn a256cbc_hs512_encrypts_and_decrypts_the_example_of_rfc_7518() {
    let file = vectors(FILE);
    let case = &file["a256cbc_hs512"];
    let bytes = |name: &str| {
        let digits = text(case, name).as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect::<Vec<_>>()
    };
    let key = ContentKey::new(&bytes("key").try_into().expect("64 bytes")).expect("a key");
    let iv: [u8; 16] = bytes("iv").try_into().expect("16 bytes");
    let (aad, plaintext) = (text(case, "aad").as_bytes(), text(case, "plaintext").as_bytes());
    let (ciphertext, tag) = key.seal(aad, iv, plaintext);
    assert_eq!((&ciphertext, tag.to_vec()), (&bytes("ciphertext"), bytes("tag")));
    assert_eq!(key.open(aad, iv, &ciphertext, &tag).as_deref(), Some(plaintext));
    for length in 0..32 {
        assert_eq!(key.open(aad, iv, &ciphertext, &tag[..length]), None, "a tag of {length} bytes");
    }
    assert_eq!(format!("{key:?}"), "ContentKey { .. }");
}
