//! Expired caches while the origin is down.

use better_session::cookie::header::percent_encode;
use better_session::gate::action::{Access, Action, Source};
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
use better_session::{MintRequest, UnixMillis};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn resume_grants_grace_to_an_expired_cache_only() {
    let routes = ROUTES.replace("{\"routes\"", "{\"graceWhenOriginIsDown\":600,\"routes\"");
    let mut kit = Kit::new(CACHED, &routes);
    let lost = |kit: &Kit, path: &str, cookie: &str| {
        kit.resume(
            &GateRequest { origin_up: Some(false), ..get(&url(path), cookie) },
            LookupOutcome::Lost,
            None,
        )
    };
    let expired = cookie(&kit.verifier, NOW - 400_000);
    let granted = lost(&kit, "/account", &expired);
    assert_eq!(source(&granted), Source::Grace);
    assert!(
        matches!(granted, Action::Next { access: Access::Session(session, _), .. } if !session.fresh),
        "never fresh"
    );
    assert_eq!(rejected(&lost(&kit, "/danger", &expired)).0, 503);
    assert_eq!(rejected(&lost(&kit, "/billing", &expired)).0, 503);
    assert_eq!(rejected(&lost(&kit, "/account", &cookie(&kit.verifier, NOW - 901_000))).0, 503);
    assert_eq!(rejected(&lost(&kit, "/account", &token_cookie(&kit.verifier))).0, 503);
    let bearer = GateRequest { authorization: "Bearer raw", ..get("/account", &expired) };
    assert_eq!(rejected(&kit.resume(&bearer, LookupOutcome::Lost, None)).0, 503);
    let ended = SESSION.replace("2026-09-28T13:33:20.000Z", "2026-09-21T14:13:19.999Z");
    let minting =
        MintRequest::new(&ended, USER, UnixMillis::from_millis(NOW - 400_000), [7; 32]).version("1");
    let over = format!(
        "{}; better-auth.session_data={}",
        token_cookie(&kit.verifier),
        percent_encode(&kit.verifier.mint(&minting))
    );
    assert_eq!(rejected(&lost(&kit, "/account", &over)).0, 503, "the session has ended meanwhile");
    kit.revoked = true;
    assert_eq!(rejected(&lost(&kit, "/account", &expired)).0, 503, "a revoked session gets no grace");
}

#[test]
fn resume_grants_grace_only_after_a_failed_probe() {
    let routes = ROUTES.replace("{\"routes\"", "{\"graceWhenOriginIsDown\":600,\"routes\"");
    let kit = Kit::new(CACHED, &routes);
    let (expired, there) = (cookie(&kit.verifier, NOW - 400_000), url("/account"));
    let request = get(&there, &expired);
    let failures = [
        LookupOutcome::Lost,
        LookupOutcome::answered(431, ""),
        LookupOutcome::answered(429, "{}"),
        LookupOutcome::answered(500, "{}"),
        ok("<html>"),
    ];
    for failure in failures {
        match kit.resume(&request, failure, None) {
            Action::Probe { path, .. } => assert_eq!(path, "/api/auth/ok", "{failure:?}"),
            other => panic!("{failure:?}: {other:?}"),
        }
        let up = GateRequest { origin_up: Some(true), ..request };
        assert_eq!(rejected(&kit.resume(&up, failure, None)).0, 503, "{failure:?}");
        let down = GateRequest { origin_up: Some(false), ..request };
        assert_eq!(source(&kit.resume(&down, failure, None)), Source::Grace, "{failure:?}");
    }
    for (cookie, path) in [(&token_cookie(&kit.verifier), "/account"), (&expired, "/danger")] {
        let there = url(path);
        let action = kit.resume(&get(&there, cookie), LookupOutcome::Lost, None);
        assert_eq!(rejected(&action).0, 503, "no grace, so no probe");
    }
    let plain = Kit::new("{}", ROUTES);
    assert_eq!(rejected(&plain.resume(&request, LookupOutcome::Lost, None)).0, 503);
}
