//! First actions of requests.

use better_session::Verdict;
use better_session::gate::action::{Access, Action, Source};
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn kit() -> Kit {
    Kit::new(CACHED, ROUTES)
}

#[test]
fn start_with_a_verified_cache_lets_the_request_through() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let action = kit.start(&get(&url("/account?x=1"), &cookie));
    assert_eq!(source(&action), Source::Cookie);
    assert!(matches!(action, Action::Next { path, .. } if path == "/account"));
}

#[test]
fn start_without_a_session_rejects_a_call_and_redirects_a_page() {
    let kit = kit();
    let there = url("/account?x=1");
    assert_eq!(rejected(&kit.start(&get(&there, ""))), (401, "UNAUTHORIZED"));
    let page = GateRequest { accept: "text/html", ..get(&there, "") };
    match kit.start(&page) {
        Action::Reject(rejection) => {
            assert_eq!(rejection.location.as_deref(), Some("/in?callbackURL=%2Faccount%3Fx%3D1"))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(rejected(&kit.start(&GateRequest { method: "POST", ..page })), (401, "UNAUTHORIZED"));
}

#[test]
fn start_of_a_public_path_needs_no_session_and_no_lookup() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    for path in ["/", "/docs/a/../b", "/in"] {
        let action = kit.start(&get(&url(path), &stale));
        assert!(matches!(action, Action::Next { access: Access::Public, .. }), "{path}");
    }
}

#[test]
fn start_and_resume_reject_a_path_that_cannot_be_forwarded() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for (path, code) in [
        ("/docs/a%00b", "PATH_CONTROL_CHARACTER"),
        ("/docs/..%2fapi/auth", "PATH_ENCODED_SLASH"),
        ("/api/auth/%252e", "PATH_DOUBLE_ENCODING"),
    ] {
        assert_eq!(rejected(&kit.start(&get(&url(path), &cookie))), (400, code));
        assert_eq!(rejected(&kit.resume(&get(&url(path), &cookie), ok(&answer()), None)), (400, code));
    }
}

#[test]
fn start_and_resume_apply_the_requirement_of_the_route() {
    let kit = kit();
    let fresh = cookie(&kit.verifier, NOW);
    assert_eq!(source(&kit.start(&get(&url("/danger"), &fresh))), Source::Cookie);
    assert_eq!(lookup(&kit.start(&get(&url("/billing"), &fresh))), (GET_SESSION_UNCACHED, false));
    let old = GateRequest { now: NOW + 86_400_000, ..get("/DANGER/", "") };
    let aged = cookie(&kit.verifier, NOW + 86_400_000);
    assert_eq!(rejected(&kit.start(&GateRequest { cookie: &aged, ..old })), (403, "SESSION_NOT_FRESH"));
    let without = token_cookie(&kit.verifier);
    assert_eq!(
        rejected(&kit.resume(&GateRequest { cookie: &without, ..old }, ok(&answer()), None)),
        (403, "SESSION_NOT_FRESH")
    );
}

#[test]
fn start_with_a_revoked_cache_looks_up_without_the_cache() {
    let mut kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    kit.revoked = true;
    let there = url("/account");
    let request = get(&there, &cookie);
    assert_eq!(lookup(&kit.start(&request)), (GET_SESSION_UNCACHED, false));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), None)), Source::Origin);
    for path in [GET_SESSION, "/api/auth/list-sessions"] {
        assert!(
            matches!(
                kit.start(&get(&url(path), &cookie)),
                Action::Forward { without_cache_cookie: true, .. }
            ),
            "{path}"
        );
    }
    kit.revoked = false;
    let index_stale = GateRequest { index_stale: true, ..request };
    assert_eq!(lookup(&kit.start(&index_stale)), (GET_SESSION_UNCACHED, false));
}

