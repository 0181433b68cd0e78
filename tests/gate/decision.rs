use better_session::Verdict;
use better_session::gate::action::{Access, Action, Source};
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ROUTES: &str = r#"{"routes":{"public":["/","/docs/**"],"fresh":["/danger"],"authoritative":["/billing"],"signInURL":"/in"}}"#;
const SITE: &str = "https://app.example";
const ASK: &str = "/api/auth/get-session";
const ASK_PAST_CACHE: &str = "/api/auth/get-session?disableCookieCache=true";

fn kit() -> Kit {
    Kit::new(CACHED, ROUTES)
}

fn url(path: &str) -> String {
    format!("{SITE}{path}")
}

fn lookup(action: &Action) -> (&str, bool) {
    match action {
        Action::Ask { lookup, .. } => (&lookup.target, lookup.post),
        other => panic!("not a lookup: {other:?}"),
    }
}

fn source(action: &Action) -> Source {
    match action {
        Action::Next { access: Access::Session(_, source), .. } => *source,
        other => panic!("not allowed: {other:?}"),
    }
}

#[test]
fn a_cache_that_verifies_is_enough() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let action = kit.start(&get(&url("/account?x=1"), &cookie));
    assert_eq!(source(&action), Source::Cookie);
    assert!(matches!(action, Action::Next { path, .. } if path == "/account"));
}

#[test]
fn without_a_session_a_call_is_refused_and_a_page_redirected() {
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
fn public_paths_need_nothing_and_ask_nothing() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    for path in ["/", "/docs/a/../b", "/in"] {
        let action = kit.start(&get(&url(path), &stale));
        assert!(matches!(action, Action::Next { access: Access::Public, .. }), "{path}");
    }
}

#[test]
fn an_unsafe_path_goes_nowhere_whoever_asks() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for (path, code) in [
        ("/docs/..%2faccount", "PATH_ENCODED_SLASH"),
        ("/docs/..;/account", "PATH_PARAMETER"),
        ("/api/auth/%252e", "PATH_DOUBLE_ENCODING"),
    ] {
        assert_eq!(rejected(&kit.start(&get(&url(path), &cookie))), (400, code));
        assert_eq!(rejected(&kit.resume(&get(&url(path), &cookie), ok(&answer()), None)), (400, code));
    }
}

#[test]
fn a_stale_session_is_asked_for_and_the_answer_believed() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let there = url("/account");
    let request = get(&there, &stale);
    assert_eq!(lookup(&kit.start(&request)), (ASK, false));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), None)), Source::Origin);
    assert_eq!(rejected(&kit.resume(&request, ok("null"), None)), (401, "UNAUTHORIZED"));
    assert_eq!(
        rejected(&kit.resume(&request, LookupOutcome::Answered { status: 401, body: "{}" }, None)),
        (401, "UNAUTHORIZED")
    );
}

#[test]
fn the_origins_trouble_is_neither_a_session_nor_a_sign_out() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let there = url("/account");
    let other_session = answer().replace(TOKEN, "somebody-elses-session-token----");
    let other_user = answer().replace(r#""userId":"u1""#, r#""userId":"u2""#);
    let expired = answer().replace("2026-09-28", "2026-09-20");
    for body in [
        "",
        "{}",
        "[]",
        "true",
        "\"\"",
        "<html>",
        "{\"session\":null,\"user\":null}",
        "{\"session\":{},\"user\":{}}",
        "nul",
        "null null",
        &other_session,
        &other_user,
        &expired,
    ] {
        assert_eq!(
            rejected(&kit.resume(&get(&there, &stale), ok(body), None)),
            (503, "ORIGIN_UNAVAILABLE"),
            "{body}"
        );
    }
    for status in [0, 204, 206, 301, 302, 304, 400, 404, 408, 418, 429, 500, 502, 503, 504] {
        let outcome = LookupOutcome::Answered { status, body: &answer() };
        assert_eq!(
            rejected(&kit.resume(&get(&there, &stale), outcome, None)),
            (503, "ORIGIN_UNAVAILABLE"),
            "{status}"
        );
    }
    assert_eq!(
        rejected(&kit.resume(&get(&there, &stale), LookupOutcome::Lost, None)),
        (503, "ORIGIN_UNAVAILABLE")
    );
}

#[test]
fn grace_is_for_a_lapsed_window_and_nothing_else() {
    let routes = ROUTES.replace("{\"routes\"", "{\"graceWhenOriginIsDown\":600,\"routes\"");
    let mut kit = Kit::new(CACHED, &routes);
    let lost = |kit: &Kit, path: &str, cookie: &str| {
        kit.resume(
            &GateRequest { origin_up: Some(false), ..get(&url(path), cookie) },
            LookupOutcome::Lost,
            None,
        )
    };
    let lapsed = cookie(&kit.verifier, NOW - 400_000);
    assert_eq!(source(&lost(&kit, "/account", &lapsed)), Source::Grace);
    assert_eq!(rejected(&lost(&kit, "/danger", &lapsed)).0, 503);
    assert_eq!(rejected(&lost(&kit, "/billing", &lapsed)).0, 503);
    assert_eq!(rejected(&lost(&kit, "/account", &cookie(&kit.verifier, NOW - 901_000))).0, 503);
    assert_eq!(rejected(&lost(&kit, "/account", &token_cookie(&kit.verifier))).0, 503);
    let bearer = GateRequest { authorization: "Bearer raw", ..get("/account", &lapsed) };
    assert_eq!(rejected(&kit.resume(&bearer, LookupOutcome::Lost, None)).0, 503);
    kit.revoked = true;
    assert_eq!(rejected(&lost(&kit, "/account", &lapsed)).0, 503, "a revoked session gets no grace");
}

