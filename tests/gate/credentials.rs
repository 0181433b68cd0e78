//! Requests with a credential header, demands on paths of the auth API, and deferred refreshes.

use better_session::gate::action::{Access, Action, Source};
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
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

fn asked(action: &Action) -> &str {
    match action {
        Action::Ask { lookup, .. } => &lookup.target,
        other => panic!("not a lookup: {other:?}"),
    }
}

fn is_let_in(action: &Action) -> bool {
    matches!(action, Action::Next { access: Access::Session(_, Source::Origin), .. })
}

fn answer_about(token: &str) -> String {
    answer().replace(TOKEN, token)
}

/// Every kind of credential, beside these cookies.
fn with_each_credential<'a>(request: GateRequest<'a>, signed: &'a str) -> [GateRequest<'a>; 3] {
    [
        GateRequest { authorization: "Bearer raw-token", ..request },
        GateRequest { authorization: signed, ..request },
        GateRequest { other_credential: true, ..request },
    ]
}

#[test]
fn a_credential_is_the_origins_to_judge_with_and_without_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    for cookie in [cookie.as_str(), ""] {
        for request in with_each_credential(get("/account", cookie), &signed) {
            assert_eq!(asked(&kit.start(&request)), ASK_PAST_CACHE);
            let verdict = kit.verdict(&request);
            let reason = UnauthenticatedReason::CredentialHeader;
            assert_eq!(verdict, Verdict::Unauthenticated { reason });
            match kit.resume(&request, LookupOutcome::Lost, None) {
                Action::Reject(rejection) => assert_eq!(rejection.verdict.as_deref(), Some(&verdict)),
                other => panic!("{other:?}"),
            }
            let session = kit.start(&GateRequest { url: "/api/auth/get-session", ..request });
            assert!(matches!(session, Action::Forward { without_cache_cookie: false, .. }));
        }
    }
}

#[test]
fn an_answer_is_about_the_credentials_session_or_the_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    let believes = |request: &GateRequest<'_>, token: &str| {
        is_let_in(&kit.resume(request, ok(&answer_about(token)), None))
    };
    let request = get("/account", &cookie);
    let [raw, signed, key] = with_each_credential(request, &signed);
    assert!(believes(&raw, "raw-token") && believes(&raw, TOKEN) && !believes(&raw, "signed-token"));
    assert!(believes(&signed, "signed-token") && believes(&signed, TOKEN) && !believes(&signed, "raw-token"));
    assert!(believes(&key, "any-key"));
    let alone = GateRequest { cookie: "", ..raw };
    assert!(believes(&alone, "raw-token") && !believes(&alone, TOKEN));
    assert!(!believes(&get("/account", ""), TOKEN), "there was no question");
}

#[test]
fn an_ignored_header_changes_nothing() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    for authorization in ["Basic YTpi", "Bearer a.b.c"] {
        let request = GateRequest { authorization, ..get("/account", &cookie) };
        assert!(matches!(
            kit.start(&request),
            Action::Next { access: Access::Session(_, Source::Cookie), .. }
        ));
    }
    let strict = Kit::new(CACHED, r#"{"anyBearer":true}"#);
    let request = GateRequest { authorization: "Bearer a.b.c", ..get("/account", &cookie) };
    assert_eq!(asked(&strict.start(&request)), ASK_PAST_CACHE);
    assert!(is_let_in(&strict.resume(&request, ok(&answer_about("another")), None)));
}

