//! Tests with the examples of RFC 7515 and RFC 7638. Their keys are not text, so that no secret can be one of them, and the
//! tests must call internals.

use crate::cache::decode_base64url;
use crate::cache::jwt;
use crate::json::{Raw, parse};
use crate::keyring::{Key, Keys, thumbprint};
use crate::prelude::*;
use crate::verdict::StaleReason;

const FILE: &str = include_str!("../../vectors/rfc/jose.json");

fn text(part: &str, member: &str) -> String {
    let file = parse(FILE).expect("JSON");
    file.member(part).and_then(|part| part.member(member)).and_then(Raw::string).expect("text").into_owned()
}

/// RFC 7515 appendix A.1.
#[test]
fn jwt_open_accepts_the_example_of_rfc_7515() {
    let key = decode_base64url(text("jws", "key")).expect("base64url");
    let keys = |bytes: &[u8]| Keys { current: Key::of(None, bytes).expect("keys"), older: Vec::new() };
    let token = text("jws", "token");
    let opened = jwt::open(&keys(&key), &token).expect("opens");
    assert_eq!((opened.text, opened.current), (text("jws", "claims"), true));
    let refused = |keys: &Keys, token: &str| jwt::open(keys, token).expect_err("refused");
    assert_eq!(refused(&keys(&key[1..]), &token), StaleReason::CacheBadSignature);
    assert_eq!(refused(&keys(&key), &token.replace("0eX", "0eY")), StaleReason::CacheBadSignature);
}

/// RFC 7638 §3.1.
#[test]
fn thumbprint_returns_the_example_of_rfc_7638() {
    let canonical = text("thumbprint", "canonical");
    assert_eq!(thumbprint(&[canonical.as_bytes()]), text("thumbprint", "thumbprint"));
}