#[test]
fn grace_needs_a_failed_probe() {
    let routes = ROUTES.replace("{\"routes\"", "{\"graceWhenOriginIsDown\":600,\"routes\"");
    let kit = Kit::new(CACHED, &routes);
    let (lapsed, there) = (cookie(&kit.verifier, NOW - 400_000), url("/account"));
    let request = get(&there, &lapsed);
    let failures = [
        LookupOutcome::Lost,
        LookupOutcome::Answered { status: 431, body: "" },
        LookupOutcome::Answered { status: 429, body: "{}" },
        LookupOutcome::Answered { status: 500, body: "{}" },
        ok("<html>"),
    ];
    for failure in failures {
        match kit.resume(&request, failure, None) {
            Action::Probe { path, .. } => assert_eq!(path, "/api/auth/ok", "{failure:?}"),
            other => panic!("{failure:?}: {other:?}"),
        }
        let up = GateRequest { origin_up: Some(true), ..request };
        assert_eq!(rejected(&kit.resume(&up, failure, None)).0, 503, "{failure:?}");
        let down = GateRequest { origin_up: Some(false), ..request };
        assert_eq!(source(&kit.resume(&down, failure, None)), Source::Grace, "{failure:?}");
    }
    for (cookie, path) in [(&token_cookie(&kit.verifier), "/account"), (&lapsed, "/danger")] {
        let there = url(path);
        let action = kit.resume(&get(&there, cookie), LookupOutcome::Lost, None);
        assert_eq!(rejected(&action).0, 503, "nothing to probe for");
    }
    let plain = Kit::new("{}", ROUTES);
    assert_eq!(rejected(&plain.resume(&request, LookupOutcome::Lost, None)).0, 503);
}

#[test]
fn demands_of_a_route() {
    let kit = kit();
    let fresh = cookie(&kit.verifier, NOW);
    assert_eq!(source(&kit.start(&get(&url("/danger"), &fresh))), Source::Cookie);
    assert_eq!(lookup(&kit.start(&get(&url("/billing"), &fresh))), (ASK_PAST_CACHE, false));
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
fn a_mark_only_makes_the_gate_ask_past_the_cache() {
    let mut kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    kit.revoked = true;
    let there = url("/account");
    let request = get(&there, &cookie);
    assert_eq!(lookup(&kit.start(&request)), (ASK_PAST_CACHE, false));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), None)), Source::Origin);
    for path in [ASK, "/api/auth/list-sessions"] {
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
    assert_eq!(lookup(&kit.start(&index_stale)), (ASK_PAST_CACHE, false));
}

#[test]
fn a_bearer_is_never_answered_from_a_cookie() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let (page, session) = (url("/account"), url(ASK));
    let request =
        GateRequest { authorization: "Bearer another-token-than-in-the-cookie", ..get(&page, &cookie) };
    assert_eq!(lookup(&kit.start(&request)), (ASK_PAST_CACHE, false));
    let somebody_else = answer().replace(TOKEN, "another-token-than-in-the-cookie");
    assert_eq!(source(&kit.resume(&request, ok(&somebody_else), None)), Source::Origin);
    let action = kit.start(&GateRequest { url: &session, ..request });
    assert!(matches!(action, Action::Forward { without_cache_cookie: false, .. }));
}

#[test]
fn get_session_is_answered_here_only_as_the_server_would() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for target in [
        ASK,
        "/api//auth/./%67et-session",
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
        let there = url(ASK);
        let request = GateRequest { method, ..get(&there, &cookie) };
        assert!(matches!(kit.start(&request), Action::Forward { .. }), "{method}");
    }
    let off = Kit::new(CACHED, r#"{"answerGetSession":false}"#);
    assert!(matches!(off.start(&get(&url(ASK), &cookie)), Action::Forward { .. }));
}

#[test]
fn a_deferred_refresh_is_carried_out_once() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    let there = url("/account");
    let request = get(&there, &cookie);
    let first = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    assert_eq!(lookup(&kit.resume(&request, ok(&first), None)), (ASK_PAST_CACHE, true));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), Some(&first))), Source::Origin);
    assert_eq!(
        source(&kit.resume(&request, ok(&first), Some(&first))),
        Source::Origin,
        "never a third question"
    );
    assert_eq!(
        source(&kit.resume(&request, LookupOutcome::Lost, Some(&first))),
        Source::Origin,
        "the first answer stands"
    );
    assert_eq!(rejected(&kit.resume(&request, ok("null"), Some(&first))).0, 401);
}

#[test]
fn identify_looks_at_no_route() {
    let kit = kit();
    let identify =
        |path: &str, cookie: &str| kit.start(&GateRequest { identify: true, ..get(&url(path), cookie) });
    let cookie = cookie(&kit.verifier, NOW);
    assert_eq!(source(&identify("/docs/a", &cookie)), Source::Cookie);
    assert_eq!(source(&identify(ASK, &cookie)), Source::Cookie);
    assert_eq!(lookup(&identify("/billing", &cookie)), (ASK_PAST_CACHE, false));
    match identify("/", "") {
        Action::Reject(rejection) => {
            assert!(matches!(rejection.verdict.as_deref(), Some(Verdict::Unauthenticated { .. })))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_version_is_stale() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let there = url("/account");
    assert_eq!(
        lookup(&kit.start(&GateRequest { other_version: true, ..get(&there, &cookie) })),
        (ASK, false)
    );
}
