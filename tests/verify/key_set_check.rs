//! Caches that a key set verifies, judged with each result of the caller's check.

use std::cell::RefCell;

use better_session::Verdict;
use better_session::cache::KeySetCheck;
use serde_json::json;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A cache whose signature nobody has checked.
fn cache() -> String {
    let claims = payload(&format!(",\"version\":\"1\",\"exp\":{}", NOW / 1000 + 300));
    let header = r#"{"alg":"EdDSA","kid":"k","typ":"better-auth.session-cache+jwt"}"#;
    format!("{}.{}.c2lnbmF0dXJl", base64url(header.as_bytes()), base64url(claims.as_bytes()))
}

fn verify(value: &str, check: KeySetCheck<'_>) -> Verdict {
    verifier(&json!({ "jwks": true })).verify_checked(&cookies(value), None, check, at(NOW))
}

#[test]
fn verify_accepts_a_cache_that_the_caller_has_verified_and_no_other() {
    let (value, other) = (cache(), cache().replace("c2lnbmF0dXJl", "c2lnbmF0dXJm"));
    assert_eq!(outcome(&verify(&value, KeySetCheck::Valid(&value))), "authenticated");
    assert_eq!(outcome(&verify(&value, KeySetCheck::FromServer)), "authenticated");
    for check in [KeySetCheck::Valid(&other), KeySetCheck::Valid(""), KeySetCheck::UNCHECKED] {
        assert_eq!(outcome(&verify(&value, check)), "stale unknown_key", "{check:?}");
    }
}

#[test]
fn verify_returns_the_cache_that_it_asks_for_and_accepts_nothing() {
    let (value, asked) = (cache(), RefCell::default());
    assert_eq!(outcome(&verify(&value, KeySetCheck::Ask(&asked))), "stale unknown_key");
    assert_eq!(asked.into_inner(), value);
}

#[test]
fn verify_judges_a_deferred_cache_as_if_it_were_valid_and_returns_it() {
    let (value, deferred) = (cache(), RefCell::default());
    assert_eq!(outcome(&verify(&value, KeySetCheck::Deferred(&deferred))), "authenticated");
    assert_eq!(deferred.into_inner(), value);
}

/// Without a key set no check of the caller stands in for the secret.
#[test]
fn verify_ignores_the_check_without_a_key_set() {
    let value = cache();
    let verdict = plain().verify_checked(&cookies(&value), None, KeySetCheck::Valid(&value), at(NOW));
    assert!(matches!(verdict, Verdict::Stale { .. }), "{}", outcome(&verdict));
}
