//! The JSON that an action crosses to JavaScript as (`bindings/protocol`).

use better_session::gate::action::Action;
use better_session_protocol::action::to_text;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn step_of_a_forward_names_the_members_that_the_package_reads() {
    let forward = |without_cache_cookie| {
        to_text(&Action::Forward { path: "/a".into(), without_cache_cookie, guard: None })
    };
    assert_eq!(forward(true), "{\"do\":\"forward\",\"path\":\"/a\",\"bare\":true}\n");
    assert_eq!(forward(false), "{\"do\":\"forward\",\"path\":\"/a\"}\n");
}
