use better_session::limits::MAX_HEADER_BYTES;
use better_session::{Authenticated, StaleReason, Strategy, UnauthenticatedReason, Verdict};
use serde_json::{Value, json};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn verify(header: &str) -> String {
    outcome(&plain().verify(header, at(NOW)))
}

#[test]
fn verify_accepts_a_token_and_its_cache() {
    for strategy in STRATEGIES {
        let header = cookies(&mint(strategy));
        let Verdict::Authenticated(Authenticated { session, user, cache: Some(cache), .. }) =
            plain().verify(&header, at(NOW))
        else {
            panic!("{strategy:?}")
        };
        assert_eq!((cache.strategy, session.json.as_str(), user.json.as_str()), (strategy, SESSION, USER));
    }
}

/// Each reason of the contract by the shortest way to it. `invalidated` is the gate's: its marks decide it.
#[test]
fn verify_returns_every_stale_reason() {
    use StaleReason::*;
    let compact = mint(Strategy::Compact);
    let signed_by_other =
        verifier(&json!({ "secret": OTHER_SECRET })).mint(&minting().strategy(Strategy::Compact));
    let jwe_by_other = verifier(&json!({ "secret": OTHER_SECRET })).mint(&minting().strategy(Strategy::Jwe));
    let version_two = plain().mint(&minting().version("2"));
    let of_another = plain().mint(&minting_of(&SESSION.replace(TOKEN, "another-token")));
    let ended = plain().mint(&minting_of(&SESSION.replace("2027-01-22", "2027-01-14")));
    let rotated = verifier(
        &json!({ "secrets": [{ "version": 2, "value": OTHER_SECRET }, { "version": 1, "value": SECRET }], "secret": SECRET }),
    );
    let only_jwt = verifier(&json!({ "session": { "cookieCache": { "strategy": "jwt" } } }));
    let token = format!("better-auth.session_token={}", signed(TOKEN));
    let later = |value: &str| plain().verify(&cookies(value), at(NOW + 300_001));
    let now = |value: &str| plain().verify(&cookies(value), at(NOW));
    let cases = [
        (CacheAbsent, plain().verify(&token, at(NOW))),
        (CacheMalformed, now("not-a-cache")),
        (CacheBadSignature, now(&signed_by_other)),
        (CacheExpired, later(&compact)),
        (SessionExpired, now(&ended)),
        (StrategyMismatch, only_jwt.verify(&cookies(&compact), at(NOW))),
        (VersionMismatch, now(&version_two)),
        (TokenMismatch, now(&of_another)),
        (
            AmbiguousCookies,
            plain().verify(&format!("{}; better-auth.session_data=x", cookies(&compact)), at(NOW)),
        ),
        (UnknownKey, now(&jwe_by_other)),
        (StaleSecret, rotated.verify(&cookies(&compact), at(NOW))),
    ];
    for (reason, verdict) in cases {
        assert_eq!(verdict, Verdict::Stale { reason, token: TOKEN.to_owned() });
    }
    assert_eq!(Invalidated.code(), "invalidated");
}

#[test]
fn verify_returns_every_unauthenticated_reason() {
    use UnauthenticatedReason::*;
    let cache = mint(Strategy::Compact);
    let by_other = verifier(&json!({ "secret": OTHER_SECRET })).sign(TOKEN);
    let cases = [
        (NoCookie, String::new()),
        (NoCookie, format!("better-auth.session_data={cache}")),
        (NoCookie, format!("better-auth.session_token=; better-auth.session_data={cache}")),
        (TokenMalformed, format!("better-auth.session_token={TOKEN}; better-auth.session_data={cache}")),
        (TokenMalformed, "better-auth.session_token=a\\b".to_owned()),
        (HeaderTooLong, "x".repeat(MAX_HEADER_BYTES + 1)),
        (
            TokenBadSignature,
            format!("better-auth.session_token={by_other}; better-auth.session_data={cache}"),
        ),
        (AmbiguousCookies, format!("better-auth.session_token=x; {}", cookies(&cache))),
    ];
    for (reason, header) in cases {
        assert_eq!(plain().verify(&header, at(NOW)), Verdict::Unauthenticated { reason }, "{header:.60}");
    }
}

/// A header of exactly the limit is read.
#[test]
fn verify_reads_a_header_up_to_the_limit() {
    let pair = cookies(&mint(Strategy::Jwe));
    let padded = |length: usize| format!("{}; {pair}", "x".repeat(length - pair.len() - 2));
    assert_eq!(verify(&padded(MAX_HEADER_BYTES)), "authenticated");
    assert_eq!(verify(&padded(MAX_HEADER_BYTES + 1)), "unauthenticated header_too_long");
}

