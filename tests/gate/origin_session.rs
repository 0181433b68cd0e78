//! A session that the gate looked up at the origin.

use better_session::gate::action::{Access, Action, Source};
use better_session_protocol::verdict::authenticated;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn resume_returns_a_session_without_cache_for_an_answer_of_the_origin() {
    let kit = Kit::new(CACHED, "{}");
    let cookie = token_cookie(&kit.verifier);
    let Action::Next { access: Access::Session(session, source), .. } =
        kit.resume(&get("/account", &cookie), ok(&answer()), None)
    else {
        panic!("no session")
    };
    assert_eq!((source, session.cache.as_ref()), (Source::Origin, None));
    assert_eq!((session.session.json.as_str(), session.user.json.as_str()), (SESSION, USER));
    let json: serde_json::Value = serde_json::from_str(&authenticated(&session)).expect("JSON");
    for member in ["strategy", "version", "cachedAt", "cacheExpiresAt"] {
        assert_eq!(json.get(member), None, "{member}");
    }
    assert_eq!(json["fresh"], true);
}
