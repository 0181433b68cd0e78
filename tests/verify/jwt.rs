use better_session::Strategy;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const HEADER: &str = "{\"alg\":\"HS256\"}";

fn refusal(value: &str) -> &'static str {
    opening(&plain(), value, NOW)
}

fn claims(members: &str) -> String {
    payload(&format!(",\"version\":\"1\",\"iat\":{}{members}", NOW / 1000))
}

fn good_claims() -> String {
    claims(&format!(",\"exp\":{}", NOW / 1000 + 300))
}

#[test]
fn open_accepts_a_minted_value() {
    let opened = plain().open(&mint(Strategy::Jwt), at(NOW)).expect("opens");
    assert_eq!((opened.cache.strategy, opened.session.json.as_str()), (Strategy::Jwt, SESSION));
    assert_eq!((opened.user.json.as_str(), opened.cache.version.as_str()), (USER, "1"));
    assert_eq!((opened.cache.cached_at, opened.cache.expires_at), (at(NOW), at(NOW + 300_000)));
}

#[test]
fn mint_returns_the_servers_serialisation() {
    assert_eq!(mint(Strategy::Jwt), forge_jwt(HEADER, &good_claims()));
}

/// RFC 7519 §4.1.4: `exp` is the first second that is too late.
#[test]
fn open_rejects_a_value_from_exp_on() {
    let value = mint(Strategy::Jwt);
    assert_eq!(opening(&plain(), &value, NOW + 299_999), "ok");
    assert_eq!(opening(&plain(), &value, NOW + 300_000), "cache_expired");
}

#[test]
fn open_rejects_a_value_before_nbf() {
    let value =
        forge_jwt(HEADER, &claims(&format!(",\"exp\":{},\"nbf\":{}", NOW / 1000 + 300, NOW / 1000 + 10)));
    assert_eq!(opening(&plain(), &value, NOW + 9_999), "cache_expired");
    assert_eq!(opening(&plain(), &value, NOW + 10_000), "ok");
}

#[test]
fn open_rejects_other_algorithms() {
    for header in [
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS512\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"hs256\"}",
        "{\"alg\":null}",
        "{\"alg\":[\"HS256\"]}",
        "{}",
        "{\"typ\":\"JWT\"}",
    ] {
        assert_eq!(refusal(&forge_jwt(header, &good_claims())), "cache_malformed", "{header}");
    }
    assert_eq!(refusal(&forge_jwt("{\"typ\":\"JWT\",\"alg\":\"HS256\"}", &good_claims())), "ok");
}

#[test]
fn open_rejects_critical_extensions() {
    for crit in ["[\"exp\"]", "[\"b64\"]", "[]", "null", "\"x\""] {
        let header = format!("{{\"alg\":\"HS256\",\"crit\":{crit}}}");
        assert_eq!(refusal(&forge_jwt(&header, &good_claims())), "cache_malformed", "{header}");
    }
}

#[test]
fn open_rejects_headers_that_are_not_objects() {
    for header in [
        "",
        "null",
        "[]",
        "\"HS256\"",
        "{\"alg\":\"HS256\"",
        "{\"alg\":\"HS256\"}x",
        "\u{feff}{\"alg\":\"HS256\"}",
    ] {
        assert_eq!(refusal(&forge_jwt(header, &good_claims())), "cache_malformed", "{header}");
    }
    let long = format!("{{\"alg\":\"HS256\",\"pad\":\"{}\"}}", "x".repeat(2048));
    assert_eq!(refusal(&forge_jwt(&long, &good_claims())), "cache_malformed");
}

#[test]
fn open_rejects_truncated_and_rearranged_segments() {
    let value = mint(Strategy::Jwt);
    for length in 0..value.len() {
        assert_ne!(refusal(&value[..length]), "ok", "{length}");
    }
    let [header, claims, signature] = value.split('.').collect::<Vec<_>>()[..] else {
        panic!("three segments")
    };
    for other in [
        format!("{header}.{claims}."),
        format!(".{claims}.{signature}"),
        format!("{header}..{signature}"),
        format!("{claims}.{header}.{signature}"),
        format!("{header}.{claims}.{signature}="),
        format!("{header}.{claims}.{signature} "),
        format!("{header}.{claims}=.{signature}"),
        format!("{header}.{claims}.{signature}.{signature}"),
        format!("{header}.{claims}"),
        "..".to_owned(),
        ".".to_owned(),
    ] {
        assert!(matches!(refusal(&other), "cache_malformed" | "cache_bad_signature"), "{other}");
    }
}

#[test]
fn open_rejects_malformed_claims() {
    for text in [
        "{}".to_owned(),
        "null".to_owned(),
        good_claims().replace('}', ""),
        claims(""), // no exp: no window
        claims(",\"exp\":\"soon\""),
        claims(",\"exp\":null"),
        claims(",\"exp\":1e400"),
        claims(",\"exp\":1800000300,\"nbf\":\"now\""),
        payload(",\"exp\":1800000300,\"iat\":\"now\""),
    ] {
        assert_eq!(refusal(&forge_jwt(HEADER, &text)), "cache_malformed", "{text}");
    }
}

#[test]
fn open_accepts_a_fractional_exp() {
    let value = forge_jwt(HEADER, &claims(",\"exp\":1800000000.5"));
    let opened = plain().open(&value, at(NOW)).expect("opens");
    assert_eq!(opened.cache.expires_at, at(NOW + 500));
}
