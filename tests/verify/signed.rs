use better_session::Secret;
use better_session::UnauthenticatedReason;
use better_session::UnauthenticatedReason::*;
use better_session::cookie::signed::{VerifiedToken, sign, verify};
use better_session::keyring::Keys;
use better_session::limits::MAX_TOKEN_BYTES;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn keys(secrets: &[&str]) -> Keys {
    Keys::new(&secrets.iter().map(|secret| Secret::new(secret)).collect::<Vec<_>>()).expect("keys")
}

fn refusal(signed: &str) -> UnauthenticatedReason {
    verify(&keys(&[SECRET]), signed).expect_err("refused")
}

/// HMAC-SHA-256 of the token under the secret by `openssl dgst -sha256 -hmac`, not by this crate.
const SIGNATURE: &str = "m7+K0AAk6G8rpI/QfbNOluWerpWkfN+ujn/Bcjiiqkw=";

#[test]
fn verify_accepts_signatures_of_another_implementation() {
    let signed = format!("{TOKEN}.{SIGNATURE}");
    assert_eq!(verify(&keys(&[SECRET]), &signed), Ok(VerifiedToken { value: TOKEN, current: true }));
    assert_eq!(sign(&keys(&[SECRET]), TOKEN), signed);
}

#[test]
fn verify_splits_at_the_last_dot() {
    let keys = keys(&[SECRET]);
    let signed = sign(&keys, "a.b.c");
    assert_eq!(verify(&keys, &signed), Ok(VerifiedToken { value: "a.b.c", current: true }));
}

#[test]
fn verify_accepts_signed_text_of_any_script() {
    let keys = keys(&[SECRET]);
    for value in ["true", ".", "é😀\u{2028}", "with space", "a=b;c"] {
        assert_eq!(verify(&keys, &sign(&keys, value)).map(|token| token.value), Ok(value));
    }
}

#[test]
fn verify_reports_whether_the_current_secret_signed() {
    let signed = sign(&keys(&[OTHER_SECRET]), TOKEN);
    assert_eq!(
        verify(&keys(&[SECRET, OTHER_SECRET]), &signed),
        Ok(VerifiedToken { value: TOKEN, current: false })
    );
    assert_eq!(
        verify(&keys(&[OTHER_SECRET, SECRET]), &signed),
        Ok(VerifiedToken { value: TOKEN, current: true })
    );
    assert_eq!(verify(&keys(&[SECRET]), &signed), Err(TokenBadSignature));
}

#[test]
fn verify_rejects_text_of_another_form() {
    let signature = &SIGNATURE[..43];
    for signed in [
        "",
        ".",
        TOKEN,
        &format!("{TOKEN}."),
        &format!(".{SIGNATURE}"),
        SIGNATURE,
        &format!("{TOKEN}.{signature}"),
        &format!("{TOKEN}.{signature}=="),
        &format!("{TOKEN}.{signature} "),
        &format!("{TOKEN}. {SIGNATURE}"),
        &format!("{TOKEN}.{SIGNATURE}."),
        &format!("{TOKEN}.{}", "*".repeat(44)),
        &format!("{TOKEN}.{}", "=".repeat(44)),
        &format!("{TOKEN}.{}", "é".repeat(22)),
        &format!("{TOKEN}.{}", "A".repeat(44)),
    ] {
        assert!(matches!(refusal(signed), TokenMalformed | TokenBadSignature), "{signed:?}");
    }
    assert_eq!(refusal(TOKEN), TokenMalformed);
    assert_eq!(refusal(&format!(".{SIGNATURE}")), TokenMalformed);
    assert_eq!(refusal(&format!("x{TOKEN}.{SIGNATURE}")), TokenBadSignature);
}

/// Base64 is taken in its one canonical form: padded, standard alphabet, no stray bits.
#[test]
fn verify_rejects_non_canonical_signatures() {
    let keys = keys(&[SECRET]);
    let (value, signed) = (0..1000)
        .map(|n| format!("token-{n}"))
        .map(|value| (value.clone(), sign(&keys, &value)))
        .find(|(_, signed)| signed.contains('/') && signed.contains('+'))
        .expect("one of a thousand");
    assert_eq!(refusal(&signed.replace('/', "_").replace('+', "-")), TokenMalformed);
    assert_eq!(verify(&keys, &signed).map(|token| token.value), Ok(value.as_str()));
    // The last character before the padding carries two bits that no byte has.
    let at = signed.len() - 2;
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for other in alphabet.chars().filter(|other| *other != signed.as_bytes()[at] as char) {
        let changed = format!("{}{other}=", &signed[..at]);
        assert!(verify(&keys, &changed).is_err(), "{changed}");
    }
}

#[test]
fn verify_rejects_a_token_over_the_limit() {
    let keys = keys(&[SECRET]);
    let longest = "t".repeat(MAX_TOKEN_BYTES - 45);
    assert!(verify(&keys, &sign(&keys, &longest)).is_ok());
    assert_eq!(verify(&keys, &sign(&keys, &format!("{longest}t"))), Err(TokenMalformed));
}