#[test]
fn start_with_a_bearer_token_ignores_the_cache() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let (page, session) = (url("/account"), url(GET_SESSION));
    let request =
        GateRequest { authorization: "Bearer another-token-than-in-the-cookie", ..get(&page, &cookie) };
    assert_eq!(lookup(&kit.start(&request)), (GET_SESSION_UNCACHED, false));
    let other_session = answer().replace(TOKEN, "another-token-than-in-the-cookie");
    assert_eq!(source(&kit.resume(&request, ok(&other_session), None)), Source::Origin);
    let action = kit.start(&GateRequest { url: &session, ..request });
    assert!(matches!(action, Action::Forward { without_cache_cookie: false, .. }));
}

#[test]
fn start_answers_only_the_get_session_that_the_server_answers_from_its_cache() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for target in [
        GET_SESSION,
        "/api/auth/./%67et-session",
        "/api/auth/get-session?",
        "/api/auth/get-session?disableRefresh=true&x",
    ] {
        assert!(matches!(kit.start(&get(&url(target), &cookie)), Action::Answer { .. }), "{target}");
    }
    for target in [
        "/api/auth/get-session?disableCookieCache=true",
        "/api/auth/get-session?x=1&disableCookieCache",
        "/api/auth/get-session?disable%43ookieCache=true",
        "/api/auth/get-session/",
        "/api/auth/Get-session",
        "/api/auth",
        "/api/auth/",
        "/api/auth/get-session/x",
    ] {
        assert!(
            matches!(
                kit.start(&get(&url(target), &cookie)),
                Action::Forward { without_cache_cookie: false, .. }
            ),
            "{target}"
        );
    }
    for method in ["POST", "HEAD", "OPTIONS", "get", "GeT"] {
        let there = url(GET_SESSION);
        let request = GateRequest { method, ..get(&there, &cookie) };
        assert!(matches!(kit.start(&request), Action::Forward { .. }), "{method}");
    }
    let off = Kit::new(CACHED, r#"{"answerGetSession":false}"#);
    assert!(matches!(off.start(&get(&url(GET_SESSION), &cookie)), Action::Forward { .. }));
}