/// A server without a database believes its cookie: a header must not take a revoked one past the gate.
#[test]
fn a_credential_does_not_hide_a_revoked_cookie_from_the_gate() {
    let mut kit = Kit::new(r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#, "{}");
    let cookie = cookie(&kit.verifier, NOW);
    let request = GateRequest { authorization: "Bearer junk", ..get("/account", &cookie) };
    assert_eq!(asked(&kit.start(&request)), "/api/auth/get-session");
    assert_eq!(rejected(&kit.start(&GateRequest { index_stale: true, ..request })).0, 503);
    kit.revoked = true;
    assert_eq!(asked(&kit.start(&request)), ASK_PAST_CACHE);
}

#[test]
fn fresh_holds_on_a_path_of_the_auth_api() {
    let kit = kit(DELETE_FRESH);
    let path = "/api/auth/delete-user";
    let post = |cookie| GateRequest { method: "POST", ..get(path, cookie) };
    let (new, without) = (cookie(&kit.verifier, NOW), token_cookie(&kit.verifier));
    let old = cookie(&kit.verifier, LATER);
    assert!(matches!(kit.start(&post(&new)), Action::Forward { .. }));
    assert_eq!(rejected(&kit.start(&GateRequest { now: LATER, ..post(&old) })), (403, "SESSION_NOT_FRESH"));
    assert_eq!(rejected(&kit.start(&post(""))), (401, "UNAUTHORIZED"));
    assert_eq!(asked(&kit.start(&post(&without))), "/api/auth/get-session");
    assert!(matches!(kit.resume(&post(&without), ok(&answer()), None), Action::Forward { .. }));
    let late = GateRequest { now: LATER, ..post(&without) };
    assert_eq!(rejected(&kit.resume(&late, ok(&answer()), None)), (403, "SESSION_NOT_FRESH"));
    assert_eq!(rejected(&kit.resume(&late, LookupOutcome::Lost, None)), (503, "ORIGIN_UNAVAILABLE"));
    let other = kit.start(&GateRequest { now: LATER, ..get("/api/auth/list-sessions", &old) });
    assert!(matches!(other, Action::Forward { .. }));
}

/// Its session begins with each request, and the server acts on the cookies beside it at some endpoints.
#[test]
fn an_opaque_credential_is_never_fresh() {
    let kit = kit(DELETE_FRESH);
    let cookie = cookie(&kit.verifier, NOW);
    let request = GateRequest { other_credential: true, ..get("/api/auth/delete-user", &cookie) };
    let about_key = answer_about("the-key");
    assert_eq!(rejected(&kit.resume(&request, ok(&about_key), None)), (403, "SESSION_NOT_FRESH"));
    assert!(
        matches!(kit.resume(&request, ok(&answer()), None), Action::Forward { .. }),
        "the cookies' own session"
    );
    let always = Kit::new(r#"{"freshAge":0}"#, DELETE_FRESH);
    assert!(matches!(always.resume(&request, ok(&about_key), None), Action::Forward { .. }));
}

#[test]
fn a_pattern_above_the_auth_api_demands_nothing_in_it() {
    let kit = kit(ALL_FRESH);
    let old = cookie(&kit.verifier, LATER);
    let sign_in = GateRequest { method: "POST", now: LATER, ..get("/api/auth/sign-in/email", &old) };
    assert!(matches!(kit.start(&sign_in), Action::Forward { .. }));
    assert_eq!(rejected(&kit.start(&GateRequest { url: "/account", ..sign_in })).0, 403);
    let named = Kit::new(CACHED, r#"{"routes":{"fresh":["/*/:name/**"]}}"#);
    assert_eq!(rejected(&named.start(&sign_in)).0, 403);
}

#[test]
fn only_a_401_or_null_ends_a_session_at_its_deferred_refresh() {
    let kit = kit("{}");
    let cookie = token_cookie(&kit.verifier);
    let request = get("/account", &cookie);
    let first = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    let body = answer();
    let outcome = |status, body| LookupOutcome::Answered { status, body };
    for status in [0, 204, 302, 400, 403, 404, 405, 429, 500, 503] {
        for text in ["null", "{}", &body] {
            assert!(is_let_in(&kit.resume(&request, outcome(status, text), Some(&first))), "{status} {text}");
            assert!(!kit.accepts_refresh(&request, outcome(status, text)), "{status} {text}");
        }
    }
    for text in ["", "<html>", "{}", &answer_about("another")] {
        assert!(is_let_in(&kit.resume(&request, ok(text), Some(&first))), "{text}");
        assert!(!kit.accepts_refresh(&request, ok(text)), "{text}");
    }
    for outcome in [outcome(401, ""), ok("null")] {
        assert_eq!(rejected(&kit.resume(&request, outcome, Some(&first))).0, 401);
        assert!(kit.accepts_refresh(&request, outcome));
    }
    assert!(kit.accepts_refresh(&request, ok(&body)));
}
