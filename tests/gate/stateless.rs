//! Servers without a database (`refreshCache`), which know only the cookie.

use better_session::gate::action::Action;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn kit() -> Kit {
    Kit::new(
        r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#,
        r#"{"routes":{"authoritative":["/billing"]}}"#,
    )
}

#[test]
fn start_without_a_database_looks_up_with_the_cache() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    assert_eq!(lookup(&kit.start(&get("/billing", &cookie))), (GET_SESSION, false));
}

/// The server would accept its own cookie, so a revoked cache is removed; with a stale index the gate cannot decide.
#[test]
fn start_without_a_database_looks_up_a_revoked_cache_without_it() {
    let mut kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let there = "/account";
    let index_stale = GateRequest { index_stale: true, ..get(there, &cookie) };
    assert_eq!(rejected(&kit.start(&index_stale)), (503, "ORIGIN_UNAVAILABLE"));
    let list = "/api/auth/list-sessions";
    assert_eq!(rejected(&kit.start(&GateRequest { url: list, ..index_stale })), (503, "ORIGIN_UNAVAILABLE"));
    kit.revoked = true;
    assert_eq!(lookup(&kit.start(&get(there, &cookie))), (GET_SESSION_UNCACHED, false));
    match kit.start(&get(list, &cookie)) {
        Action::Forward { without_cache_cookie, .. } => assert!(without_cache_cookie),
        other => panic!("{other:?}"),
    }
}