/// RFC 9113 §8.2.3: HTTP/2 may split the cookies of a request over several fields.
#[cfg(feature = "http")]
#[test]
fn verify_headers_joins_several_cookie_fields() {
    use http::header::{COOKIE, HeaderMap, HeaderValue};
    let verify = |fields: &[&str]| {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(COOKIE, HeaderValue::from_bytes(field.as_bytes()).expect("a field"));
        }
        outcome(&plain().verify_headers(&headers, at(NOW)))
    };
    let header = cookies(&mint(Strategy::Compact));
    let (token, cache) = header.split_once("; ").expect("two cookies");
    assert_eq!(verify(&[&header]), "authenticated");
    assert_eq!(verify(&["a=1", token, cache]), "authenticated");
    assert_eq!(verify(&[token]), "stale cache_absent");
    assert_eq!(verify(&[token, "better-auth.session_token=x"]), "unauthenticated ambiguous_cookies");
    assert_eq!(verify(&[]), "unauthenticated no_cookie");
    assert_eq!(verify(&[""]), "unauthenticated no_cookie");
    let half = "x".repeat(MAX_HEADER_BYTES / 2);
    assert_eq!(verify(&[&half, &half]), "unauthenticated header_too_long");
}

/// Only the cookie with the bytes is malformed.
#[cfg(feature = "http")]
#[test]
fn verify_headers_accepts_bytes_that_are_not_utf_8_in_other_cookies() {
    use http::header::{COOKIE, HeaderMap, HeaderValue};
    let verify = |prefix: &[u8], header: &str| {
        let mut headers = HeaderMap::new();
        let field = [prefix, header.as_bytes()].concat();
        headers.append(COOKIE, HeaderValue::from_bytes(&field).expect("a field"));
        outcome(&plain().verify_headers(&headers, at(NOW)))
    };
    let header = cookies(&mint(Strategy::Compact));
    assert_eq!(verify(b"name=\xff; ", &header), "authenticated");
    assert_eq!(verify(b"better-auth.session_token=\xff; ", &header), "unauthenticated ambiguous_cookies");
    assert_eq!(verify(b"better-auth.session_token=\xff; ", ""), "unauthenticated token_malformed");
}

/// The first failure in the server's own order names the reason.
#[test]
fn verify_checks_the_token_before_the_cache() {
    let cache = mint(Strategy::Compact);
    let two_caches = format!("better-auth.session_data={cache}; better-auth.session_data=x");
    assert_eq!(
        verify(&format!("{two_caches}; better-auth.session_token=x")),
        "unauthenticated token_malformed"
    );
    let old = verifier(&json!({ "secrets": [{ "version": 2, "value": OTHER_SECRET }], "secret": SECRET }));
    let token_only = format!("better-auth.session_token={}", signed(TOKEN));
    assert_eq!(outcome(&old.verify(&token_only, at(NOW))), "stale stale_secret");
}

/// "Don't remember me": the server leaves such a session's expiry alone, however near it is.
#[test]
fn verify_reports_no_refresh_for_dont_remember() {
    let due = |header: &str, options: Value| match verifier(&options).verify(header, at(NOW + 299_000)) {
        Verdict::Authenticated(answer) => answer.refresh_due,
        other => panic!("{other:?}"),
    };
    let sliding = || json!({ "session": { "updateAge": 0 } });
    let pair = cookies(&mint(Strategy::Compact));
    let with = |flag: &str| format!("{pair}; better-auth.dont_remember={flag}");
    let by_other = verifier(&json!({ "secret": OTHER_SECRET })).sign("true");
    assert!(due(&pair, sliding()));
    assert!(!due(&with(&signed("true")), sliding()));
    for forged in ["", "true", "true.x", &by_other] {
        assert!(due(&with(forged), sliding()), "{forged}");
    }
    // The cache of a server without a database is renewed all the same.
    let stateless = json!({ "session": { "cookieCache": { "refreshCache": true } } });
    assert!(due(&with(&signed("true")), stateless));
}

#[test]
fn verify_accepts_an_old_secret_if_configured() {
    let header = cookies(&mint(Strategy::Compact));
    let options = |accept: bool| json!({ "secrets": [{ "version": 2, "value": OTHER_SECRET }], "secret": SECRET, "acceptOldSecrets": accept });
    assert_eq!(outcome(&verifier(&options(false)).verify(&header, at(NOW))), "stale stale_secret");
    assert_eq!(outcome(&verifier(&options(true)).verify(&header, at(NOW))), "authenticated");
    let new = verifier(&options(true)).mint(&minting().strategy(Strategy::Compact));
    assert_eq!(
        verify(&cookies(&new)),
        "stale cache_bad_signature",
        "what is minted is under the current one"
    );
}

