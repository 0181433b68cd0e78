//! One secret, one session, and the means to sign what no server would sign.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use better_session::{Config, ConfigError, MintRequest, Secret, Strategy, UnixMillis, Verdict, Verifier};
use serde_json::{Value, json};

pub const SECRET: &str = "an-example-secret-of-32-bytes-or-more";
pub const OTHER_SECRET: &str = "another-secret-that-signed-something-else";
/// 2027-01-15T08:00:00Z.
pub const NOW: i64 = 1_800_000_000_000;
pub const TOKEN: &str = "tPdM3tPZ2aGZJ9yQm0yS0h5o6Yv2kW1x";
pub const SESSION: &str = r#"{"id":"s1","token":"tPdM3tPZ2aGZJ9yQm0yS0h5o6Yv2kW1x","userId":"u1","expiresAt":"2027-01-22T08:00:00.000Z","createdAt":"2027-01-15T08:00:00.000Z","updatedAt":"2027-01-15T08:00:00.000Z","ipAddress":"","userAgent":"test"}"#;
pub const USER: &str = r#"{"id":"u1","name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2027-01-15T08:00:00.000Z","updatedAt":"2027-01-15T08:00:00.000Z"}"#;
/// The end of `SESSION`: a week after `NOW`.
pub const SESSION_EXPIRES: i64 = NOW + 604_800_000;
pub const STRATEGIES: [Strategy; 3] = [Strategy::Compact, Strategy::Jwt, Strategy::Jwe];

/// A verifier of all three strategies under `SECRET`; `options` is merged over that.
pub fn verifier(options: &Value) -> Verifier {
    let cache = json!({ "enabled": true, "strategy": ["compact", "jwt", "jwe"] });
    let mut all = json!({ "secret": SECRET, "session": { "cookieCache": cache } });
    merge(&mut all, options);
    Verifier::new(Config::from_json(&all.to_string()).expect("good options")).expect("good options")
}

pub fn read_config(options: &Value) -> Result<Config, ConfigError> {
    Config::from_json(&options.to_string())
}

pub fn plain() -> Verifier {
    verifier(&json!({}))
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

pub const fn at(millis: i64) -> UnixMillis {
    UnixMillis::from_millis(millis)
}

/// The cache of `session` and `USER` that a server writes at `NOW`.
pub fn minting_of(session: &str) -> MintRequest<'_> {
    MintRequest::new(session, USER, at(NOW), [7; 32]).version("1").max_age(Duration::from_secs(300))
}

/// The cache of `SESSION` and `USER` that a server writes at `NOW`.
pub fn minting() -> MintRequest<'static> {
    minting_of(SESSION)
}

pub fn mint(strategy: Strategy) -> String {
    plain().mint(&minting().strategy(strategy))
}

/// Returns a `Cookie` header with a signed token and the cache `data`.
pub fn cookies(data: &str) -> String {
    format!("better-auth.session_token={}; better-auth.session_data={data}", signed(TOKEN))
}

/// A signed value, percent-encoded as on the wire.
pub fn signed(value: &str) -> String {
    better_session::cookie::header::percent_encode(&plain().sign(value))
}

/// A compact cache over any text: `payload` is everything up to and with its closing brace.
pub fn forge_compact(payload: &str, expires_at: &str) -> String {
    let open = payload.strip_suffix('}').expect("an object");
    let signature = base64url(&hmac(&format!("{open},\"expiresAt\":{expires_at}}}")));
    let envelope =
        format!("{{\"session\":{payload},\"expiresAt\":{expires_at},\"signature\":\"{signature}\"}}");
    base64url(envelope.as_bytes())
}

/// A JWS over any header and claims, signed with HS256 whatever the header says.
pub fn forge_jwt(header: &str, claims: &str) -> String {
    let input = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    format!("{input}.{}", base64url(&hmac(&input)))
}

/// A payload of `SESSION` and `USER` with `members` after them, each beginning with a comma.
pub fn payload(members: &str) -> String {
    format!("{{\"session\":{SESSION},\"user\":{USER},\"updatedAt\":{NOW}{members}}}")
}

pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn from_base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// HMAC-SHA-256 under `SECRET`, by way of a signed cookie.
fn hmac(text: &str) -> Vec<u8> {
    let signed = plain().sign(text);
    STANDARD.decode(&signed[text.len() + 1..]).expect("a signature")
}

/// A verdict as one word or two: `authenticated`, `stale cache_expired`, `unauthenticated no_cookie`.
pub fn outcome(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Authenticated(_) => "authenticated".to_owned(),
        Verdict::Stale { reason, token } => {
            assert!(!token.is_empty(), "a stale verdict carries the token");
            format!("stale {reason}")
        }
        Verdict::Unauthenticated { reason } => format!("unauthenticated {reason}"),
    }
}

/// The reason why `open` refuses, or `ok`.
pub fn opening(verifier: &Verifier, value: &str, now: i64) -> &'static str {
    verifier.open(value, at(now)).map_or_else(|reason| reason.code(), |_| "ok")
}

/// A vector file.
pub fn vectors(text: &str) -> Value {
    serde_json::from_str(text).expect("a vector file is JSON")
}

/// Returns the list `key` of a vector file, which must not be empty.
pub fn cases<'a>(file: &'a Value, key: &str) -> &'a [Value] {
    let cases = file[key].as_array().expect("a list");
    assert!(!cases.is_empty());
    cases
}

pub fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_else(|| panic!("{key} is text in {case}"))
}

/// Returns whether two lists of secrets sign and accept the same.
pub fn same_keys(one: Vec<Secret>, other: Vec<Secret>) -> bool {
    let signed = |secrets: Vec<Secret>| {
        let each = secrets.iter().map(|secret| {
            let verifier = Verifier::new(Config::new(secret.clone())).expect("keys");
            (secret.version(), verifier.sign("x"))
        });
        each.collect::<Vec<_>>()
    };
    signed(one) == signed(other)
}
