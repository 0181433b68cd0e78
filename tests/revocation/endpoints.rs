//! The endpoint table, with a test for each kind of row.

use better_session::revocation::{
    AuthCall, CallInputs, CallOutcome, RevocationTarget, required_inputs, revoked_by,
};

use crate::{call, renewal, token, user, user_except};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn revoked_by_each_endpoint_is_what_it_changes() {
    let rows = [
        ("/revoke-session", r#"{"token":"theirs"}"#, token("theirs")),
        ("/multi-session/revoke", r#"{"sessionToken":"theirs"}"#, token("theirs")),
        ("/revoke-sessions", "", user("me")),
        ("/revoke-other-sessions", "{}", user_except("me", "caller")),
        ("/sign-out", "", token("caller")),
        ("/oauth2/endsession", "", token("caller")),
        ("/change-password", r#"{"newPassword":"n","currentPassword":"c"}"#, user_except("me", "caller")),
        ("/change-password", r#"{"revokeOtherSessions":false}"#, user_except("me", "caller")),
        ("/change-password", r#"{"revokeOtherSessions":true}"#, user("me")),
        ("/change-email", r#"{"newEmail":"x@example.com"}"#, user("me")),
        ("/email-otp/change-email", r#"{"newEmail":"x@example.com","otp":"1"}"#, user("me")),
        ("/update-user", r#"{"name":"New"}"#, user("me")),
        ("/update-session", r#"{"theme":"dark"}"#, token("caller")),
        ("/delete-user", "{}", user("me")),
        ("/delete-anonymous-user", "", user("me")),
        ("/admin/ban-user", r#"{"userId":"u7","banReason":"x"}"#, user("u7")),
        ("/admin/unban-user", r#"{"userId":"u7"}"#, user("u7")),
        ("/admin/set-role", r#"{"userId":"u7","role":"admin"}"#, user("u7")),
        ("/admin/set-role", r#"{"userId":7,"role":"admin"}"#, user("7")),
        ("/admin/update-user", r#"{"userId":"u7","data":{}}"#, user("u7")),
        ("/admin/remove-user", r#"{"userId":"u7"}"#, user("u7")),
        ("/admin/set-user-password", r#"{"userId":"u7","newPassword":"n"}"#, user("u7")),
        ("/admin/revoke-user-sessions", r#"{"userId":"u7"}"#, user("u7")),
        ("/admin/revoke-user-session", r#"{"sessionToken":"theirs"}"#, token("theirs")),
        ("/admin/impersonate-user", r#"{"userId":"u7"}"#, token("caller")),
        ("/admin/stop-impersonating", "", token("caller")),
        ("/organization/set-active", r#"{"organizationId":"o"}"#, token("caller")),
        ("/organization/set-active-team", r#"{"teamId":"t"}"#, token("caller")),
        ("/organization/create", r#"{"name":"o"}"#, token("caller")),
        ("/organization/leave", r#"{"organizationId":"o"}"#, token("caller")),
        ("/sign-in/email", "{}", token("caller")),
        ("/sign-up/email", "{}", token("caller")),
        ("/two-factor/verify-totp", "{}", user("me")),
        ("/two-factor/disable", "{}", user("me")),
    ];
    for (path, body, expected) in rows {
        assert_eq!(revoked_by(&call(path, Some(body))), [expected], "{path} {body}");
    }
    let callback = AuthCall { method: "GET", ..call("/delete-user/callback", None) };
    assert_eq!(revoked_by(&AuthCall { outcome: CallOutcome::Answered(302), ..callback }), [user("me")]);
}

/// The server's router ignores them.
#[test]
fn revoked_by_ignores_trailing_slashes() {
    assert_eq!(revoked_by(&call("/revoke-sessions/", None)), [user("me")]);
    assert_eq!(revoked_by(&call("/admin/ban-user//", Some(r#"{"userId":"u7"}"#))), [user("u7")]);
    assert_eq!(revoked_by(&AuthCall { stateless: true, ..call("/sign-out/", None) }), [token("caller")]);
}

#[test]
fn revoked_by_a_read_or_a_renewal_is_empty() {
    let renewal = renewal();
    let response = Some(&renewal);
    for method in ["GET", "POST", "HEAD"] {
        assert_eq!(revoked_by(&AuthCall { method, response, ..call("/get-session", None) }), []);
    }
    for path in ["/list-sessions", "/admin/list-users", "/callback/github", "/revoke-sessions", "/sign-out"] {
        assert_eq!(revoked_by(&AuthCall { method: "GET", response, ..call(path, None) }), [], "{path}");
    }
}

/// A GET that signs somebody in may have replaced the caller's session without an answer that tells; other reads change nothing.
#[test]
fn revoked_by_a_get_is_the_caller_if_it_signs_out_or_a_sign_in_was_lost() {
    let get = |path, outcome| revoked_by(&AuthCall { method: "GET", outcome, ..call(path, None) });
    let lost = CallOutcome::Lost;
    for path in ["/magic-link/verify", "/callback/github", "/oauth2/callback/acme"] {
        assert_eq!(get(path, lost), [token("caller")], "{path}");
        assert_eq!(get(path, CallOutcome::Answered(302)), [], "{path}");
    }
    for path in ["/list-sessions", "/get-session", "/ok", "/oauth2/userinfo"] {
        assert_eq!(get(path, lost), [], "{path}");
    }
    assert_eq!(get("/oauth2/endsession", CallOutcome::Answered(302)), [token("caller")]);
}

#[test]
fn revoked_by_an_unreadable_body_is_the_user_or_everybody() {
    for body in
        [None, Some(""), Some("token=theirs"), Some("[]"), Some("{\"token\":null}"), Some("{\"token\":")]
    {
        assert_eq!(revoked_by(&call("/revoke-session", body)), [user("me")], "{body:?}");
        assert_eq!(revoked_by(&call("/admin/ban-user", body)), [RevocationTarget::Everybody], "{body:?}");
        assert_eq!(
            revoked_by(&call("/admin/revoke-user-session", body)),
            [RevocationTarget::Everybody],
            "{body:?}"
        );
    }
    assert_eq!(revoked_by(&call("/change-password", None)), [user("me")]);
    assert_eq!(
        revoked_by(&AuthCall { user_id: None, ..call("/revoke-sessions", None) }),
        [RevocationTarget::Everybody]
    );
    let twice = call("/revoke-session", Some(r#"{"token":"one","token":"two"}"#));
    assert_eq!(revoked_by(&twice), [token("two")], "as JSON.parse reads it");
    let escaped = call("/revoke-session", Some(r#"{"to\u006ben":"\u0074wo"}"#));
    assert_eq!(revoked_by(&escaped), [token("two")]);
}

#[test]
fn required_inputs_of_each_kind_of_endpoint() {
    for (path, body, token, user) in [
        ("/revoke-session", true, false, true),
        ("/revoke-session/", true, false, true),
        ("/change-password", true, false, true),
        ("/revoke-sessions", false, false, true),
        ("/revoke-other-sessions", false, false, true),
        ("/update-user", false, false, true),
        ("/admin/ban-user", true, false, false),
        ("/admin/revoke-user-session", true, false, false),
        ("/sign-out", false, true, false),
        ("/get-session", false, false, false),
        ("/anything/else", false, false, false),
    ] {
        assert_eq!(required_inputs("POST", path), CallInputs { body, token, user }, "{path}");
    }
}

/// Without a database a revocation signs out, so calls that only change data must not revoke.
#[test]
fn revoked_by_a_stateless_call_covers_only_ended_sessions() {
    let renewal = renewal();
    let response = Some(&renewal);
    let stateless = |path, body| revoked_by(&AuthCall { stateless: true, response, ..call(path, body) });
    for path in
        ["/update-user", "/update-session", "/change-email", "/organization/set-active", "/anything/else"]
    {
        assert_eq!(stateless(path, Some("{}")), [], "{path}");
    }
    assert_eq!(stateless("/change-password", Some("{}")), []);
    assert_eq!(stateless("/change-password", Some(r#"{"revokeOtherSessions":true}"#)), [user("me")]);
    assert_eq!(stateless("/sign-out", None), [token("caller")]);
    assert_eq!(stateless("/revoke-other-sessions", None), [user_except("me", "caller")]);
    let update = |body| stateless("/admin/update-user", Some(body));
    assert_eq!(update(r#"{"userId":"u7","data":{"banned":true}}"#), [user("u7")]);
    assert_eq!(update(r#"{"userId":"u7","data":{"name":"n"}}"#), []);
    assert_eq!(stateless("/admin/ban-user", Some(r#"{"userId":"u7"}"#)), [user("u7")]);
}
