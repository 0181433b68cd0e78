//! The table of what passes through a gate, a test for each kind of row.

use better_session::revocation::AnswerCookies;
use better_session::revocation::AuthCall;
use better_session::revocation::CallOutcome;
use better_session::revocation::RevocationTarget;
use better_session::revocation::endpoints::Wants;
use better_session::revocation::revoked_by;
use better_session::revocation::wants;

use crate::others;
use crate::token;
use crate::user;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const OK: CallOutcome = CallOutcome::Answered(200);

/// The answer sets the caller's own session again.
fn renewal() -> AnswerCookies {
    AnswerCookies { token: Some("caller".into()), ..AnswerCookies::default() }
}

/// The answer sets another session.
fn other_session() -> AnswerCookies {
    AnswerCookies { token: Some("new".into()), user_id: Some("them".into()), ..AnswerCookies::default() }
}

fn call<'a>(path: &'a str, body: Option<&'a str>) -> AuthCall<'a> {
    let (token, user_id) = (Some("caller"), Some("me"));
    AuthCall { method: "POST", path, token, user_id, body, outcome: OK, cached: true, ..AuthCall::default() }
}

#[test]
fn each_path_marks_whom_it_changes() {
    let rows = [
        ("/revoke-session", r#"{"token":"theirs"}"#, token("theirs")),
        ("/multi-session/revoke", r#"{"sessionToken":"theirs"}"#, token("theirs")),
        ("/revoke-sessions", "", user("me")),
        ("/revoke-other-sessions", "{}", others("me", "caller")),
        ("/sign-out", "", token("caller")),
        ("/oauth2/endsession", "", token("caller")),
        ("/change-password", r#"{"newPassword":"n","currentPassword":"c"}"#, others("me", "caller")),
        ("/change-password", r#"{"revokeOtherSessions":false}"#, others("me", "caller")),
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

/// The server's router answers it the same.
#[test]
fn a_slash_at_the_end_changes_nothing() {
    assert_eq!(revoked_by(&call("/revoke-sessions/", None)), [user("me")]);
    assert_eq!(revoked_by(&call("/admin/ban-user//", Some(r#"{"userId":"u7"}"#))), [user("u7")]);
    assert_eq!(revoked_by(&AuthCall { stateless: true, ..call("/sign-out/", None) }), [token("caller")]);
}

#[test]
fn an_unknown_call_marks_its_caller_when_it_changes_the_session() {
    let renewal = renewal();
    let answer = Some(&renewal);
    let unknown = call("/passkey/add", None);
    assert_eq!(revoked_by(&unknown), []);
    assert_eq!(revoked_by(&AuthCall { answer, ..unknown }), [user("me")]);
    assert_eq!(revoked_by(&AuthCall { answer, user_id: None, ..unknown }), [token("caller")]);
    assert_eq!(revoked_by(&AuthCall { answer, user_id: None, token: None, ..unknown }), []);
    assert_eq!(revoked_by(&AuthCall { outcome: CallOutcome::Lost, ..unknown }), [user("me")]);
    let verified = AuthCall { method: "GET", ..call("/verify-email", None) };
    assert_eq!(revoked_by(&verified), []);
    assert_eq!(revoked_by(&AuthCall { answer, ..verified }), [user("me")]);
}

#[test]
fn what_only_reads_or_renews_marks_nobody() {
    let renewal = renewal();
    let answer = Some(&renewal);
    for method in ["GET", "POST", "HEAD"] {
        assert_eq!(revoked_by(&AuthCall { method, answer, ..call("/get-session", None) }), []);
    }
    for path in ["/list-sessions", "/admin/list-users", "/callback/github", "/revoke-sessions", "/sign-out"] {
        assert_eq!(revoked_by(&AuthCall { method: "GET", answer, ..call(path, None) }), [], "{path}");
    }
}

#[test]
fn a_refused_call_marks_nobody_and_a_lost_answer_counts_as_success() {
    let renewal = renewal();
    let answer = Some(&renewal);
    for status in [400, 401, 403, 404, 429, 500, 501] {
        let refused =
            AuthCall { outcome: CallOutcome::Answered(status), answer, ..call("/revoke-sessions", None) };
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

#[test]
fn what_cannot_be_read_errs_towards_marks() {
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

/// Anybody can call any path and hang up: what was not answered marks nobody but the caller and whom it names.
#[test]
fn an_answer_that_was_lost_is_no_strangers_lever() {
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
                let stranger =
                    AuthCall { token: None, user_id: None, cached: false, outcome, ..call(path, body) };
                assert_eq!(revoked_by(&stranger), [], "{path} {body:?}");
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

/// A token alone proves no session: any value that the server signed looks like one.
#[test]
fn a_lost_answer_marks_nobody_unless_the_callers_cache_verified() {
    for outcome in [
        CallOutcome::Lost,
        CallOutcome::Answered(502),
        CallOutcome::Answered(503),
        CallOutcome::Answered(504),
    ] {
        for path in ["/sign-out", "/revoke-sessions", "/admin/ban-user", "/anything/else", "/sign-in/email"] {
            let unproven = AuthCall { cached: false, outcome, ..call(path, Some(r#"{"userId":"u7"}"#)) };
            assert_eq!(revoked_by(&unproven), [], "{path} {outcome:?}");
        }
        let stateless =
            |path, body| revoked_by(&AuthCall { stateless: true, outcome, ..call(path, Some(body)) });
        assert_eq!(stateless("/admin/ban-user", r#"{"userId":"u7"}"#), [], "nobody knows who is an admin");
        // Confined to the caller's user when it is recorded.
        assert_eq!(stateless("/revoke-session", r#"{"token":"theirs"}"#), [token("theirs")]);
        let arrival = AuthCall { method: "GET", outcome, ..call("/magic-link/verify", None) };
        assert_eq!(revoked_by(&arrival), [token("caller")]);
    }
}

#[test]
fn an_answer_that_sets_another_session_ends_the_callers() {
    let other = other_session();
    let answer = Some(&other);
    for (method, path) in [
        ("GET", "/callback/github"),
        ("GET", "/oauth2/callback/own"),
        ("GET", "/verify"),
        ("POST", "/passkey/verify-authentication"),
        ("PUT", "/house/anything/"),
    ] {
        let targets = revoked_by(&AuthCall { method, answer, ..call(path, None) });
        assert!(
            targets.contains(&token("caller")) || targets == [user("me")],
            "{method} {path}: {targets:?}"
        );
        let redirect =
            AuthCall { method: "GET", answer, outcome: CallOutcome::Answered(302), ..call(path, None) };
        assert!(revoked_by(&redirect).contains(&token("caller")), "{path}");
        assert_eq!(revoked_by(&AuthCall { method: "GET", answer, token: None, ..call(path, None) }), []);
        assert_eq!(
            revoked_by(&AuthCall { method: "GET", answer, stateless: true, ..call(path, None) }),
            [],
            "{path}"
        );
    }
    let same = renewal();
    assert_eq!(
        revoked_by(&AuthCall { method: "GET", answer: Some(&same), ..call("/callback/github", None) }),
        []
    );
    for path in ["/multi-session/set-active", "/one-time-token/verify", "/one-time-token/verify/"] {
        assert_eq!(revoked_by(&AuthCall { answer, ..call(path, None) }), [], "{path}");
    }
}

#[test]
fn a_proven_mailbox_ends_the_other_sessions_of_its_owner() {
    let other = other_session();
    let unread = AnswerCookies { user_id: None, ..other_session() };
    for (method, path) in [
        ("GET", "/magic-link/verify"),
        ("GET", "/verify-email"),
        ("POST", "/sign-in/email-otp"),
        ("POST", "/email-otp/verify-email"),
        ("POST", "/reset-password"),
    ] {
        let stranger = AuthCall { method, token: None, user_id: None, cached: false, ..call(path, None) };
        assert_eq!(
            revoked_by(&AuthCall { answer: Some(&other), ..stranger }),
            [others("them", "new")],
            "{path}"
        );
        assert_eq!(
            revoked_by(&AuthCall { answer: Some(&unread), ..stranger }),
            [RevocationTarget::Everybody],
            "{path}"
        );
        assert_eq!(revoked_by(&AuthCall { answer: Some(&other), stateless: true, ..stranger }), [], "{path}");
    }
    let stranger = AuthCall { token: None, user_id: None, cached: false, ..call("/reset-password", None) };
    assert_eq!(revoked_by(&stranger), [], "whose password it is cannot be seen");
    assert_eq!(revoked_by(&call("/email-otp/reset-password", None)), [user("me")]);
}

#[test]
fn a_deleted_multi_session_cookie_ends_its_token() {
    let ended = AnswerCookies { ended: vec!["second".into(), "third".into()], ..AnswerCookies::default() };
    let answer = Some(&ended);
    let all = [token("caller"), token("second"), token("third")];
    assert_eq!(revoked_by(&AuthCall { answer, ..call("/sign-out", None) }), all);
    assert_eq!(revoked_by(&AuthCall { answer, stateless: true, ..call("/sign-out", None) }), all);
    let refused = CallOutcome::Answered(401);
    let switch = AuthCall { answer, outcome: refused, ..call("/multi-session/set-active", None) };
    assert_eq!(revoked_by(&switch), [token("second"), token("third")]);
    assert_eq!(revoked_by(&AuthCall { stateless: true, ..switch }), []);
}

#[test]
fn an_answer_that_deletes_the_sessions_cookie_ends_the_callers() {
    let gone = AnswerCookies { deletes_token: true, ..AnswerCookies::default() };
    let answer = Some(&gone);
    assert_eq!(revoked_by(&AuthCall { answer, ..call("/oauth2/endsession", None) }), [token("caller")]);
    assert_eq!(revoked_by(&AuthCall { method: "GET", answer, ..call("/get-session", None) }), []);
    let refused = CallOutcome::Answered(401);
    assert_eq!(revoked_by(&AuthCall { answer, outcome: refused, ..call("/list-sessions", None) }), []);
}

#[test]
fn a_403_of_the_organization_plugin_changes_the_callers_session() {
    let answer = AnswerCookies::default();
    let forbidden = |method, path| {
        let outcome = CallOutcome::Answered(403);
        AuthCall { method, outcome, answer: Some(&answer), ..call(path, None) }
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

#[test]
fn a_call_says_what_must_be_known_of_it() {
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
        assert_eq!(wants("POST", path), Wants { body, token, user }, "{path}");
    }
}

/// Without a database the origin knows only the cookie: what does not end a session marks nobody.
#[test]
fn a_server_without_a_database_is_asked_only_about_what_ended() {
    let renewal = renewal();
    let answer = Some(&renewal);
    let stateless = |path, body| revoked_by(&AuthCall { stateless: true, answer, ..call(path, body) });
    for path in
        ["/update-user", "/update-session", "/change-email", "/organization/set-active", "/anything/else"]
    {
        assert_eq!(stateless(path, Some("{}")), [], "{path}");
    }
    assert_eq!(stateless("/change-password", Some("{}")), []);
    assert_eq!(stateless("/change-password", Some(r#"{"revokeOtherSessions":true}"#)), [user("me")]);
    let replaced = AnswerCookies { token: Some("new".into()), ..AnswerCookies::default() };
    let all = AuthCall { body: Some(r#"{"revokeOtherSessions":true}"#), ..call("/change-password", None) };
    assert_eq!(
        revoked_by(&AuthCall { answer: Some(&replaced), stateless: true, ..all }),
        [others("me", "new")]
    );
    assert_eq!(stateless("/sign-out", None), [token("caller")]);
    assert_eq!(stateless("/revoke-other-sessions", None), [others("me", "caller")]);
    let update = |body| stateless("/admin/update-user", Some(body));
    assert_eq!(update(r#"{"userId":"u7","data":{"banned":true}}"#), [user("u7")]);
    assert_eq!(update(r#"{"userId":"u7","data":{"name":"n"}}"#), []);
    assert_eq!(stateless("/admin/ban-user", Some(r#"{"userId":"u7"}"#)), [user("u7")]);
}
