use better_session::Strategy;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn refusal(value: &str) -> &'static str {
    opening(&plain(), value, NOW)
}

/// The decoded text of a good cache, changed by `change` and encoded again.
fn changed(change: impl Fn(&str) -> String) -> String {
    let text = String::from_utf8(from_base64url(&mint(Strategy::Compact))).expect("text");
    let after = change(&text);
    assert_ne!(after, text, "the change changes something");
    base64url(after.as_bytes())
}

#[test]
fn open_accepts_a_minted_value() {
    let opened = plain().open(&mint(Strategy::Compact), at(NOW)).expect("opens");
    assert_eq!((opened.cache.strategy, opened.session.json.as_str()), (Strategy::Compact, SESSION));
    assert_eq!((opened.user.json.as_str(), opened.cache.version.as_str()), (USER, "1"));
    assert_eq!((opened.cache.cached_at, opened.cache.expires_at), (at(NOW), at(NOW + 300_000)));
}

/// Another implementation of HMAC (`node:crypto`) signs the same bytes to the same text.
#[test]
fn mint_returns_the_servers_serialisation() {
    let text = String::from_utf8(from_base64url(&mint(Strategy::Compact))).expect("text");
    let payload = format!("{{\"session\":{SESSION},\"user\":{USER},\"updatedAt\":{NOW},\"version\":\"1\"}}");
    let head = format!("{{\"session\":{payload},\"expiresAt\":{},\"signature\":\"", NOW + 300_000);
    assert!(text.starts_with(&head));
    assert_eq!(text.len(), head.len() + 43 + 2);
    assert_eq!(mint(Strategy::Compact), forge_compact(&payload, &(NOW + 300_000).to_string()));
}

#[test]
fn open_accepts_the_last_millisecond_of_the_window() {
    let value = mint(Strategy::Compact);
    assert_eq!(opening(&plain(), &value, NOW + 300_000), "ok");
    assert_eq!(opening(&plain(), &value, NOW + 300_001), "cache_expired");
}

#[test]
fn open_rejects_text_of_another_form() {
    for text in [
        "",
        "{}",
        "null",
        "{\"session\":",
        "{\"session\":{},\"expiresAt\":1,\"signature\":\"\"}",
        "{\"session\":{}\"}",
        "{\"session\":\"}",
        &format!("{{\"session\":{{}},\"expiresAt\":,\"signature\":\"{}\"}}", "A".repeat(43)),
        &format!("{{\"session\":{{}},\"expiresAt\":-1,\"signature\":\"{}\"}}", "A".repeat(43)),
        &format!("{{\"session\":{{}},\"expiresAt\":1,\"signature\":\"{}\"}}", "*".repeat(43)),
        &format!("{{\"session\":1,\"expiresAt\":1,\"signature\":\"{}\"}}", "A".repeat(43)),
    ] {
        assert_eq!(refusal(&base64url(text.as_bytes())), "cache_malformed", "{text}");
    }
}

/// The bytes as received are authenticated: another spelling of the same JSON is another cookie.
#[test]
fn open_rejects_other_serialisations_of_the_same_json() {
    assert_eq!(refusal(&changed(|text| format!(" {text}"))), "cache_malformed");
    assert_eq!(refusal(&changed(|text| format!("{text}\n"))), "cache_malformed");
    assert_eq!(
        refusal(&changed(|text| text.replace("\"session\":{\"session\"", "\"session\": {\"session\""))),
        "cache_bad_signature"
    );
    assert_eq!(refusal(&changed(|text| text.replace("Ada", "\\u0041da"))), "cache_bad_signature");
    assert_eq!(
        refusal(&changed(|text| text.replace(",\"signature\"", ", \"signature\""))),
        "cache_malformed"
    );
    assert_eq!(refusal(&changed(|text| text.replace("\"}", "\",\"signature\":\"\"}"))), "cache_malformed");
}

#[test]
fn open_rejects_non_canonical_base64() {
    let value = mint(Strategy::Compact);
    for other in [
        format!("{value}="),
        format!("{value}=="),
        format!(" {value}"),
        format!("{value}\n"),
        value[1..].to_owned(),
    ] {
        assert_eq!(refusal(&other), "cache_malformed", "{other}");
    }
    for length in 0..value.len() {
        assert_ne!(refusal(&value[..length]), "ok", "{length}");
    }
}

#[test]
fn open_rejects_a_changed_window() {
    let ends = (NOW + 300_000).to_string();
    let later = changed(|text| text.replace(&ends, &(NOW + 900_000).to_string()));
    assert_eq!(refusal(&later), "cache_bad_signature");
    let padded = changed(|text| text.replace(&ends, &format!("0{ends}")));
    assert_eq!(refusal(&padded), "cache_bad_signature");
}

/// Members of the payload cannot replace the outer members of the same names.
#[test]
fn open_accepts_a_payload_with_members_of_the_outer_names() {
    let text = payload(",\"version\":\"1\",\"expiresAt\":1,\"signature\":\"x\"");
    let value = forge_compact(&text, &(NOW + 1).to_string());
    assert_eq!(refusal(&value), "ok");
    assert_eq!(opening(&plain(), &value, NOW + 2), "cache_expired");
}

#[test]
fn open_clamps_the_window_to_a_date() {
    let opened = plain().open(&forge_compact(&payload(""), "9000000000000000000"), at(NOW)).expect("opens");
    assert_eq!(opened.cache.expires_at, at(better_session::time::MAX_DATE));
    assert_eq!(refusal(&forge_compact(&payload(""), "99999999999999999999")), "cache_malformed");
}

#[test]
fn open_rejects_signed_text_that_is_not_a_payload() {
    for text in ["{}", "{\"session\":{}}", "{\"a\":[}", &format!("{}}}", payload(""))] {
        assert_eq!(refusal(&forge_compact(text, &NOW.to_string())), "cache_malformed", "{text}");
    }
}
