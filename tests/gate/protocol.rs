//! The JSON that an action crosses to JavaScript as (`bindings/protocol`).

use better_session::gate::action::{Access, Action, Rejection, SessionLookup, Source};
use better_session_protocol::action::to_text;
use serde_json::{Value, json};

use crate::support::*;

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

/// Returns the line of the action, and the JSON after it.
fn lines(action: &Action) -> (Value, Value) {
    let text = to_text(action);
    let (line, rest) = text.split_once('\n').expect("two parts");
    let rest = if rest.is_empty() { Value::Null } else { serde_json::from_str(rest).expect("JSON") };
    (serde_json::from_str(line).expect("JSON"), rest)
}

#[test]
fn line_of_an_allowed_request_names_the_source_of_the_session() {
    let kit = Kit::new(CACHED, ROUTES);
    let Action::Next { access: Access::Session(session, _), .. } =
        kit.start(&get(&url("/account"), &cookie(&kit.verifier, NOW)))
    else {
        panic!("not allowed")
    };
    for (source, name) in [(Source::Cookie, "cookie"), (Source::Origin, "origin"), (Source::Grace, "grace")] {
        let access = Access::Session(session.clone(), source);
        let (line, rest) = lines(&Action::Next { path: "/a".into(), access, predicates: vec![0, 12] });
        assert_eq!(line, json!({ "do": "next", "path": "/a", "when": [0, 12], "source": name }));
        assert_eq!(rest["user"]["id"], "u1");
    }
}

#[test]
fn line_of_a_lookup_and_of_a_rejection_have_their_members() {
    let kit = Kit::new(CACHED, ROUTES);
    let Action::Ask { pending, .. } = kit.start(&get(&url("/billing"), &cookie(&kit.verifier, NOW))) else {
        panic!("not a lookup")
    };
    for (post, required) in [(false, false), (true, false), (false, true)] {
        let lookup = SessionLookup { target: "/t".into(), post, required };
        let (line, _) = lines(&Action::Ask { lookup, pending: pending.clone() });
        let is_true = |name: &str| line.get(name).is_some_and(|flag| flag == true);
        assert_eq!((&line["do"], &line["path"]), (&json!("ask"), &json!("/t")));
        assert_eq!((is_true("post"), is_true("required")), (post, required));
    }
    let location = Some("/in".to_owned());
    let rejection = Rejection { status: 302, code: "C", message: "m", location, verdict: None };
    let (line, rest) = lines(&Action::Reject(rejection));
    assert_eq!(line, json!({ "do": "deny", "status": 302, "code": "C", "message": "m", "location": "/in" }));
    assert_eq!(rest, Value::Null);
}
