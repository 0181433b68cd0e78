//! Requests with a credential header, demands on paths of the auth API, and deferred refreshes.

use better_session::gate::action::{Source, Standing, Step};
use better_session::gate::decision::Facts;
use better_session::gate::origin::Outcome;
use better_session::{UnauthenticatedReason, Verdict};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ASK_PAST_CACHE: &str = "/api/auth/get-session?disableCookieCache=true";
const ALL_FRESH: &str = r#"{"routes":{"fresh":["/**"]}}"#;
const DELETE_FRESH: &str = r#"{"routes":{"fresh":["/api/auth/delete-user"],"signInURL":"/in"}}"#;
const LATER: i64 = NOW + 86_400_000;

fn kit(rules: &str) -> Kit {
    Kit::new(CACHED, rules)
}

fn asked(step: &Step) -> &str {
    match step {
        Step::Ask(question) => &question.target,
        other => panic!("no question: {other:?}"),
    }
}

fn is_let_in(step: &Step) -> bool {
    matches!(step, Step::Next { standing: Standing::Session(_, Source::Origin), .. })
}

fn answer_about(token: &str) -> String {
    answer().replace(TOKEN, token)
}

/// Every kind of credential, beside these cookies.
fn with_each_credential<'a>(facts: Facts<'a>, signed: &'a str) -> [Facts<'a>; 3] {
    [
        Facts { authorization: "Bearer raw-token", ..facts },
        Facts { authorization: signed, ..facts },
        Facts { other_credential: true, ..facts },
    ]
}

#[test]
fn a_credential_is_the_origins_to_judge_with_and_without_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    for cookie in [cookie.as_str(), ""] {
        for facts in with_each_credential(get("/account", cookie), &signed) {
            assert_eq!(asked(&kit.start(&facts)), ASK_PAST_CACHE);
            let verdict = kit.judge(&facts);
            let reason = UnauthenticatedReason::CredentialHeader;
            assert_eq!(verdict, Verdict::Unauthenticated { reason });
            match kit.resume(&facts, Outcome::Lost, None) {
                Step::Deny(denial) => assert_eq!(denial.verdict.as_deref(), Some(&verdict)),
                other => panic!("{other:?}"),
            }
            let session = kit.start(&Facts { url: "/api/auth/get-session", ..facts });
            assert!(matches!(session, Step::Forward { bare: false, .. }));
        }
    }
}

#[test]
fn an_answer_is_about_the_credentials_session_or_the_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    let believes =
        |facts: &Facts<'_>, token: &str| is_let_in(&kit.resume(facts, ok(&answer_about(token)), None));
    let facts = get("/account", &cookie);
    let [raw, signed, key] = with_each_credential(facts, &signed);
    assert!(believes(&raw, "raw-token") && believes(&raw, TOKEN) && !believes(&raw, "signed-token"));
    assert!(believes(&signed, "signed-token") && believes(&signed, TOKEN) && !believes(&signed, "raw-token"));
    assert!(believes(&key, "any-key"));
    let alone = Facts { cookie: "", ..raw };
    assert!(believes(&alone, "raw-token") && !believes(&alone, TOKEN));
    assert!(!believes(&get("/account", ""), TOKEN), "there was no question");
}

#[test]
fn an_ignored_header_changes_nothing() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    for authorization in ["Basic YTpi", "Bearer a.b.c"] {
        let facts = Facts { authorization, ..get("/account", &cookie) };
        assert!(matches!(
            kit.start(&facts),
            Step::Next { standing: Standing::Session(_, Source::Cookie), .. }
        ));
    }
    let strict = Kit::new(CACHED, r#"{"anyBearer":true}"#);
    let facts = Facts { authorization: "Bearer a.b.c", ..get("/account", &cookie) };
    assert_eq!(asked(&strict.start(&facts)), ASK_PAST_CACHE);
    assert!(is_let_in(&strict.resume(&facts, ok(&answer_about("another")), None)));
}

