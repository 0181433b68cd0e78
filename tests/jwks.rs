//! Caches that a key set verifies: the vectors of forged and minted ones, with and without the server's secret.
#![cfg(feature = "jwks")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use better_session::{Config, KeySet, StaleReason, UnixMillis, Verdict, Verifier};
use serde_json::{Value, json};

const VERDICTS: &str = include_str!("../vectors/jwks/verdicts.json");
const MINTED: &str = include_str!("../vectors/jwks/minted.json");

fn verifier(options: &Value, with_secret: bool) -> Verifier {
    let mut options = options.clone();
    options["jwks"] = json!(true);
    if !with_secret {
        options.as_object_mut().expect("an object").remove("secret");
        options["serverSecret"] = json!(false);
    }
    Verifier::new(Config::from_json(&options.to_string()).expect("options")).expect("a verifier")
}

fn key_set(jwks: &Value, options: &Value) -> KeySet {
    let issuers: Vec<String> = match &options["issuer"] {
        Value::String(issuer) => vec![issuer.clone()],
        list => list
            .as_array()
            .expect("issuers")
            .iter()
            .map(|one| one.as_str().expect("text").to_owned())
            .collect(),
    };
    let keys = KeySet::from_json(&jwks.to_string(), issuers).expect("a key set");
    match options["audience"].as_str() {
        Some(audience) => keys.audience(audience),
        None => keys,
    }
}

/// Returns the status, the reason and the token of a verdict.
fn parts(verdict: &Verdict) -> (&'static str, Option<&'static str>, Option<&str>) {
    match verdict {
        Verdict::Authenticated(_) => ("authenticated", None, None),
        Verdict::Stale { reason, token } => ("stale", Some(reason.code()), Some(token)),
        Verdict::Unauthenticated { reason } => ("unauthenticated", Some(reason.code()), None),
    }
}

#[test]
fn verify_with_key_set_gives_each_vector_its_verdict() {
    let file: Value = serde_json::from_str(VERDICTS).expect("JSON");
    let now = UnixMillis::from_millis(file["now"].as_i64().expect("a time"));
    let cases =
        file["accept"].as_array().expect("cases").iter().chain(file["reject"].as_array().expect("cases"));
    let mut count = 0;
    for case in cases {
        let options = if case["options"].is_null() { &file["options"] } else { &case["options"] };
        let keys = key_set(if case["jwks"].is_null() { &file["jwks"] } else { &case["jwks"] }, options);
        let cookie = case["cookie"].as_str().expect("a header");
        for with_secret in [true, false] {
            let verdict = verifier(options, with_secret).verify_with_key_set(cookie, None, &keys, now);
            let expected = (
                case["status"].as_str().unwrap_or("authenticated"),
                case["reason"].as_str(),
                case["token"].as_str(),
            );
            assert_eq!(parts(&verdict), expected, "{}", case["name"]);
            if let Verdict::Authenticated(session) = verdict {
                assert_eq!(session.token_verified, with_secret);
            }
        }
        let unchecked = verifier(options, true).verify(cookie, now);
        assert!(!matches!(unchecked, Verdict::Authenticated(_)), "{}", case["name"]);
        count += 1;
    }
    assert!(count > 80, "{count}");
}

#[test]
fn verify_with_key_set_accepts_the_caches_of_real_servers() {
    let file: Value = serde_json::from_str(MINTED).expect("JSON");
    let vectors = file["vectors"].as_array().expect("vectors");
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let options = json!({ "secret": vector["secret"], "issuer": vector["issuer"] });
        let keys = key_set(&vector["jwks"], &options);
        let minted_at = vector["mintedAt"].as_i64().expect("a time");
        let cookie = vector["cookieHeader"].as_str().expect("a header");
        let judge = |keys: &KeySet, at| {
            verifier(&options, true).verify_with_key_set(cookie, None, keys, UnixMillis::from_millis(at))
        };
        let Verdict::Authenticated(session) = judge(&keys, minted_at) else { panic!("{}", vector["name"]) };
        let user: Value = serde_json::from_str(&session.user.json).expect("JSON");
        assert_eq!(user, vector["expect"]["user"]);
        assert_eq!(parts(&judge(&keys, minted_at + 301_000)).1, Some("cache_expired"));
        let none = key_set(&json!({ "keys": [] }), &options);
        assert_eq!(parts(&judge(&none, minted_at)).1, Some(StaleReason::UnknownKey.code()));
    }
}

#[test]
fn from_json_rejects_what_is_no_key_set() {
    for text in ["", "null", "[]", "{}", r#"{"keys":{}}"#, "{\"keys\":[]"] {
        assert_eq!(
            KeySet::from_json(text, ["https://app.example"]).expect_err(text).code,
            "KEY_SET_MALFORMED"
        );
    }
    let none: [&str; 0] = [];
    assert_eq!(KeySet::from_json(r#"{"keys":[]}"#, none).expect_err("no issuer").code, "ISSUER_MISSING");
}
