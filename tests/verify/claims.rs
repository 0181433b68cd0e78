use better_session::CachedSession;
use better_session::time::MAX_DATE;
use serde_json::{Value, json};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Opens a signed compact cache of `value`.
fn opens(value: &Value) -> Result<CachedSession, &'static str> {
    opens_text(&value.to_string())
}

fn opens_text(text: &str) -> Result<CachedSession, &'static str> {
    let value = forge_compact(text, &(NOW + 1).to_string());
    plain().open(&value, at(NOW)).map_err(|reason| reason.code())
}

fn whole() -> Value {
    serde_json::from_str(&payload(",\"version\":\"1\"")).expect("JSON")
}

/// `whole()` with the value at `pointer` replaced, or removed when `None`.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut whole = whole();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = whole.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    match value {
        Some(value) => drop(parent.insert(name.to_owned(), value)),
        None => drop(parent.remove(name)),
    }
    whole
}

#[test]
fn parse_reads_the_fields() {
    let cached = opens_text(&payload(",\"version\":\"7\"")).expect_err("another version");
    assert_eq!(cached, "version_mismatch");
    let cached = opens_text(&payload(",\"version\":\"1\"")).expect("opens");
    assert_eq!((cached.session.json.as_str(), cached.user.json.as_str()), (SESSION, USER));
    assert_eq!((cached.session.token.as_str(), cached.user.id.as_str()), (TOKEN, "u1"));
    assert_eq!(
        (cached.session.expires_at, cached.session.created_at, cached.cache.cached_at),
        (at(SESSION_EXPIRES), Some(at(NOW)), at(NOW))
    );
}

/// Better Auth's schemas: required, wrong type.
#[test]
fn parse_rejects_what_the_servers_schemas_reject() {
    let required = [
        "/session",
        "/user",
        "/updatedAt",
        "/session/id",
        "/session/token",
        "/session/expiresAt",
        "/user/id",
        "/user/name",
        "/user/email",
    ];
    for pointer in required {
        assert_eq!(opens(&with(pointer, None)), Err("cache_malformed"), "{pointer} absent");
        for value in [json!(null), json!(true), json!([]), json!({})] {
            assert_eq!(
                opens(&with(pointer, Some(value.clone()))),
                Err("cache_malformed"),
                "{pointer} {value}"
            );
        }
    }
    for pointer in [
        "/session/id",
        "/session/token",
        "/user/id",
        "/user/name",
        "/user/email",
        "/version",
        "/user/image",
        "/session/ipAddress",
        "/session/userAgent",
    ] {
        assert_eq!(opens(&with(pointer, Some(json!(1)))), Err("cache_malformed"), "{pointer}");
    }
    for pointer in [
        "/session/expiresAt",
        "/session/createdAt",
        "/session/updatedAt",
        "/user/createdAt",
        "/user/updatedAt",
    ] {
        for value in
            [json!(NOW), json!("soon"), json!("2027-01-15"), json!("2027-01-15T08:00:00+00:00"), json!(null)]
        {
            assert_eq!(
                opens(&with(pointer, Some(value.clone()))),
                Err("cache_malformed"),
                "{pointer} {value}"
            );
        }
    }
    for value in [json!("true"), json!(0), json!(null)] {
        assert_eq!(opens(&with("/user/emailVerified", Some(value))), Err("cache_malformed"));
    }
    for value in [json!("1800000000000"), json!(null)] {
        assert_eq!(opens(&with("/updatedAt", Some(value))), Err("cache_malformed"));
    }
}

#[test]
fn parse_accepts_what_the_servers_schemas_accept() {
    for pointer in [
        "/session/createdAt",
        "/session/updatedAt",
        "/session/ipAddress",
        "/session/userAgent",
        "/user/createdAt",
        "/user/updatedAt",
        "/user/image",
        "/user/emailVerified",
        "/version",
    ] {
        assert!(opens(&with(pointer, None)).is_ok(), "{pointer} absent");
    }
    for pointer in ["/session/ipAddress", "/session/userAgent", "/user/image"] {
        assert!(opens(&with(pointer, Some(json!(null)))).is_ok(), "{pointer} null");
    }
}

/// The latest server makes a string of any `userId`, and refuses a session that has none.
#[test]
fn parse_accepts_a_user_id_of_any_type() {
    for value in [json!("u1"), json!(1), json!(null), json!(true)] {
        assert!(opens(&with("/session/userId", Some(value.clone()))).is_ok(), "{value}");
    }
    assert_eq!(opens(&with("/session/userId", None)), Err("cache_malformed"));
}