/// A server without a database believes its cookie: a header must not take a revoked one past the gate.
#[test]
fn a_credential_does_not_hide_a_revoked_cookie_from_the_gate() {
    let mut kit = Kit::new(r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#, "{}");
    let cookie = cookie(&kit.verifier, NOW);
    let facts = Facts { authorization: "Bearer junk", ..get("/account", &cookie) };
    assert_eq!(asked(&kit.start(&facts)), "/api/auth/get-session");
    assert_eq!(denied(&kit.start(&Facts { unsure: true, ..facts })).0, 503);
    kit.marked = true;
    assert_eq!(asked(&kit.start(&facts)), ASK_PAST_CACHE);
}

#[test]
fn fresh_holds_on_a_path_of_the_auth_api() {
    let kit = kit(DELETE_FRESH);
    let path = "/api/auth/delete-user";
    let post = |cookie| Facts { method: "POST", ..get(path, cookie) };
    let (new, without) = (cookie(&kit.verifier, NOW), token_cookie(&kit.verifier));
    let old = cookie(&kit.verifier, LATER);
    assert!(matches!(kit.start(&post(&new)), Step::Forward { .. }));
    assert_eq!(denied(&kit.start(&Facts { now: LATER, ..post(&old) })), (403, "SESSION_NOT_FRESH"));
    assert_eq!(denied(&kit.start(&post(""))), (401, "UNAUTHORIZED"));
    assert_eq!(asked(&kit.start(&post(&without))), "/api/auth/get-session");
    assert!(matches!(kit.resume(&post(&without), ok(&answer()), None), Step::Forward { .. }));
    let late = Facts { now: LATER, ..post(&without) };
    assert_eq!(denied(&kit.resume(&late, ok(&answer()), None)), (403, "SESSION_NOT_FRESH"));
    assert_eq!(denied(&kit.resume(&late, Outcome::Lost, None)), (503, "ORIGIN_UNAVAILABLE"));
    let other = kit.start(&Facts { now: LATER, ..get("/api/auth/list-sessions", &old) });
    assert!(matches!(other, Step::Forward { .. }));
}

/// Its session begins with each request, and the server acts on the cookies beside it at some endpoints.
#[test]
fn an_opaque_credential_is_never_fresh() {
    let kit = kit(DELETE_FRESH);
    let cookie = cookie(&kit.verifier, NOW);
    let facts = Facts { other_credential: true, ..get("/api/auth/delete-user", &cookie) };
    let about_key = answer_about("the-key");
    assert_eq!(denied(&kit.resume(&facts, ok(&about_key), None)), (403, "SESSION_NOT_FRESH"));
    assert!(
        matches!(kit.resume(&facts, ok(&answer()), None), Step::Forward { .. }),
        "the cookies' own session"
    );
    let always = Kit::new(r#"{"freshAge":0}"#, DELETE_FRESH);
    assert!(matches!(always.resume(&facts, ok(&about_key), None), Step::Forward { .. }));
}

#[test]
fn a_pattern_above_the_auth_api_demands_nothing_in_it() {
    let kit = kit(ALL_FRESH);
    let old = cookie(&kit.verifier, LATER);
    let sign_in = Facts { method: "POST", now: LATER, ..get("/api/auth/sign-in/email", &old) };
    assert!(matches!(kit.start(&sign_in), Step::Forward { .. }));
    assert_eq!(denied(&kit.start(&Facts { url: "/account", ..sign_in })).0, 403);
    let named = Kit::new(CACHED, r#"{"routes":{"fresh":["/*/:name/**"]}}"#);
    assert_eq!(denied(&named.start(&sign_in)).0, 403);
}

#[test]
fn only_a_401_or_null_ends_a_session_at_its_deferred_refresh() {
    let kit = kit("{}");
    let cookie = token_cookie(&kit.verifier);
    let facts = get("/account", &cookie);
    let first = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    let body = answer();
    let outcome = |status, body| Outcome::Answered { status, body };
    for status in [0, 204, 302, 400, 403, 404, 405, 429, 500, 503] {
        for text in ["null", "{}", &body] {
            assert!(is_let_in(&kit.resume(&facts, outcome(status, text), Some(&first))), "{status} {text}");
            assert!(!kit.accepts_refresh(&facts, outcome(status, text)), "{status} {text}");
        }
    }
    for text in ["", "<html>", "{}", &answer_about("another")] {
        assert!(is_let_in(&kit.resume(&facts, ok(text), Some(&first))), "{text}");
        assert!(!kit.accepts_refresh(&facts, ok(text)), "{text}");
    }
    for outcome in [outcome(401, ""), ok("null")] {
        assert_eq!(denied(&kit.resume(&facts, outcome, Some(&first))).0, 401);
        assert!(kit.accepts_refresh(&facts, outcome));
    }
    assert!(kit.accepts_refresh(&facts, ok(&body)));
}
