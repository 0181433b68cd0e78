use std::borrow::Cow;

use better_session::Secret;
use better_session::cookie::header::percent_encode;
use better_session::cookie::signed::sign;
use better_session::credential::{Credential, authorization};
use better_session::keyring::Keys;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn keys(secrets: &[&str]) -> Keys {
    Keys::new(&secrets.iter().map(|secret| Secret::new(secret)).collect::<Vec<_>>()).expect("keys")
}

fn read(header: &str) -> Credential<'_> {
    authorization(&keys(&[SECRET]), header, false)
}

fn token(text: &str) -> Credential<'_> {
    Credential::Token(Cow::Borrowed(text))
}

#[test]
fn authorization_ignores_other_schemes() {
    for header in
        ["", "Basic YTpi", "Digest a=b", "Bearerx y", "bearer.a", "Bear", "Token Bearer x", "\u{e9}"]
    {
        assert_eq!(read(header), Credential::Absent, "{header:?}");
        assert_eq!(authorization(&keys(&[SECRET]), header, true), Credential::Absent, "{header:?}");
    }
}

#[test]
fn authorization_accepts_a_token_without_a_dot() {
    for header in ["Bearer raw", "bearer raw", "BEARER  raw ", " Bearer\traw"] {
        assert_eq!(read(header), token("raw"), "{header:?}");
    }
    assert_eq!(read("Bearer"), token(""));
    assert_eq!(read("Bearer ra%2Ew"), token("ra%2Ew"), "decoded only where there is a dot");
}

#[test]
fn authorization_accepts_a_token_signed_by_any_secret() {
    let signed = sign(&keys(&[SECRET]), TOKEN);
    for text in [signed.clone(), percent_encode(&signed)] {
        assert_eq!(read(&format!("Bearer {text}")), token(TOKEN), "{text}");
    }
    let rotated = keys(&["another-secret-of-32-bytes-or-more--", SECRET]);
    assert_eq!(authorization(&rotated, &format!("Bearer {signed}"), false), token(TOKEN));
}

/// The server's decoder takes both alphabets, needs no padding, stops at the first `=` and drops spare bits; what follows
/// a second dot is not looked at.
#[test]
fn authorization_accepts_every_base64_form_of_a_mac_that_the_server_decodes() {
    let keys = keys(&[SECRET]);
    for number in 0..64 {
        let token_text = format!("token{number}");
        let signed = sign(&keys, &token_text);
        let (head, mac) = signed.rsplit_once('.').expect("a dot");
        let bare = mac.strip_suffix('=').expect("padding");
        let (start, last) = bare.split_at(42);
        let spare = char::from(last.as_bytes()[0] + 1);
        for spelling in [
            bare.to_owned(),
            bare.replace('+', "-").replace('/', "_"),
            format!("{mac}junk"),
            format!("{mac}.junk"),
            format!("{start}{spare}"),
        ] {
            // The next character may lie outside of the alphabet.
            if spelling.ends_with(['[', ':', '{']) {
                continue;
            }
            assert_eq!(read(&format!("Bearer {head}.{spelling}")), token(&token_text), "{spelling}");
        }
    }
}

#[test]
fn authorization_ignores_an_unsigned_dotted_token_unless_any_bearer_is_set() {
    let signed = sign(&keys(&["another-secret-of-32-bytes-or-more--"]), TOKEN);
    for text in [
        signed.as_str(),
        "a.b.c",
        ".",
        "a.",
        ".a",
        "a.=",
        "a.%",
        "a.\u{e9}",
        "eyJhbGciOiJIUzI1NiJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let header = format!("Bearer {text}");
        assert_eq!(read(&header), Credential::Absent, "{text}");
        assert_eq!(authorization(&keys(&[SECRET]), &header, true), Credential::Opaque, "{text}");
    }
}