#[test]
fn start_with_identify_ignores_public_and_fresh_routes() {
    let kit = kit();
    let identify =
        |path: &str, cookie: &str| kit.start(&GateRequest { identify: true, ..get(&url(path), cookie) });
    let cookie = cookie(&kit.verifier, NOW);
    assert_eq!(source(&identify("/docs/a", &cookie)), Source::Cookie);
    assert_eq!(source(&identify(GET_SESSION, &cookie)), Source::Cookie);
    assert_eq!(lookup(&identify("/billing", &cookie)), (GET_SESSION_UNCACHED, false));
    match identify("/", "") {
        Action::Reject(rejection) => {
            assert!(matches!(rejection.verdict.as_deref(), Some(Verdict::Unauthenticated { .. })))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn start_with_another_version_looks_up() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let there = url("/account");
    assert_eq!(
        lookup(&kit.start(&GateRequest { other_version: true, ..get(&there, &cookie) })),
        (GET_SESSION, false)
    );
    let session = url(GET_SESSION);
    let action = kit.start(&GateRequest { other_version: true, ..get(&session, &cookie) });
    assert!(matches!(action, Action::Forward { without_cache_cookie: false, .. }), "{action:?}");
}

#[test]
fn start_of_a_preflight_needs_no_session() {
    let kit = kit();
    for path in ["/account", "/danger", "/billing"] {
        let there = url(path);
        let preflight = GateRequest { preflight: true, method: "OPTIONS", ..get(&there, "") };
        let action = kit.start(&preflight);
        assert!(matches!(action, Action::Next { access: Access::Public, .. }), "{path}: {action:?}");
    }
}

/// The server would accept a cache that the gate does not trust, and the one of another visitor beside a credential.
#[test]
fn start_of_a_call_leaves_the_cache_out_if_the_server_must_not_use_it() {
    let kit = Kit::new(CACHED, r#"{"routes":{"authoritative":["/api/auth/change-email"]}}"#);
    let stateless = Kit::new(r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#, "{}");
    let fresh = cookie(&kit.verifier, NOW);
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let leaves_out = |kit: &Kit, request: &GateRequest<'_>| match kit.start(request) {
        Action::Forward { without_cache_cookie, .. } => without_cache_cookie,
        other => panic!("{other:?}"),
    };
    for (cookie, path, strip, credential, expected) in [
        (&fresh, "/api/auth/list-sessions", false, false, false),
        (&fresh, "/api/auth/list-sessions", true, false, false),
        (&fresh, "/api/auth/list-sessions", false, true, false),
        (&fresh, "/api/auth/list-sessions", true, true, true),
        (&fresh, "/api/auth/change-email", false, false, true),
        (&stale, "/api/auth/list-sessions", false, false, false),
        (&stale, "/api/auth/list-sessions", true, false, true),
        (&stale, "/api/auth/change-email", false, false, true),
    ] {
        let request =
            GateRequest { strip_untrusted_cache: strip, other_credential: credential, ..get(path, cookie) };
        assert_eq!(leaves_out(&kit, &request), expected, "{path} {strip} {credential}");
    }
    let request = GateRequest { strip_untrusted_cache: true, ..get("/api/auth/list-sessions", &stale) };
    assert!(!leaves_out(&stateless, &request), "without a database the cache is all that the server knows");
}

#[test]
fn debug_of_a_gate_shows_its_rules_and_no_secret() {
    let text = kit().with(|gate| format!("{gate:?}"));
    assert!(text.starts_with("Gate {") && text.contains("/docs"), "{text}");
    assert!(!text.contains(SECRET));
}

/// A URL in the path or query of a request target is no part of its own URL.
#[test]
fn start_reads_the_path_of_a_target_that_contains_a_url() {
    let kit = kit();
    for path in [
        "/account?next=https://id.example/docs/a",
        "/account/https://id.example/docs/a",
        "/account#://docs/a",
    ] {
        assert_eq!(rejected(&kit.start(&get(path, ""))), (401, "UNAUTHORIZED"), "{path}");
        assert_eq!(rejected(&kit.start(&get(&url(path), ""))), (401, "UNAUTHORIZED"), "{path}");
    }
    let docs = "/docs/https%3A?next=https://id.example/account";
    assert!(matches!(kit.start(&get(docs, "")), Action::Next { access: Access::Public, .. }));
}

#[test]
fn start_of_an_optional_path_without_a_session_continues_as_nobody() {
    let kit = Kit::new(CACHED, r#"{"routes":{"optional":["/hello/**","/api/auth/**"],"signInURL":"/in"}}"#);
    let forged = "better-auth.session_token=forged.c2lnbmF0dXJl";
    for cookie in ["", forged] {
        let there = url("/hello/x");
        let action = kit.start(&get(&there, cookie));
        assert!(matches!(action, Action::Next { access: Access::Nobody(Some(_)), .. }), "{action:?}");
        let action = kit.start(&get(&url("/account"), cookie));
        assert_eq!(rejected(&action), (401, "UNAUTHORIZED"));
    }
    let (there, call, stale) = (url("/hello/x"), url("/api/auth/list-sessions"), token_cookie(&kit.verifier));
    let action = kit.resume(&get(&there, &stale), ok("null"), None);
    assert!(matches!(action, Action::Next { access: Access::Nobody(None), .. }), "{action:?}");
    assert!(matches!(kit.start(&get(&call, "")), Action::Forward { .. }));
}

#[test]
fn start_requires_an_own_lookup_of_authoritative_routes_and_credentials() {
    let kit = kit();
    let (fresh, stale) = (cookie(&kit.verifier, NOW), token_cookie(&kit.verifier));
    let required = |request: &GateRequest<'_>| match kit.start(request) {
        Action::Ask { lookup, .. } => lookup.required,
        other => panic!("not a lookup: {other:?}"),
    };
    assert!(required(&get(&url("/billing"), &fresh)) && required(&get(&url("/billing"), &stale)));
    assert!(required(&GateRequest { authorization: "Bearer another", ..get(&url("/account"), &fresh) }));
    assert!(!required(&get(&url("/account"), &stale)));
}
