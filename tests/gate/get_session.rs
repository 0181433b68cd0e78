use better_session::gate::fields::Fields;
use better_session::gate::get_session;
use better_session::{Authenticated, UnixMillis, Verdict};

use crate::support::*;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cached(session: &str, user: &str) -> Authenticated {
    let verifier = verifier(CACHED);
    match verifier.verify(&cookie(&verifier, NOW), UnixMillis::from_millis(NOW)) {
        Verdict::Authenticated(mut answer) => {
            (answer.session.json, answer.user.json) = (session.into(), user.into());
            answer
        }
        other => panic!("{other:?}"),
    }
}

fn body(cached: &Authenticated) -> String {
    get_session::body(cached, &Fields::new(Vec::new(), Vec::new(), true)).expect("a body")
}

/// Better Auth parses the cookie with its schema, whose members come first.
#[test]
fn body_has_the_servers_member_order() {
    let cached = cached(
        r#"{"zeta":{"id":1},"token":"t","expiresAt":"e","id":"s","userId":"u","updatedAt":"b","createdAt":"a","alpha":[1, 2]}"#,
        r#"{"role":"x","image":null,"name":"n","emailVerified":true,"email":"e","id":"u"}"#,
    );
    assert_eq!(
        body(&cached),
        r#"{"session":{"id":"s","createdAt":"a","updatedAt":"b","userId":"u","expiresAt":"e","token":"t","zeta":{"id":1},"alpha":[1, 2]},"user":{"id":"u","email":"e","emailVerified":true,"name":"n","image":null,"role":"x"}}"#
    );
}

#[test]
fn body_of_empty_objects_is_empty_objects() {
    assert_eq!(body(&cached("{}", "{ }")), r#"{"session":{},"user":{}}"#);
}
