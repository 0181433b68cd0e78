//! Members that the server hides in `get-session`.

use better_session::gate::action::Action;
use better_session::gate::fields::Fields;
use better_session::gate::get_session::body;
use better_session::{Authenticated, UnixMillis, Verdict};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// Returns the cache of the test user with these members in its session.
fn cached(more: &str) -> Authenticated {
    let verifier = verifier(CACHED);
    match verifier.verify(&cookie(&verifier, NOW), UnixMillis::from_millis(NOW)) {
        Verdict::Authenticated(mut answer) => {
            answer.session.json = SESSION.replacen('{', &format!("{{{more}"), 1);
            answer
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn body_omits_hidden_members_and_keeps_the_order() {
    let cached = cached(r#""note":1,"badge":2,"n\u006fte":3,"#);
    let fields = Fields::new(names(&["note", "userId"]), names(&["email"]), true);
    assert_eq!(
        body(&cached, &fields).expect("a body"),
        r#"{"session":{"id":"s1","createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","expiresAt":"2026-09-28T13:33:20.000Z","token":"ZPFggljxRHu7hfiA99ZrosEGwxbTMuv3","badge":2},"user":{"id":"u1","createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","emailVerified":false,"name":"Ada","image":null}}"#
    );
}

#[test]
fn body_with_an_unknown_member_is_none() {
    let mut fields = Fields::default();
    let (plain, more) = (cached(""), cached(r#""note":1,"badge":2,"#));
    assert_eq!(body(&plain, &fields), None, "the server's own members are unknown too");
    fields.learn(&answer(), &plain);
    assert!(body(&plain, &fields).is_some());
    assert_eq!(body(&more, &fields), None, "members that the first session lacks");
    fields.learn(&answer().replace("\"userId\"", "\"badge\":2,\"userId\""), &more);
    let text = body(&more, &fields).expect("a body");
    assert!(text.contains("\"badge\":2") && !text.contains("note"), "{text}");
}

#[test]
fn learn_ignores_responses_about_another_session_or_state() {
    let plain = cached("");
    for text in [
        "null".to_owned(),
        String::new(),
        "{}".to_owned(),
        "<html>".to_owned(),
        answer().replace(TOKEN, "another"),
        answer().replace(r#""updatedAt":"2026-09-21"#, r#""updatedAt":"2026-09-22"#),
        format!(r#"{{"session":{SESSION}}}"#),
        format!(r#"{{"session":{SESSION},"user":null}}"#),
    ] {
        let mut fields = Fields::default();
        fields.learn(&text, &plain);
        assert_eq!(body(&plain, &fields), None, "{text}");
    }
}

#[test]
fn learn_keeps_the_last_response_below_the_configuration() {
    let more = cached(r#""note":1,"#);
    let mut fields = Fields::new(names(&["note"]), Vec::new(), false);
    let showing = answer().replace("\"userId\"", "\"note\":1,\"userId\"");
    fields.learn(&showing, &more);
    assert!(!body(&more, &fields).expect("a body").contains("note"));
    let mut fields = Fields::new(Vec::new(), Vec::new(), true);
    assert!(body(&more, &fields).expect("a body").contains("note"));
    fields.learn(&answer(), &more);
    assert!(!body(&more, &fields).expect("a body").contains("note"), "hidden by the last response");
    fields.learn(&showing, &more);
    assert!(body(&more, &fields).expect("a body").contains("note"), "shown by the last response");
}

/// A response with members that the cache lacks was reshaped on the server, which then answers for good.
#[test]
fn learn_of_a_reshaped_response_leaves_every_answer_to_the_server() {
    let plain = cached("");
    let with = |member: &str| answer().replacen('{', &format!("{{{member},"), 1);
    for reshaped in [
        with(r#""roles":[]"#),
        answer().replace("\"userId\"", "\"plan\":\"pro\",\"userId\""),
        answer().replace("\"emailVerified\"", "\"plan\":\"pro\",\"emailVerified\""),
    ] {
        let mut fields = Fields::default();
        fields.learn(&answer(), &plain);
        assert!(body(&plain, &fields).is_some());
        fields.learn(&reshaped, &plain);
        assert_eq!(body(&plain, &fields), None, "{reshaped}");
        fields.learn(&answer(), &plain);
        assert_eq!(body(&plain, &fields), None, "{reshaped}, then a plain one");
    }
    let mut fields = Fields::default();
    fields.learn(&with(r#""needsRefresh":false"#), &plain);
    assert!(body(&plain, &fields).is_some(), "the server's own member");
}

#[test]
fn start_forwards_get_session_until_its_members_are_known() {
    let mut kit = Kit::new(CACHED, "{}");
    kit.fields = Fields::default();
    let cookie = cookie(&kit.verifier, NOW);
    let request = get("/api/auth/get-session", &cookie);
    assert!(matches!(kit.start(&request), Action::Forward { without_cache_cookie: false, .. }));
    kit.fields.learn(&answer(), &cached(""));
    match kit.start(&request) {
        Action::Answer { body, .. } => assert!(body.starts_with(r#"{"session":{"id":"s1""#), "{body}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn from_json_rejects_fields_that_are_no_lists_of_names() {
    use better_session::gate::rules::Rules;
    for json in [
        r#"{"hiddenFields":true}"#,
        r#"{"hiddenFields":{"session":"note"}}"#,
        r#"{"hiddenFields":{"user":[1]}}"#,
    ] {
        assert_eq!(
            Rules::from_json(json).map(|_| ()).map_err(|error| error.code),
            Err("OPTION_INVALID"),
            "{json}"
        );
    }
    assert!(Rules::from_json(r#"{"hiddenFields":{},"pluginFields":{"session":["a"]}}"#).is_ok());
}
