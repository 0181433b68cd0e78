//! The predicates of `routes.when` that an action carries, and the requests that are exempt from them.

use better_session::gate::action::Action;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn kit() -> Kit {
    let routes = r#"{"public":["/open/**"],"optional":["/maybe/**"],"when":["/staff/**","/open/staff","/maybe/staff","/api/auth/admin/**"],"signInURL":"/in"}"#;
    Kit::new(CACHED, &format!(r#"{{"routes":{routes}}}"#))
}

fn predicates(action: &Action) -> &[usize] {
    match action {
        Action::Next { predicates, .. } => predicates,
        Action::Forward { guard, .. } => guard.as_deref().map_or(&[], |guard| &guard.predicates),
        other => panic!("{other:?}"),
    }
}

#[test]
fn start_carries_the_predicates_of_the_path() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for (path, expected) in [
        ("/account", &[][..]),
        ("/staff/a", &[0]),
        ("/open/staff", &[1]),
        ("/open/other", &[]),
        ("/maybe/staff", &[2]),
        ("/api/auth/admin/list-users", &[3]),
        ("/api/auth/list-sessions", &[]),
    ] {
        assert_eq!(predicates(&kit.start(&get(path, &cookie))), expected, "{path}");
    }
}

/// `authenticate` asks for the session alone, and a preflight has none.
#[test]
fn start_of_an_identification_or_a_preflight_carries_none() {
    let kit = kit();
    let cookie = cookie(&kit.verifier, NOW);
    for path in ["/staff/a", "/open/staff", "/maybe/staff"] {
        let request = get(path, &cookie);
        assert!(predicates(&kit.start(&GateRequest { identify: true, ..request })).is_empty(), "{path}");
        assert!(predicates(&kit.start(&GateRequest { preflight: true, ..request })).is_empty(), "{path}");
        let both = GateRequest { identify: true, preflight: true, ..request };
        assert!(predicates(&kit.start(&both)).is_empty(), "{path}");
    }
}

#[test]
fn resume_carries_the_predicates_of_the_path() {
    let kit = kit();
    let cookie = token_cookie(&kit.verifier);
    for (path, expected) in [("/account", &[][..]), ("/staff/a", &[0]), ("/api/auth/admin/list-users", &[3])]
    {
        assert_eq!(predicates(&kit.resume(&get(path, &cookie), ok(&answer()), None)), expected, "{path}");
    }
}

/// The redirect depends on the request alone, so that a rejection need not be decided twice.
#[test]
fn sign_in_redirect_is_that_of_the_rejection() {
    let kit = kit();
    let page = |path| GateRequest { accept: "text/html", ..get(path, "") };
    let redirect = |request: &GateRequest<'_>| kit.with(|gate| gate.sign_in_redirect(request));
    for path in ["/account?tab=1", "/staff/a", "/a;b"] {
        let Action::Reject(expected) = kit.start(&page(path)) else { panic!("{path}") };
        let redirect = redirect(&page(path)).expect("a redirect");
        assert_eq!((redirect.status, &redirect.location), (302, &expected.location), "{path}");
        assert_eq!(redirect.verdict, None);
    }
    assert_eq!(redirect(&get("/account", "")), None, "a script");
    assert_eq!(redirect(&GateRequest { method: "POST", ..page("/account") }), None);
    assert_eq!(redirect(&page("/a%00b")), None, "a path that is rejected");
    let without = Kit::new(CACHED, "{}");
    assert_eq!(without.with(|gate| gate.sign_in_redirect(&page("/account"))), None);
}
