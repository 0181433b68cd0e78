//! Revocations derived from the outcome of a call and from the cookies of its response.

use better_session::revocation::{AuthCall, CallOutcome, ResponseCookies, RevocationTarget, revoked_by};

use crate::{OK, call, other_session, renewal, token, user, user_except};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn revoked_by_an_unknown_call_is_the_caller_if_the_response_changes_the_session() {
    let renewal = renewal();
    let response = Some(&renewal);
    let unknown = call("/passkey/add", None);
    assert_eq!(revoked_by(&unknown), []);
    assert_eq!(revoked_by(&AuthCall { response, ..unknown }), [user("me")]);
    assert_eq!(revoked_by(&AuthCall { response, user_id: None, ..unknown }), [token("caller")]);
    assert_eq!(revoked_by(&AuthCall { response, user_id: None, token: None, ..unknown }), []);
    assert_eq!(revoked_by(&AuthCall { outcome: CallOutcome::Lost, ..unknown }), [user("me")]);
    let verified = AuthCall { method: "GET", ..call("/verify-email", None) };
    assert_eq!(revoked_by(&verified), []);
    assert_eq!(revoked_by(&AuthCall { response, ..verified }), [user("me")]);
}

/// A response to a caller whose cache verified changes the session only if it sets a cookie; one that sets a cache for a
/// caller without one is a renewal.
#[test]
fn revoked_by_an_unknown_call_is_empty_unless_the_response_sets_the_token_or_replaces_the_cache() {
    let cache = ResponseCookies { sets_cache: true, ..ResponseCookies::default() };
    let nothing = ResponseCookies::default();
    for (response, cache_verified, expected) in [
        (&cache, true, vec![user("me")]),
        (&cache, false, vec![]),
        (&nothing, true, vec![]),
        (&nothing, false, vec![]),
    ] {
        let call = AuthCall { response: Some(response), cache_verified, ..call("/passkey/add", None) };
        assert_eq!(
            revoked_by(&call),
            expected,
            "sets_cache {} verified {cache_verified}",
            response.sets_cache
        );
    }
}

#[test]
fn revoked_by_a_rejected_call_is_empty_and_a_lost_response_counts_as_success() {
    let renewal = renewal();
    let response = Some(&renewal);
    for status in [400, 401, 403, 404, 429, 500, 501] {
        let refused =
            AuthCall { outcome: CallOutcome::Answered(status), response, ..call("/revoke-sessions", None) };
        assert_eq!(revoked_by(&refused), [], "{status}");
    }
    let acted = [
        OK,
        CallOutcome::Answered(302),
        CallOutcome::Answered(502),
        CallOutcome::Answered(503),
        CallOutcome::Answered(504),
    ];
    for outcome in acted.into_iter().chain([CallOutcome::Lost]) {
        assert_eq!(
            revoked_by(&AuthCall { outcome, ..call("/revoke-sessions", None) }),
            [user("me")],
            "{outcome:?}"
        );
    }
}