#[test]
fn parse_keeps_other_members_unchanged() {
    let odd = json!({
        "dateLike": "2027-01-15T08:00:00.000Z", "number": 1.5e300, "list": [1, [null, { "a": {} }]], "quotes": "\"\\\u{2028}😀",
        "__proto__": { "admin": true }, "": "empty name", "toString": 1, "constructor": null,
    });
    for pointer in ["/session/extra", "/user/extra", "/extra"] {
        let text = with(pointer, Some(odd.clone())).to_string();
        let cached = opens_text(&text).expect("opens");
        let whole: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(serde_json::from_str::<Value>(&cached.session.json).expect("JSON"), whole["session"]);
        assert_eq!(serde_json::from_str::<Value>(&cached.user.json).expect("JSON"), whole["user"]);
    }
}

/// A lone surrogate, which no Rust string can hold, stays in the text as it was escaped.
#[test]
fn parse_keeps_a_lone_surrogate() {
    let text = payload("").replace("\"Ada\"", "\"\\ud83d\"");
    assert!(opens_text(&text).expect("opens").user.json.contains(r#""name":"\ud83d""#));
}

/// The last member of a name counts, as in `JSON.parse`: the one that a reader of the text will see. Those before it
/// may be anything.
#[test]
fn parse_uses_the_last_of_equal_members() {
    let payload = payload(",\"version\":\"1\"");
    let twice = |member: &str, first: &str, second: &str| {
        let start = format!("\"{member}\":");
        assert!(payload.contains(&start), "{member}");
        opens_text(&payload.replacen(&start, &format!("{start}{first},\"{member}\":{second},\"x\":"), 1))
    };
    for (wrong, right) in [("1", "\"other\""), ("\"first\"", "\"other\"")] {
        assert_eq!(twice("token", wrong, right).expect("opens").session.token, "other");
    }
    assert_eq!(twice("token", "\"other\"", "1"), Err("cache_malformed"));
    assert_eq!(twice("expiresAt", "\"2999-01-01T00:00:00Z\"", "null"), Err("cache_malformed"));
    for earlier in ["1", "{}", "{\"token\":1}", SESSION] {
        let again = payload.replacen("{\"session\":", &format!("{{\"session\":{earlier},\"session\":"), 1);
        assert_eq!(opens_text(&again).expect("opens").session.token, TOKEN, "{earlier}");
    }
    for later in ["1", "{}", "null"] {
        let again = payload.replacen(",\"user\":", &format!(",\"session\":{later},\"user\":"), 1);
        assert_eq!(opens_text(&again), Err("cache_malformed"), "{later}");
    }
    let twice = format!("{{\"user\":{},{}", USER.replace("u1", "first"), &payload[1..]);
    assert_eq!(opens_text(&twice).expect("opens").user.id, "u1");
    let escaped = payload.replacen("\"version\":\"1\"", "\"version\":\"1\",\"v\\u0065rsion\":\"2\"", 1);
    assert_eq!(opens_text(&escaped), Err("version_mismatch"), "an escaped name is the same name");
}

#[test]
fn parse_counts_depth_from_the_payload() {
    let nested = |depth: usize| {
        serde_json::from_str::<Value>(&format!("{}{}", "[".repeat(depth), "]".repeat(depth))).expect("JSON")
    };
    assert!(opens(&with("/session/extra", Some(nested(62)))).is_ok());
    assert_eq!(opens(&with("/session/extra", Some(nested(63)))), Err("cache_malformed"));
    assert!(opens(&with("/extra", Some(nested(63)))).is_ok());
    assert_eq!(opens(&with("/extra", Some(nested(64)))), Err("cache_malformed"));
}

#[test]
fn parse_clamps_instants_to_a_date() {
    for (number, expected) in
        [("1e300", MAX_DATE), ("-1e300", -MAX_DATE), ("0.9", 0), ("1800000000000.7", NOW)]
    {
        let text = payload("").replace(&format!("\"updatedAt\":{NOW}"), &format!("\"updatedAt\":{number}"));
        assert_eq!(opens_text(&text).expect("opens").cache.cached_at, at(expected), "{number}");
    }
    let text = payload("").replace(&format!("\"updatedAt\":{NOW}"), "\"updatedAt\":1e400");
    assert_eq!(opens_text(&text), Err("cache_malformed"));
}

#[cfg(feature = "serde")]
#[test]
fn deserialize_returns_the_callers_types() {
    #[derive(serde::Deserialize)]
    struct User {
        name: String,
    }
    let cached = opens_text(&payload("")).expect("opens");
    assert_eq!(cached.user.deserialize::<User>().expect("a user").name, "Ada");
    assert_eq!(cached.session.deserialize::<Value>().expect("a session")["userId"], "u1");
    assert!(cached.session.deserialize::<User>().is_err());
}
