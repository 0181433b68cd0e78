//! Facts for the operator: why the outcome of a lookup says nothing about the session, the pattern of a path, a hash of a token.

use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn kit() -> Kit {
    Kit::new(CACHED, ROUTES)
}

fn cause(kit: &Kit, request: &GateRequest<'_>, outcome: LookupOutcome<'_>) -> &'static str {
    kit.with(|gate| gate.cause(request, &gate.recreate_pending(request), outcome))
}

#[test]
fn cause_names_the_status() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    let request = get("/account", &cookie);
    assert_eq!(cause(&kit, &request, LookupOutcome::Lost), "origin_no_response");
    for (status, expected) in [
        (204, "origin_unexpected_status"),
        (299, "origin_unexpected_status"),
        (300, "origin_redirect"),
        (302, "origin_redirect"),
        (399, "origin_redirect"),
        (400, "origin_unexpected_status"),
        (403, "origin_unexpected_status"),
        (404, "origin_not_found"),
        (429, "origin_rate_limited"),
        (499, "origin_unexpected_status"),
        (500, "origin_error"),
        (503, "origin_error"),
        (599, "origin_error"),
        (600, "origin_unexpected_status"),
    ] {
        assert_eq!(cause(&kit, &request, LookupOutcome::answered(status, "{}")), expected, "{status}");
    }
}

#[test]
fn cause_names_what_is_wrong_with_a_body() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    let request = get("/account", &cookie);
    let ended = answer().replace("2026-09-28T13:33:20.000Z", "2026-09-21T14:13:19.999Z");
    let ends_now = answer().replace("2026-09-28T13:33:20.000Z", "2026-09-21T14:13:20.000Z");
    let other = answer().replace(TOKEN, "another-session-token-----------");
    let without_user = format!(r#"{{"session":{SESSION}}}"#);
    for (body, expected) in [
        ("", "origin_not_json"),
        ("<html>", "origin_not_json"),
        (" null ", "origin_unexpected_shape"),
        ("{}", "origin_unexpected_shape"),
        (&without_user, "origin_unexpected_shape"),
        (&ended, "origin_session_expired"),
        (&ends_now, "origin_unexpected_shape"),
        (&other, "origin_other_session"),
    ] {
        assert_eq!(cause(&kit, &request, ok(body)), expected, "{body}");
    }
}

/// A credential's own session is not another one, whatever else is wrong with the response.
#[test]
fn cause_compares_the_session_with_that_of_the_credential_too() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    let body = r#"{"session":{"token":"raw-token"}}"#;
    let request = get("/account", &cookie);
    assert_eq!(cause(&kit, &request, ok(body)), "origin_other_session");
    let bearer = GateRequest { authorization: "Bearer raw-token", ..request };
    assert_eq!(cause(&kit, &bearer, ok(body)), "origin_unexpected_shape");
    let other = GateRequest { authorization: "Bearer another-token", ..request };
    assert_eq!(cause(&kit, &other, ok(body)), "origin_other_session");
    let key = GateRequest { other_credential: true, ..request };
    assert_eq!(
        cause(&kit, &key, ok(body)),
        "origin_unexpected_shape",
        "only the server knows whose session a key is"
    );
}

#[test]
fn route_pattern_is_that_of_the_deciding_rule() {
    let kit = kit();
    let pattern = |path: &str| kit.with(|gate| gate.route_pattern(path));
    assert_eq!(pattern("/docs/a/b?x=1"), "/docs/**");
    assert_eq!(pattern("https://app.example/danger"), "/danger");
    assert_eq!(pattern("/api/auth/list-sessions"), "/api/auth/**");
    assert_eq!(pattern("/account"), "");
    assert_eq!(pattern("/a%00b"), "", "a path that is rejected");
}

#[test]
fn token_hash_is_keyed_and_differs_by_token() {
    let kit = kit();
    let hash = |kit: &Kit, token: &str| kit.with(|gate| gate.token_hash(token));
    let own = hash(&kit, TOKEN);
    assert_eq!(own.len(), 22);
    assert_eq!(own, hash(&Kit::new(CACHED, "{}"), TOKEN), "the same in every gate with this secret");
    assert_ne!(own, hash(&kit, "another-token"));
    assert!(!own.contains(&TOKEN[..8]));
}
