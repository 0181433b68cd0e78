use better_session::gate::forward::renewed;
use better_session::gate::remint::renew;
use better_session::{UnixMillis, Verdict};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const REFRESH: &str =
    r#"{"expiresIn":2592000,"cookieCache":{"enabled":true,"maxAge":300,"refreshCache":true}}"#;

#[test]
fn renew_mints_when_a_fifth_of_the_window_is_left() {
    let verifier = verifier(REFRESH);
    let cookie = cookie(&verifier, NOW);
    assert!(renew(&verifier, &cookie, None, NOW + 239_000, [1; 32]).is_empty());
    let later = NOW + 241_000;
    let lines = renew(&verifier, &cookie, None, later, [1; 32]);
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("better-auth.session_data=")
            && lines[0].ends_with("; Max-Age=300; Path=/; HttpOnly; SameSite=Lax"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].starts_with("better-auth.session_token=") && lines[1].contains("; Max-Age=2592000; "),
        "{}",
        lines[1]
    );
    let header = renewed(verifier.names(), &cookie, &lines.join("\n"));
    match verifier.verify(&header, UnixMillis::from_millis(later)) {
        Verdict::Authenticated(session) => {
            let ends = session.cache.map(|cache| cache.expires_at.as_millis());
            assert_eq!(ends, Some(later + 300_000));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn renew_of_a_browser_session_sets_no_max_age() {
    let verifier = verifier(REFRESH);
    let not_remembered =
        format!("{}; better-auth.dont_remember={}", cookie(&verifier, NOW), verifier.sign("true"));
    let lines = renew(&verifier, &not_remembered, None, NOW + 250_000, [1; 32]);
    assert!(
        lines[1].starts_with("better-auth.session_token=") && !lines[1].contains("Max-Age"),
        "{}",
        lines[1]
    );
}

/// As on the server, only a flag signed by the current secret counts.
#[test]
fn renew_ignores_an_unsigned_dont_remember_flag() {
    let verifier = verifier(REFRESH);
    for flag in ["true", "true.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D"] {
        let forged = format!("{}; better-auth.dont_remember={flag}", cookie(&verifier, NOW));
        let lines = renew(&verifier, &forged, None, NOW + 250_000, [1; 32]);
        assert!(lines.last().is_some_and(|token| token.contains("; Max-Age=2592000; ")), "{lines:?}");
    }
}

/// A leftover chunk of a longer cache would be joined to the new chunks.
#[test]
fn renew_deletes_chunks_of_the_previous_cache() {
    let verifier = verifier(REFRESH);
    let whole = cookie(&verifier, NOW);
    let value = cache(&verifier, NOW);
    let (first, second) = value.split_at(value.len() / 2);
    let chunked = format!(
        "{}; better-auth.session_data.0={first}; better-auth.session_data.1={second}",
        token_cookie(&verifier)
    );
    let later = NOW + 250_000;
    let lines = renew(&verifier, &chunked, None, later, [1; 32]);
    assert_eq!(lines.len(), 4, "{lines:?}");
    for (at, line) in lines.iter().take(2).enumerate() {
        let deletion = format!("better-auth.session_data.{at}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(*line, deletion);
    }
    assert_eq!(lines[2..], renew(&verifier, &whole, None, later, [1; 32]));
    // Names that only begin alike are other cookies.
    let others = ["_extra", "s.0", "-0"].map(|end| format!("; better-auth.session_data{end}=1"));
    assert_eq!(renew(&verifier, &(chunked + &others.concat()), None, later, [1; 32]), lines);
    let others = [".ab", ".123"].map(|end| format!("; better-auth.session_data{end}=1"));
    assert_eq!(renew(&verifier, &(whole + &others.concat()), None, later, [1; 32]), lines[2..]);
}

#[test]
fn renew_with_a_database_is_empty() {
    let verifier = verifier(r#"{"updateAge":0,"cookieCache":{"enabled":true}}"#);
    assert!(renew(&verifier, &cookie(&verifier, NOW), None, NOW + 299_000, [1; 32]).is_empty());
}

#[test]
fn renew_of_unverified_cookies_is_empty() {
    let verifier = verifier(REFRESH);
    assert!(renew(&verifier, &cookie(&verifier, NOW), None, NOW + 301_000, [1; 32]).is_empty());
    assert!(renew(&verifier, "", None, NOW, [1; 32]).is_empty());
}
