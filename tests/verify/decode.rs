use better_session::Strategy;
use better_session::cache::decode::decode;
use better_session::limits::{MAX_HEADER_BYTES, MAX_JOSE_HEADER_BYTES};
use better_session::time::MAX_DATE;
use serde_json::{Value, json};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn decoded(value: &str) -> Value {
    serde_json::from_str(&better_session_protocol::verdict::decoded(decode(value).as_ref())).expect("JSON")
}

#[test]
fn decode_reads_all_strategies() {
    let session: Value = serde_json::from_str(SESSION).expect("JSON");
    let compact = decoded(&mint(Strategy::Compact));
    assert_eq!(
        (&compact["strategy"], &compact["header"], &compact["cacheExpiresAt"]),
        (&json!("compact"), &Value::Null, &json!(NOW + 300_000))
    );
    assert_eq!(compact["payload"]["session"], session);
    let jwt = decoded(&mint(Strategy::Jwt));
    assert_eq!(
        (&jwt["strategy"], &jwt["header"], &jwt["cacheExpiresAt"]),
        (&json!("jwt"), &json!({ "alg": "HS256" }), &json!(NOW + 300_000))
    );
    assert_eq!(jwt["payload"]["session"], session);
    let jwe = decoded(&mint(Strategy::Jwe));
    assert_eq!(
        (&jwe["strategy"], &jwe["payload"], &jwe["cacheExpiresAt"]),
        (&json!("jwe"), &Value::Null, &Value::Null)
    );
    assert_eq!(jwe["header"]["enc"], "A256CBC-HS512");
}

#[test]
fn decode_ignores_the_signature() {
    let value = mint(Strategy::Jwt);
    let (input, _) = value.rsplit_once('.').expect("a signature");
    assert_eq!(decoded(&format!("{input}.AAAA"))["payload"]["user"]["name"], "Ada");
    assert_eq!(
        decoded("e30.bm90IEpTT04.x"),
        json!({ "strategy": "jwt", "header": {}, "payload": null, "cacheExpiresAt": null })
    );
}

#[test]
fn decode_returns_null_for_malformed_values() {
    for value in [
        "",
        ".",
        "..",
        "...",
        "....",
        ".....",
        "a",
        "a.b.c",
        "a.b.c.d.e",
        "e30",
        "{}",
        "é",
        " ",
        &"A".repeat(MAX_HEADER_BYTES + 1),
    ] {
        assert_eq!(decoded(value), Value::Null, "{value:.20}");
    }
}

#[test]
fn decode_clamps_instants_to_a_date() {
    assert_eq!(decoded(&forge_compact(&payload(""), "9000000000000000000"))["cacheExpiresAt"], MAX_DATE);
    assert_eq!(decoded(&forge_jwt("{}", "{\"exp\":1e300}"))["cacheExpiresAt"], MAX_DATE);
    assert_eq!(decoded(&forge_jwt("{}", "{\"exp\":\"x\"}"))["cacheExpiresAt"], Value::Null);
}

#[test]
fn of_shape_counts_the_dots() {
    for (value, strategy) in [
        ("", None),
        ("a", Some(Strategy::Compact)),
        ("a.b", None),
        ("a.b.c", Some(Strategy::Jwt)),
        ("a.b.c.d", None),
        ("a.b.c.d.e", Some(Strategy::Jwe)),
        ("a.b.c.d.e.f", None),
        ("a.b.c.d.e.f.g", None),
    ] {
        assert_eq!(Strategy::of_shape(value), strategy, "{value:?}");
    }
}

#[test]
fn from_str_reads_the_names_of_strategies() {
    for (name, strategy) in [
        ("compact", Strategy::Compact),
        ("base64-hmac", Strategy::Compact),
        ("jwt", Strategy::Jwt),
        ("jwe", Strategy::Jwe),
    ] {
        assert_eq!(name.parse(), Ok(strategy));
    }
    let error = "rot13".parse::<Strategy>().expect_err("no strategy");
    assert!(error.to_string().contains("compact"), "{error}");
}

/// A value and a header are decoded up to their bounds, which include the last byte.
#[test]
fn decode_is_bounded() {
    let compact = |filler: usize| forge_compact(&payload(&format!(",\"x\":\"{}\"", "x".repeat(filler))), "1");
    let exact = (97_000..98_000).find(|filler| compact(*filler).len() == MAX_HEADER_BYTES).expect("a length");
    assert!(decode(&compact(exact)).is_some());
    assert!(decode(&compact(exact + 1)).is_none());
    assert!(decode(&compact(exact + 300)).is_none());
    let jwt = |bytes: usize| {
        let header = format!("{{\"x\":\"{}\"}}", "x".repeat(bytes - 8));
        format!("{}.e30.c2ln", base64url(header.as_bytes()))
    };
    assert!(decode(&jwt(MAX_JOSE_HEADER_BYTES / 4 * 3)).is_some());
    assert!(decode(&jwt(MAX_JOSE_HEADER_BYTES / 4 * 3 + 1)).is_none());
}
