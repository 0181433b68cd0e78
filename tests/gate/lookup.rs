//! Actions after a lookup at the origin.

use better_session::gate::action::{Access, Action, Source};
use better_session::gate::decision::Gate;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn kit() -> Kit {
    Kit::new(CACHED, ROUTES)
}

#[test]
fn resume_of_a_stale_session_follows_the_response() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let there = url("/account");
    let request = get(&there, &stale);
    assert_eq!(lookup(&kit.start(&request)), (GET_SESSION, false));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), None)), Source::Origin);
    assert_eq!(rejected(&kit.resume(&request, ok("null"), None)), (401, "UNAUTHORIZED"));
    assert_eq!(
        rejected(&kit.resume(&request, LookupOutcome::answered(401, "{}"), None)),
        (401, "UNAUTHORIZED")
    );
}

#[test]
fn resume_with_an_unusable_response_is_unavailable() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let there = url("/account");
    let other_session = answer().replace(TOKEN, "another-session-token-----------");
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
        let body = answer();
        let outcome = LookupOutcome::answered(status, &body);
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
fn resume_performs_a_deferred_refresh_once() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    let there = url("/account");
    let request = get(&there, &cookie);
    let first = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    assert_eq!(lookup(&kit.resume(&request, ok(&first), None)), (GET_SESSION_UNCACHED, true));
    assert_eq!(source(&kit.resume(&request, ok(&answer()), Some(&first))), Source::Origin);
    assert_eq!(source(&kit.resume(&request, ok(&first), Some(&first))), Source::Origin, "no third lookup");
    assert_eq!(
        source(&kit.resume(&request, LookupOutcome::Lost, Some(&first))),
        Source::Origin,
        "the first response remains valid"
    );
    assert_eq!(rejected(&kit.resume(&request, ok("null"), Some(&first))).0, 401);
}

/// Starts, then resumes with the pending state of the action. A cookie that changed in between must not count.
fn start_and_resume(kit: &Kit, request: &GateRequest<'_>, outcomes: &[LookupOutcome<'_>]) -> Action {
    kit.with(|gate: Gate<'_>| {
        let mut action = gate.start(request);
        let later = GateRequest { cookie: "", ..*request };
        for outcome in outcomes {
            action = match action {
                Action::Ask { pending, .. } => gate.resume(&later, pending, *outcome),
                Action::Probe { pending, .. } => {
                    gate.resume(&GateRequest { origin_up: Some(false), ..later }, pending, *outcome)
                }
                done => panic!("nothing to resume: {done:?}"),
            };
        }
        action
    })
}

#[test]
fn resume_with_the_pending_state_verifies_no_cookie_again() {
    let kit = kit();
    let stale = cookie(&kit.verifier, NOW - 400_000);
    let there = url("/account");
    let request = get(&there, &stale);
    assert_eq!(source(&start_and_resume(&kit, &request, &[ok(&answer())])), Source::Origin);
    let other_session = answer().replace(TOKEN, "another-session-token-----------");
    assert_eq!(rejected(&start_and_resume(&kit, &request, &[ok(&other_session)])).0, 503);
    let deferred = answer().replace("\"user\"", "\"needsRefresh\":true,\"user\"");
    let refreshed = start_and_resume(&kit, &request, &[ok(&deferred), LookupOutcome::Lost]);
    assert!(matches!(refreshed, Action::Next { access: Access::Session(_, Source::Origin), .. }));
}

#[test]
fn resume_forwards_a_fresh_auth_call_by_the_pending_cookies() {
    let kit = Kit::new(CACHED, r#"{"routes":{"fresh":["/api/auth/delete-user"]}}"#);
    let without_cache = token_cookie(&kit.verifier);
    let request = GateRequest { method: "POST", ..get("/api/auth/delete-user", &without_cache) };
    let action = start_and_resume(&kit, &request, &[ok(&answer())]);
    assert!(matches!(action, Action::Forward { without_cache_cookie: false, .. }), "{action:?}");
}
