//! Decisions without `baseURL` or `cookieCache.enabled`.

use better_session::Scheme;
use better_session::gate::action::Action;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Without `baseURL` the scheme decides: plain copies of `__Secure-` cookies are not a session over https.
#[test]
fn start_rejects_cookies_renamed_to_the_other_scheme() {
    let kit = Kit::new(CACHED, "{}");
    let plain = cookie(&kit.verifier, NOW);
    let secure = plain.replace("better-auth.", "__Secure-better-auth.");
    let start = |cookie: &str, scheme| kit.start(&GateRequest { scheme, ..get("/account", cookie) });
    for (cookie, own, other) in
        [(&plain, Scheme::Http, Scheme::Https), (&secure, Scheme::Https, Scheme::Http)]
    {
        assert!(matches!(start(cookie, Some(own)), Action::Next { .. }), "{own:?}");
        assert_eq!(rejected(&start(cookie, Some(other))), (401, "UNAUTHORIZED"));
    }
    let both = format!("{plain}; {secure}");
    assert_eq!(rejected(&start(&both, None)), (401, "UNAUTHORIZED"));
    assert!(matches!(start(&both, Some(Scheme::Https)), Action::Next { .. }));
}

/// The server does not accept the cookie either.
#[test]
fn start_looks_up_if_the_cache_is_disabled() {
    for session in ["{}", r#"{"cookieCache":{}}"#, r#"{"cookieCache":{"strategy":"compact","maxAge":300}}"#] {
        let kit = Kit::new(session, "{}");
        let cookie = cookie(&kit.verifier, NOW);
        assert!(matches!(kit.start(&get("/account", &cookie)), Action::Ask { .. }), "{session}");
        let action = kit.start(&get("/api/auth/get-session", &cookie));
        assert!(matches!(action, Action::Forward { .. }), "{session}: {action:?}");
    }
}
