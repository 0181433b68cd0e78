use better_session::{MintRequest, Strategy};
use serde_json::json;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of the secret's content key, by `calculateJwkThumbprint` of jose.
const KID: &str = "umYfqeViExm_dkRG8EkX3zBAuVYn3Gm0QE6m4GbeJFY";

fn refusal(value: &str) -> &'static str {
    opening(&plain(), value, NOW)
}

fn segments(value: &str) -> [&str; 5] {
    value.split('.').collect::<Vec<_>>().try_into().expect("five segments")
}

fn with_header(header: &str) -> String {
    let value = mint(Strategy::Jwe);
    let [_, key, iv, ciphertext, tag] = segments(&value);
    [&base64url(header.as_bytes()), key, iv, ciphertext, tag].join(".")
}

#[test]
fn open_accepts_a_minted_value() {
    let opened = plain().open(&mint(Strategy::Jwe), at(NOW)).expect("opens");
    assert_eq!((opened.cache.strategy, opened.session.json.as_str()), (Strategy::Jwe, SESSION));
    assert_eq!((opened.user.json.as_str(), opened.cache.version.as_str()), (USER, "1"));
    assert_eq!((opened.cache.cached_at, opened.cache.expires_at), (at(NOW), at(NOW + 300_000)));
}

#[test]
fn mint_returns_the_servers_serialisation() {
    let value = mint(Strategy::Jwe);
    let [header, key, iv, ciphertext, tag] = segments(&value);
    let header = String::from_utf8(from_base64url(header)).expect("text");
    assert_eq!(header, format!("{{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":\"{KID}\"}}"));
    assert_eq!((key, from_base64url(iv), from_base64url(tag).len()), ("", vec![7; 16], 32));
    let text = plain().open(&value, at(NOW)).expect("opens").cache.payload;
    let claims: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(NOW / 1000), &json!(NOW / 1000 + 300)));
    assert_eq!(claims["jti"], "07070707-0707-4707-8707-070707070707");
    // PKCS #7 always pads: to the next block, or by a whole one.
    assert_eq!(from_base64url(ciphertext).len(), text.len() / 16 * 16 + 16);
}

#[test]
fn mint_with_other_random_bytes_returns_another_value_of_the_same_session() {
    let other = plain().mint(&MintRequest::new(SESSION, USER, at(NOW), [8; 32]).strategy(Strategy::Jwe));
    assert_ne!(other, mint(Strategy::Jwe));
    let cached = |value: &str| {
        let mut cached = plain().open(value, at(NOW)).expect("opens");
        cached.cache.payload.clear(); // has the `jti`
        cached
    };
    assert_eq!(cached(&other), cached(&mint(Strategy::Jwe)));
}

/// The reader allows 15 seconds; `get-session` then looks again without any.
#[test]
fn open_has_a_tolerance_and_verify_has_none() {
    let value = mint(Strategy::Jwe);
    assert_eq!(opening(&plain(), &value, NOW + 314_999), "ok");
    assert_eq!(opening(&plain(), &value, NOW + 315_000), "cache_expired");
    let header = cookies(&value);
    assert_eq!(outcome(&plain().verify(&header, at(NOW + 300_000))), "authenticated");
    assert_eq!(outcome(&plain().verify(&header, at(NOW + 300_001))), "stale cache_expired");
}

#[test]
fn open_rejects_other_algorithms() {
    let kid = format!("\"kid\":\"{KID}\"");
    for header in [
        format!("{{\"alg\":\"dir\",\"enc\":\"A256GCM\",{kid}}}"),
        format!("{{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",{kid}}}"),
        format!("{{\"alg\":\"dir\",{kid}}}"),
        format!("{{\"alg\":\"A256KW\",\"enc\":\"A256CBC-HS512\",{kid}}}"),
        format!("{{\"alg\":\"PBES2-HS512+A256KW\",\"p2c\":2147483647,\"enc\":\"A256CBC-HS512\",{kid}}}"),
        format!("{{\"enc\":\"A256CBC-HS512\",{kid}}}"),
        format!("{{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"zip\":\"DEF\",{kid}}}"),
        format!("{{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"zip\":null,{kid}}}"),
        format!("{{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"crit\":[\"exp\"],{kid}}}"),
        "{}".to_owned(),
        "[]".to_owned(),
        "not JSON".to_owned(),
    ] {
        assert_eq!(refusal(&with_header(&header)), "cache_malformed", "{header}");
    }
}

#[test]
fn open_rejects_an_unknown_kid() {
    let with_kid =
        |kid: &str| with_header(&format!("{{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"kid\":{kid}}}"));
    for kid in ["\"\"", "\"AAAA\"", "null", "1", "[]"] {
        assert_eq!(refusal(&with_kid(kid)), "unknown_key", "{kid}");
    }
    // The header is authenticated: the same key under another spelling of the header is not.
    assert_eq!(refusal(&with_kid(&format!(" \"{KID}\""))), "cache_bad_signature");
    assert_eq!(refusal(&with_header("{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\"}")), "cache_bad_signature");
}

#[test]
fn open_rejects_parts_of_another_length() {
    let value = mint(Strategy::Jwe);
    let [header, _, iv, ciphertext, tag] = segments(&value);
    let cut = |text: &str, bytes: usize| base64url(&from_base64url(text)[..bytes]);
    for (other, reason) in [
        (format!("{header}.AAAA.{iv}.{ciphertext}.{tag}"), "cache_malformed"),
        (format!("{header}..{}.{ciphertext}.{tag}", cut(iv, 15)), "cache_malformed"),
        (format!("{header}..{}.{ciphertext}.{tag}", cut(iv, 12)), "cache_malformed"),
        (format!("{header}...{ciphertext}.{tag}"), "cache_malformed"),
        (format!("{header}..{iv}.{ciphertext}.{}", cut(tag, 31)), "cache_malformed"),
        (format!("{header}..{iv}.{ciphertext}.{}", cut(tag, 16)), "cache_malformed"),
        (format!("{header}..{iv}.{ciphertext}.{tag}AA"), "cache_malformed"),
        (format!("{header}..{iv}.{ciphertext}."), "cache_malformed"),
        (format!("{header}..{iv}..{tag}"), "cache_bad_signature"),
        (format!("{header}..{iv}.{}.{tag}", cut(ciphertext, 16)), "cache_bad_signature"),
        (format!("{header}..{iv}.{}.{tag}", cut(ciphertext, 17)), "cache_bad_signature"),
        (format!("{header}..{iv}.{ciphertext}=.{tag}"), "cache_malformed"),
        (format!("{header}..{iv}.{ciphertext}.{tag}."), "cache_malformed"),
        ("....".to_owned(), "cache_malformed"),
    ] {
        assert_eq!(refusal(&other), reason, "{other}");
    }
    for length in 0..value.len() {
        assert_ne!(refusal(&value[..length]), "ok", "{length}");
    }
}

#[test]
fn open_finds_the_secret_of_the_kid() {
    let value = mint(Strategy::Jwe);
    let rotated = |accept: bool| {
        verifier(
            &json!({ "secret": OTHER_SECRET, "secrets": [{ "version": 2, "value": OTHER_SECRET }, { "version": 1, "value": SECRET }], "acceptOldSecrets": accept }),
        )
    };
    assert_eq!(opening(&rotated(false), &value, NOW), "stale_secret");
    assert_eq!(opening(&rotated(true), &value, NOW), "ok");
    assert_eq!(opening(&verifier(&json!({ "secret": OTHER_SECRET })), &value, NOW), "unknown_key");
}
