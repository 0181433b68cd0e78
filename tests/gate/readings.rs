use std::collections::BTreeSet;

use better_session::gate::action::{Access, Action};
use better_session::gate::path::{PathFault, normalise};
use better_session::gate::readings::RequestPath;
use better_session::gate::request::GateRequest;
use better_session::gate::routes::RouteRequirement;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cases(list: &str) -> Vec<serde_json::Value> {
    let cases = paths()[list].as_array().unwrap().clone();
    assert!(cases.len() > 5);
    cases
}

/// Returns the readings of a path: a slash inside a segment as ⁄, an empty segment as ∅.
fn readings(raw: &str) -> BTreeSet<String> {
    let path = RequestPath::read(raw).unwrap_or_else(|fault| panic!("{raw}: {}", fault.code()));
    let shown = |segment: &str| segment.replace('\u{1}', "⁄").replace('\u{2}', "∅");
    let joined = |path: &better_session::gate::path::NormalPath| {
        path.segments().map(|segment| format!("/{}", shown(segment))).collect::<String>()
    };
    path.readings().iter().map(joined).collect()
}

#[test]
fn read_returns_the_normal_form_of_a_path_with_one_reading() {
    for case in cases("accept") {
        let (raw, expected) = (case["raw"].as_str().unwrap(), case["path"].as_str().unwrap());
        let path = RequestPath::read(raw).unwrap();
        assert_eq!((path.as_str(), path.fault()), (expected, None), "{raw}");
        assert_eq!(path.normal(), Some(&normalise(expected).unwrap()), "{raw}");
    }
}

#[test]
fn read_returns_every_reading_of_an_ambiguous_path_and_its_spelling() {
    let mut compared = 0;
    for case in cases("ambiguous") {
        let raw = case["raw"].as_str().unwrap();
        let path = RequestPath::read(raw).unwrap_or_else(|fault| panic!("{raw}: {}", fault.code()));
        assert_eq!(path.as_str(), raw);
        assert_eq!(path.fault().map(PathFault::code), case["code"].as_str(), "{raw}");
        assert!(path.normal().is_none() && path.local().starts_with('/') && !path.local().starts_with("//"));
        if let Some(expected) = case["readings"].as_array() {
            let expected: BTreeSet<String> =
                expected.iter().map(|text| text.as_str().unwrap().trim_end_matches('/').to_owned()).collect();
            assert_eq!(readings(raw), expected, "{raw}");
            compared += 1;
        }
    }
    assert!(compared > 10);
}

#[test]
fn read_rejects_control_characters_in_any_reading_and_too_many_readings() {
    for case in cases("reject") {
        let raw = case["raw"].as_str().unwrap();
        let fault = RequestPath::read(raw).unwrap_err();
        assert_eq!(Some(fault.code()), case["code"].as_str(), "{raw}");
    }
    let nested = format!("/%{}2f", "25".repeat(2700));
    assert!(RequestPath::read(&nested).is_err(), "an escape in an escape, 2700 times");
    assert_eq!(RequestPath::read(&"/".repeat(8193)), Err(PathFault::TooLong));
}

/// `public`, `fresh` and `authoritative` patterns and two predicates, on which readings disagree.
fn kit() -> Kit {
    Kit::new(
        CACHED,
        r#"{"routes":{"public":["/**"],"optional":["/hello/**"],"fresh":["/danger"],"authoritative":["/a/billing"],
            "when":["/admin/**","/repos/:group/:project"],"signInURL":"/in"}}"#,
    )
}

#[test]
fn an_ambiguous_path_requires_what_any_reading_requires_and_is_never_public() {
    let kit = kit();
    let judge = |path: &str| kit.rules.judge(&RequestPath::read(path).unwrap()).unwrap();
    let session = |fresh, authoritative| RouteRequirement::Session { fresh, authoritative };
    for (path, expected, predicates) in [
        ("/x", RouteRequirement::Public, vec![]),
        ("/x;v=1", RouteRequirement::SESSION, vec![]),
        ("/hello//x", RouteRequirement::SESSION, vec![]),
        ("/danger;v=1", session(true, false), vec![]),
        ("/x/..%2fDANGER", session(true, false), vec![]),
        ("/%2564anger", session(true, false), vec![]),
        ("/x%2f..%2fdanger%2f..%2fa%2fbilling", session(false, true), vec![]),
        ("/x/..;/a%2Fbilling.", session(false, true), vec![]),
        ("/repos/group%2Fproject", RouteRequirement::SESSION, vec![1]),
        ("/x//..%2fadmin", RouteRequirement::SESSION, vec![0]),
        ("/admin%2fx/..;/y", RouteRequirement::SESSION, vec![0]),
        ("/%c0%ae%c0%ae/admin", RouteRequirement::SESSION, vec![0]),
        ("/%c1%a1dmin", RouteRequirement::SESSION, vec![0]),
        ("/%u0061dmin", RouteRequirement::SESSION, vec![0]),
        ("/..%2fadmin", RouteRequirement::SESSION, vec![0]),
        ("/x%2f.%2f..%2fadmin", RouteRequirement::SESSION, vec![0]),
        ("/x/%2e%2e%20/admin", RouteRequirement::SESSION, vec![0]),
        ("/adm%in", RouteRequirement::SESSION, vec![0]),
        ("/x\\\\..\\admin", RouteRequirement::SESSION, vec![0]),
    ] {
        assert_eq!(judge(path), (expected, predicates), "{path}");
    }
}

#[test]
fn an_ambiguous_path_below_the_auth_api_is_rejected() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for (path, code) in [
        ("/api%2fauth/get-session", "PATH_ENCODED_SLASH"),
        ("/api//auth/get-session", "PATH_EMPTY_SEGMENT"),
        ("/api/auth/get-session;x", "PATH_PARAMETER"),
        ("/api/auth/%252e", "PATH_DOUBLE_ENCODING"),
        ("/x/..;/api/auth/sign-out", "PATH_PARAMETER"),
        ("/API;/Auth", "PATH_PARAMETER"),
        ("/api/%2561uth/sign-out", "PATH_DOUBLE_ENCODING"),
    ] {
        assert_eq!(rejected(&kit.start(&get(&url(path), &cookie))), (400, code), "{path}");
    }
}

#[test]
fn an_ambiguous_path_is_forwarded_as_it_was_spelt() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for path in ["/repos/group%2fproject", "/50%25af", "/_ipx/https://x", "//x", "/a;v=1"] {
        match kit.start(&get(&url(path), &cookie)) {
            Action::Next { path: forwarded, access: Access::Session(..), .. } => assert_eq!(forwarded, path),
            other => panic!("{path}: {other:?}"),
        }
    }
    let there = url("//evil.example/x");
    match kit.start(&GateRequest { accept: "text/html", ..get(&there, "") }) {
        Action::Reject(rejection) => {
            assert_eq!(rejection.location.as_deref(), Some("/in?callbackURL=%2Fevil.example%2Fx"))
        }
        other => panic!("{other:?}"),
    }
}
