//! Session changes in the `Set-Cookie` lines of a response.

use std::time::Duration;

use better_session::cookie::set_cookie::{Attributes, SetCookie};
use better_session::revocation::ResponseCookies;
use better_session::{Config, MintRequest, Secret, SessionPolicy, UnixMillis, Verifier};

use crate::NOW;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn verifier() -> Verifier {
    let mut policy = SessionPolicy::default();
    policy.cache_enabled = true;
    let secret = Secret::versioned(1, "a secret of the tests");
    Verifier::new(Config::builder().secret(secret).session(policy).build()).unwrap()
}

fn line(name: &str, value: &str, max_age: u64) -> String {
    Attributes::default().line(name, value, Some(Duration::from_secs(max_age)))
}

fn read(cookie: &str, set_cookies: &[String]) -> ResponseCookies {
    ResponseCookies::read(&verifier(), cookie, &set_cookies.join("\n"), NOW)
}

#[test]
fn read_returns_a_token_with_the_exact_name_and_a_valid_signature() {
    let signed = verifier().sign("new");
    let token = |name: &str, value: &str| read("", &[line(name, value, 60)]).token;
    for name in ["better-auth.session_token", "__Secure-better-auth.session_token"] {
        assert_eq!(token(name, &signed).as_deref(), Some("new"), "{name}");
        assert_eq!(token(name, "new.bm90IHNpZ25lZCBieSBhbnlib2R5IGhlcmUgYXQgYWxsLg=="), None);
        assert_eq!(token(name, "new"), None);
    }
    for name in [
        "better-auth.session_token_multi-new",
        "x-better-auth.session_token",
        "session_token",
        "Better-Auth.session_token",
    ] {
        assert_eq!(token(name, &signed), None, "{name}");
    }
    let name = "better-auth.session_token";
    assert_eq!(read("", &[line(name, &signed, 60), line(name, "", 0)]).token, None, "the last line is kept");
    let gone = read("", &[line(name, "", 0)]);
    assert!(gone.deletes_token && gone.token.is_none());
    assert!(!read("", &[]).deletes_token && !read("", &[line(name, "unsigned", 60)]).deletes_token);
}

#[test]
fn read_returns_the_user_of_the_cache_set_with_the_token() {
    let verifier = verifier();
    let session = r#"{"id":"s","token":"new","userId":"them","expiresAt":"2026-02-01T00:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"}"#;
    let user = r#"{"id":"them","name":"n","email":"e@example.com","emailVerified":true,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"}"#;
    let minting = MintRequest::new(session, user, UnixMillis::from_millis(NOW), [7; 32]);
    let cache = line("better-auth.session_data", &verifier.mint(&minting), 300);
    let token = |value: &str| line("better-auth.session_token", &verifier.sign(value), 60);
    let both = read("", &[token("new"), cache.clone()]);
    assert_eq!((both.user_id.as_deref(), both.sets_cache), (Some("them"), true));
    assert_eq!(read("", &[token("other"), cache.clone()]).user_id, None);
    assert_eq!(read("", &[cache]).user_id, None);
}

#[test]
fn read_returns_deleted_accounts_with_a_valid_signature() {
    let verifier = verifier();
    let name = |token: &str| ["Better-Auth.session_token_multi-", token].concat();
    let signed = |token: &str| Attributes::default().line(&name(token), &verifier.sign(token), None);
    let pair = |token: &str| signed(token).split(';').next().unwrap().to_owned();
    let cookie =
        [pair("one"), pair("two"), [&name("forged"), "=forged.bm90IHNpZ25lZA=="].concat()].join("; ");
    let deleted = |tokens: &[&str]| {
        let lines: Vec<_> = tokens.iter().map(|token| line(&name(token).to_lowercase(), "", 0)).collect();
        read(&cookie, &lines).ended_tokens
    };
    assert_eq!(deleted(&["one"]), ["one"]);
    assert_eq!(deleted(&["one", "two", "forged", "absent"]), ["one", "two"]);
    assert_eq!(deleted(&[]), [""; 0]);
    assert_eq!(read(&cookie, &[signed("one")]).ended_tokens, [""; 0], "set, not deleted");
}

#[test]
fn set_cookie_parse_recognises_deletions() {
    for (line, deletes) in [
        ("a=1; Path=/", false),
        ("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", false),
        ("a=1; max-age=0", true),
        ("a=1; Max-Age=-5", true),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", true),
        ("a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", false),
        ("a=; Path=/", true),
    ] {
        assert_eq!(SetCookie::parse(line).map(|cookie| cookie.deletes), Some(deletes), "{line}");
    }
    assert_eq!(SetCookie::parse("no cookie"), None);
    assert_eq!(SetCookie::parse("=1"), None);
}
