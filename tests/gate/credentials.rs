//! Requests with a credential header, requirements of auth API paths, and deferred refreshes.

use better_session::gate::action::{Access, Action, Source};
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
use better_session::{UnauthenticatedReason, Verdict};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ALL_FRESH: &str = r#"{"routes":{"fresh":["/**"]}}"#;
const DELETE_FRESH: &str = r#"{"routes":{"fresh":["/api/auth/delete-user"],"signInURL":"/in"}}"#;
const LATER: i64 = NOW + 86_400_000;

fn kit(rules: &str) -> Kit {
    Kit::new(CACHED, rules)
}

fn is_allowed(action: &Action) -> bool {
    matches!(action, Action::Next { access: Access::Session(_, Source::Origin), .. })
}

fn answer_about(token: &str) -> String {
    answer().replace(TOKEN, token)
}

/// Returns the request with each kind of credential.
fn with_each_credential<'a>(request: GateRequest<'a>, signed: &'a str) -> [GateRequest<'a>; 3] {
    [
        GateRequest { authorization: "Bearer raw-token", ..request },
        GateRequest { authorization: signed, ..request },
        GateRequest { other_credential: true, ..request },
    ]
}

#[test]
fn start_with_a_credential_looks_up_with_and_without_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    for cookie in [cookie.as_str(), ""] {
        for request in with_each_credential(get("/account", cookie), &signed) {
            assert_eq!(lookup(&kit.start(&request)).0, GET_SESSION_UNCACHED);
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
fn resume_accepts_the_session_of_the_credential_or_the_cookies() {
    let kit = kit("{}");
    let cookie = cookie(&kit.verifier, NOW);
    let signed = format!("Bearer {}", kit.verifier.sign("signed-token"));
    let accepts = |request: &GateRequest<'_>, token: &str| {
        is_allowed(&kit.resume(request, ok(&answer_about(token)), None))
    };
    let request = get("/account", &cookie);
    let [raw, signed, key] = with_each_credential(request, &signed);
    assert!(accepts(&raw, "raw-token") && accepts(&raw, TOKEN) && !accepts(&raw, "signed-token"));
    assert!(accepts(&signed, "signed-token") && accepts(&signed, TOKEN) && !accepts(&signed, "raw-token"));
    assert!(accepts(&key, "any-key"));
    let alone = GateRequest { cookie: "", ..raw };
    assert!(accepts(&alone, "raw-token") && !accepts(&alone, TOKEN));
    assert!(!accepts(&get("/account", ""), TOKEN), "no cookie proves a token");
}

#[test]
fn start_ignores_headers_that_are_no_credential() {
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
    assert_eq!(lookup(&strict.start(&request)).0, GET_SESSION_UNCACHED);
    assert!(is_allowed(&strict.resume(&request, ok(&answer_about("another")), None)));
}

/// A server without a database accepts its cookie, so a header must not carry a revoked one past the gate.
#[test]
fn start_with_a_credential_and_a_revoked_cookie_removes_the_cookie() {
    let mut kit = Kit::new(r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#, "{}");
    let cookie = cookie(&kit.verifier, NOW);
    let request = GateRequest { authorization: "Bearer junk", ..get("/account", &cookie) };
    assert_eq!(lookup(&kit.start(&request)).0, "/api/auth/get-session");
    assert_eq!(rejected(&kit.start(&GateRequest { index_stale: true, ..request })).0, 503);
    kit.revoked = true;
    assert_eq!(lookup(&kit.start(&request)).0, GET_SESSION_UNCACHED);
}

#[test]
fn start_and_resume_apply_fresh_to_a_path_of_the_auth_api() {
    let kit = kit(DELETE_FRESH);
    let path = "/api/auth/delete-user";
    let post = |cookie| GateRequest { method: "POST", ..get(path, cookie) };
    let (new, without) = (cookie(&kit.verifier, NOW), token_cookie(&kit.verifier));
    let old = cookie(&kit.verifier, LATER);
    assert!(matches!(kit.start(&post(&new)), Action::Forward { .. }));
    assert_eq!(rejected(&kit.start(&GateRequest { now: LATER, ..post(&old) })), (403, "SESSION_NOT_FRESH"));
    assert_eq!(rejected(&kit.start(&post(""))), (401, "UNAUTHORIZED"));
    assert_eq!(lookup(&kit.start(&post(&without))).0, "/api/auth/get-session");
    assert!(matches!(kit.resume(&post(&without), ok(&answer()), None), Action::Forward { .. }));
    let late = GateRequest { now: LATER, ..post(&without) };
    assert_eq!(rejected(&kit.resume(&late, ok(&answer()), None)), (403, "SESSION_NOT_FRESH"));
    assert_eq!(rejected(&kit.resume(&late, LookupOutcome::Lost, None)), (503, "ORIGIN_UNAVAILABLE"));
    let other = kit.start(&GateRequest { now: LATER, ..get("/api/auth/list-sessions", &old) });
    assert!(matches!(other, Action::Forward { .. }));
}

/// Its session begins with each request, and some endpoints of the server act on the cookies beside it.
#[test]
fn resume_treats_an_opaque_credential_as_not_fresh() {
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
fn start_ignores_fresh_patterns_that_cover_the_whole_auth_api() {
    let kit = kit(ALL_FRESH);
    let old = cookie(&kit.verifier, LATER);
    let sign_in = GateRequest { method: "POST", now: LATER, ..get("/api/auth/sign-in/email", &old) };
    assert!(matches!(kit.start(&sign_in), Action::Forward { .. }));
    assert_eq!(rejected(&kit.start(&GateRequest { url: "/account", ..sign_in })).0, 403);
    let named = Kit::new(CACHED, r#"{"routes":{"fresh":["/*/:name/**"]}}"#);
    assert_eq!(rejected(&named.start(&sign_in)).0, 403);
}

#[test]
fn resume_of_a_deferred_refresh_ends_a_session_only_on_401_or_null() {
    let kit = kit("{}");
    let cookie = token_cookie(&kit.verifier);
    let request = get("/account", &cookie);
    let first = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    let body = answer();
    let outcome = |status, body| LookupOutcome::answered(status, body);
    for status in [0, 204, 302, 400, 403, 404, 405, 429, 500, 503] {
        for text in ["null", "{}", &body] {
            assert!(
                is_allowed(&kit.resume(&request, outcome(status, text), Some(&first))),
                "{status} {text}"
            );
            assert!(!kit.accepts_refresh(&request, outcome(status, text)), "{status} {text}");
        }
    }
    for text in ["", "<html>", "{}", &answer_about("another")] {
        assert!(is_allowed(&kit.resume(&request, ok(text), Some(&first))), "{text}");
        assert!(!kit.accepts_refresh(&request, ok(text)), "{text}");
    }
    for outcome in [outcome(401, ""), ok("null")] {
        assert_eq!(rejected(&kit.resume(&request, outcome, Some(&first))).0, 401);
        assert!(kit.accepts_refresh(&request, outcome));
    }
    assert!(kit.accepts_refresh(&request, ok(&body)));
}
