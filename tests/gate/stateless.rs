//! Servers without a database (`refreshCache`): the cookie is all that they know.

use better_session::gate::action::Action;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ASK: &str = "/api/auth/get-session";
const ASK_PAST_CACHE: &str = "/api/auth/get-session?disableCookieCache=true";

fn kit() -> Kit {
    Kit::new(
        r#"{"cookieCache":{"enabled":true,"refreshCache":true}}"#,
        r#"{"routes":{"authoritative":["/billing"]}}"#,
    )
}

fn lookup(action: &Action) -> (&str, bool) {
    match action {
        Action::Ask { lookup, .. } => (&lookup.target, lookup.post),
        other => panic!("not a lookup: {other:?}"),
    }
}

#[test]
fn a_server_without_a_database_is_never_asked_past_its_cookie() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    assert_eq!(lookup(&kit.start(&get("/billing", &cookie))), (ASK, false));
}

/// It would believe its own cookie: a copy that a mark has overtaken is not shown to it, and while the marks cannot
/// be read there is no telling.
#[test]
fn a_server_without_a_database_is_asked_past_a_cookie_that_has_been_revoked() {
    let mut kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    let there = "/account";
    let index_stale = GateRequest { index_stale: true, ..get(there, &cookie) };
    assert_eq!(rejected(&kit.start(&index_stale)), (503, "ORIGIN_UNAVAILABLE"));
    let list = "/api/auth/list-sessions";
    assert_eq!(rejected(&kit.start(&GateRequest { url: list, ..index_stale })), (503, "ORIGIN_UNAVAILABLE"));
    kit.revoked = true;
    assert_eq!(lookup(&kit.start(&get(there, &cookie))), (ASK_PAST_CACHE, false));
    match kit.start(&get(list, &cookie)) {
        Action::Forward { without_cache_cookie, .. } => assert!(without_cache_cookie),
        other => panic!("{other:?}"),
    }
}