#[test]
fn verify_rejects_a_cache_of_an_old_secret_beside_a_current_token() {
    let rotated =
        verifier(&json!({ "secrets": [{ "version": 2, "value": OTHER_SECRET }], "secret": SECRET }));
    let token = better_session::cookie::header::percent_encode(&rotated.sign(TOKEN));
    for strategy in STRATEGIES {
        let header =
            format!("better-auth.session_token={token}; better-auth.session_data={}", mint(strategy));
        assert_eq!(outcome(&rotated.verify(&header, at(NOW))), "stale stale_secret", "{strategy:?}");
    }
}

#[test]
fn open_accepts_a_bare_value_and_returns_the_reason_otherwise() {
    assert_eq!(opening(&plain(), "", NOW), "cache_malformed");
    assert_eq!(opening(&plain(), "a.b", NOW), "cache_malformed");
    assert_eq!(opening(&plain(), &"A".repeat(MAX_HEADER_BYTES + 1), NOW), "cache_malformed");
    for strategy in STRATEGIES {
        assert_eq!(opening(&plain(), &mint(strategy), NOW), "ok");
        let cached = plain().open(&mint(strategy), at(NOW)).expect("opens");
        let whole: Value = serde_json::from_str(&cached.cache.payload).expect("JSON");
        assert_eq!(
            whole["session"].to_string(),
            serde_json::from_str::<Value>(&cached.session.json).expect("JSON").to_string()
        );
        assert_eq!(whole["version"], "1");
    }
}

#[test]
fn verify_accepts_chunks_of_any_size() {
    for strategy in STRATEGIES {
        let value = mint(strategy);
        for size in [value.len().div_ceil(100), 99, 500, value.len()] {
            let chunks = value.as_bytes().chunks(size).enumerate();
            let mut header = format!("better-auth.session_token={}", signed(TOKEN));
            for (at, chunk) in chunks {
                header = format!(
                    "better-auth.session_data.{at}={}; {header}",
                    std::str::from_utf8(chunk).expect("ASCII")
                );
            }
            assert_eq!(verify(&header), "authenticated", "{strategy:?} by {size}");
        }
    }
}

#[test]
fn protocol_verdict_has_the_shape_of_the_typescript_types() {
    let verdict = |header: &str| {
        serde_json::from_str::<Value>(&better_session_protocol::verdict::verdict(
            &plain().verify(header, at(NOW)),
        ))
        .expect("JSON")
    };
    let session: Value = serde_json::from_str(SESSION).expect("JSON");
    let user: Value = serde_json::from_str(USER).expect("JSON");
    let read = |date: &Value| better_session::time::parse_iso(date.as_str()?);
    let dates: Vec<_> =
        ["expiresAt", "createdAt", "updatedAt"].iter().map(|name| read(&session[*name])).collect();
    let dates = [dates, ["createdAt", "updatedAt"].iter().map(|name| read(&user[*name])).collect()].concat();
    assert_eq!(
        verdict(&cookies(&mint(Strategy::Jwt))),
        json!({ "status": "authenticated", "session": session, "user": user, "strategy": "jwt", "version": "1", "cachedAt": NOW, "cacheExpiresAt": NOW + 300_000, "fresh": true, "refreshDue": false, "dates": dates })
    );
    assert_eq!(
        verdict(&cookies("x")),
        json!({ "status": "stale", "reason": "cache_malformed", "token": TOKEN })
    );
    assert_eq!(verdict(""), json!({ "status": "unauthenticated", "reason": "no_cookie" }));
    let odd = format!("better-auth.session_token={}", signed("\"\\\u{1}é"));
    assert_eq!(verdict(&odd), json!({ "status": "stale", "reason": "cache_absent", "token": "\"\\\u{1}é" }));
}

#[test]
fn debug_shows_no_token_no_secret_and_no_user() {
    let cached = plain().open(&mint(Strategy::Jwt), at(NOW)).expect("a session");
    let text = format!("{cached:?} {:?} {:?}", plain(), minting());
    for name in ["session: Session {", "user: User {", "CacheInfo {", "Verifier {", "Keys {", "MintRequest {"]
    {
        assert!(text.contains(name), "{name} in {text}");
    }
    for hidden in [SECRET, TOKEN, "ada@example.com", "Ada"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
}