/// An anonymous client can abort any call, so a lost response must not revoke other users.
#[test]
fn revoked_by_a_lost_response_is_limited_to_the_caller_and_the_named_user() {
    let lost = [
        CallOutcome::Lost,
        CallOutcome::Answered(502),
        CallOutcome::Answered(503),
        CallOutcome::Answered(504),
    ];
    let paths =
        ["/revoke-sessions", "/revoke-session", "/change-password", "/admin/ban-user", "/anything/else"];
    for outcome in lost {
        for path in paths {
            for body in [None, Some("{}"), Some(r#"{"userId":"u7","token":"theirs"}"#)] {
                let anonymous = AuthCall {
                    token: None,
                    user_id: None,
                    cache_verified: false,
                    outcome,
                    ..call(path, body)
                };
                assert_eq!(revoked_by(&anonymous), [], "{path} {body:?}");
            }
        }
        for path in ["/admin/ban-user", "/admin/revoke-user-session"] {
            assert_eq!(revoked_by(&AuthCall { outcome, ..call(path, None) }), [token("caller")], "{path}");
        }
        let unknown = AuthCall { user_id: None, outcome, ..call("/revoke-sessions", None) };
        assert_eq!(revoked_by(&unknown), [token("caller")]);
        let named = call("/admin/ban-user", Some(r#"{"userId":"u7"}"#));
        assert_eq!(revoked_by(&AuthCall { outcome, ..named }), [user("u7")]);
    }
}

/// A token alone proves no session, because every value that the server signed verifies as one.
#[test]
fn revoked_by_a_lost_response_is_empty_without_a_verified_cache() {
    for outcome in [
        CallOutcome::Lost,
        CallOutcome::Answered(502),
        CallOutcome::Answered(503),
        CallOutcome::Answered(504),
    ] {
        for path in ["/sign-out", "/revoke-sessions", "/admin/ban-user", "/anything/else", "/sign-in/email"] {
            let unproven =
                AuthCall { cache_verified: false, outcome, ..call(path, Some(r#"{"userId":"u7"}"#)) };
            assert_eq!(revoked_by(&unproven), [], "{path} {outcome:?}");
        }
        let stateless =
            |path, body| revoked_by(&AuthCall { stateless: true, outcome, ..call(path, Some(body)) });
        assert_eq!(stateless("/admin/ban-user", r#"{"userId":"u7"}"#), [], "the caller may be no admin");
        // Confined to the caller's user when it is recorded.
        assert_eq!(stateless("/revoke-session", r#"{"token":"theirs"}"#), [token("theirs")]);
        let arrival = AuthCall { method: "GET", outcome, ..call("/magic-link/verify", None) };
        assert_eq!(revoked_by(&arrival), [token("caller")]);
    }
}

/// A body that was not read may have named any of the caller's sessions. Without a database and a response none is known to have ended.
#[test]
fn revoked_by_a_call_whose_token_was_not_read_is_the_caller_unless_nothing_is_known() {
    for (stateless, outcome, expected) in [
        (false, OK, vec![user("me")]),
        (false, CallOutcome::Lost, vec![user("me")]),
        (true, OK, vec![user("me")]),
        (true, CallOutcome::Lost, vec![]),
    ] {
        let call = AuthCall { stateless, outcome, ..call("/revoke-session", None) };
        assert_eq!(revoked_by(&call), expected, "stateless {stateless}, {outcome:?}");
    }
}

#[test]
fn revoked_by_a_response_that_sets_another_session_is_the_callers_session() {
    let other = other_session();
    let response = Some(&other);
    for (method, path) in [
        ("GET", "/callback/github"),
        ("GET", "/oauth2/callback/own"),
        ("GET", "/verify"),
        ("POST", "/passkey/verify-authentication"),
        ("PUT", "/house/anything/"),
    ] {
        let targets = revoked_by(&AuthCall { method, response, ..call(path, None) });
        assert!(
            targets.contains(&token("caller")) || targets == [user("me")],
            "{method} {path}: {targets:?}"
        );
        let redirect =
            AuthCall { method: "GET", response, outcome: CallOutcome::Answered(302), ..call(path, None) };
        assert!(revoked_by(&redirect).contains(&token("caller")), "{path}");
        assert_eq!(revoked_by(&AuthCall { method: "GET", response, token: None, ..call(path, None) }), []);
        assert_eq!(
            revoked_by(&AuthCall { method: "GET", response, stateless: true, ..call(path, None) }),
            [],
            "{path}"
        );
    }
    let same = renewal();
    assert_eq!(
        revoked_by(&AuthCall { method: "GET", response: Some(&same), ..call("/callback/github", None) }),
        []
    );
    for path in ["/multi-session/set-active", "/one-time-token/verify", "/one-time-token/verify/"] {
        assert_eq!(revoked_by(&AuthCall { response, ..call(path, None) }), [], "{path}");
    }
}

#[test]
fn revoked_by_a_mailbox_proof_is_every_other_session_of_the_user() {
    let other = other_session();
    let unread = ResponseCookies { user_id: None, ..other_session() };
    for (method, path) in [
        ("GET", "/magic-link/verify"),
        ("GET", "/verify-email"),
        ("POST", "/sign-in/email-otp"),
        ("POST", "/email-otp/verify-email"),
        ("POST", "/reset-password"),
    ] {
        let anonymous =
            AuthCall { method, token: None, user_id: None, cache_verified: false, ..call(path, None) };
        assert_eq!(
            revoked_by(&AuthCall { response: Some(&other), ..anonymous }),
            [user_except("them", "new")],
            "{path}"
        );
        assert_eq!(
            revoked_by(&AuthCall { response: Some(&unread), ..anonymous }),
            [RevocationTarget::Everybody],
            "{path}"
        );
        assert_eq!(
            revoked_by(&AuthCall { response: Some(&other), stateless: true, ..anonymous }),
            [],
            "{path}"
        );
    }
    let signed_in = AuthCall { method: "GET", response: Some(&other), ..call("/magic-link/verify", None) };
    assert_eq!(revoked_by(&signed_in), [token("caller"), user_except("them", "new")]);
    let unverified = AuthCall { user_id: None, cache_verified: false, ..signed_in };
    let renewed = ResponseCookies { token: Some("caller".into()), ..other_session() };
    assert_eq!(
        revoked_by(&AuthCall { response: Some(&renewed), ..unverified }),
        [user_except("them", "caller")],
        "nothing shows that the session is the caller's own"
    );
    let anonymous =
        AuthCall { token: None, user_id: None, cache_verified: false, ..call("/reset-password", None) };
    assert_eq!(revoked_by(&anonymous), [], "the call does not show whose password it is");
    assert_eq!(revoked_by(&call("/email-otp/reset-password", None)), [user("me")]);
}

#[test]
fn revoked_by_a_deleted_multi_session_cookie_is_its_token() {
    let ended =
        ResponseCookies { ended_tokens: vec!["second".into(), "third".into()], ..ResponseCookies::default() };
    let response = Some(&ended);
    let all = [token("caller"), token("second"), token("third")];
    assert_eq!(revoked_by(&AuthCall { response, ..call("/sign-out", None) }), all);
    assert_eq!(revoked_by(&AuthCall { response, stateless: true, ..call("/sign-out", None) }), all);
    let refused = CallOutcome::Answered(401);
    let switch = AuthCall { response, outcome: refused, ..call("/multi-session/set-active", None) };
    assert_eq!(revoked_by(&switch), [token("second"), token("third")]);
    assert_eq!(revoked_by(&AuthCall { stateless: true, ..switch }), []);
}

#[test]
fn revoked_by_a_deleted_session_cookie_is_the_callers_session() {
    let gone = ResponseCookies { deletes_token: true, ..ResponseCookies::default() };
    let response = Some(&gone);
    assert_eq!(revoked_by(&AuthCall { response, ..call("/oauth2/endsession", None) }), [token("caller")]);
    assert_eq!(revoked_by(&AuthCall { method: "GET", response, ..call("/get-session", None) }), []);
    let refused = CallOutcome::Answered(401);
    assert_eq!(revoked_by(&AuthCall { response, outcome: refused, ..call("/list-sessions", None) }), []);
}

#[test]
fn revoked_by_a_403_of_the_organization_plugin_is_the_callers_session() {
    let response = ResponseCookies::default();
    let forbidden = |method, path| {
        let outcome = CallOutcome::Answered(403);
        AuthCall { method, outcome, response: Some(&response), ..call(path, None) }
    };
    for (method, path) in
        [("GET", "/organization/get-full-organization"), ("POST", "/organization/set-active")]
    {
        assert_eq!(revoked_by(&forbidden(method, path)), [token("caller")], "{path}");
        assert_eq!(revoked_by(&AuthCall { stateless: true, ..forbidden(method, path) }), []);
        assert_eq!(revoked_by(&AuthCall { token: None, ..forbidden(method, path) }), []);
    }
    assert_eq!(revoked_by(&forbidden("GET", "/admin/list-users")), []);
}
