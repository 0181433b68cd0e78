//! The table of the auth API's endpoints: whose sessions each one changes, and the inputs needed to tell.
//!
//! A revocation is cheap and only makes the gate look the session up, so the table revokes in doubt. It cannot cover
//! changes that neither the path nor the response shows: whose password `/reset-password` and
//! `/email-otp/reset-password` set, and changes made on the server itself. `better-session/plugin` reports those.

use crate::json::parse;

/// Inputs that must be known of a call before it is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallInputs {
    /// The body's JSON text, up to [`MAX_CALL_BODY`](crate::revocation::limits::MAX_CALL_BODY) bytes.
    pub body: bool,
    /// The caller's session token, looked up at the origin if no cookie has it.
    pub token: bool,
    /// The caller's user id, looked up at the origin if the cache does not have it.
    pub user: bool,
}

/// Sessions that a successful call to an endpoint changes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum EndpointEffect {
    /// None.
    None,
    /// The caller's session.
    Caller,
    /// Every session of the caller's user.
    CallersUser,
    /// Every session of the caller's user except the caller's.
    CallersOtherSessions,
    /// As `CallersOtherSessions`; the caller's session too if the body has `revokeOtherSessions`.
    PasswordChange,
    /// The session whose token is this member of the body, or the caller's user if the member cannot be read.
    OwnToken(&'static str),
    /// The session whose token is this member of the body, or everybody: an admin's call about another user.
    AnyToken(&'static str),
    /// The user whose id is this member of the body, or everybody.
    AnyUser(&'static str),
    /// Not in the table: the caller's user if the response renews the caller's session.
    Unknown,
    /// The caller's user, if known: whose password a reset sets, or who finishes a second factor, the call does not show.
    CallersUserIfKnown,
    /// A sign-in by GET. The response's cookies show whom it changed; without a response, the caller's session.
    SignInByGet,
}

/// Returns the row of an endpoint. Trailing slashes are ignored, as the server's router does.
pub(super) fn endpoint_effect(method: &str, path: &str) -> EndpointEffect {
    match (method, path.trim_end_matches('/')) {
        ("POST", "/revoke-session") => EndpointEffect::OwnToken("token"),
        ("POST", "/multi-session/revoke") => EndpointEffect::OwnToken("sessionToken"),
        ("POST", "/revoke-sessions" | "/update-user" | "/change-email" | "/email-otp/change-email")
        | ("POST", "/delete-user" | "/delete-anonymous-user")
        | ("GET", "/delete-user/callback") => EndpointEffect::CallersUser,
        ("GET", "/oauth2/endsession") => EndpointEffect::Caller,
        ("GET", "/verify-email") => EndpointEffect::Unknown,
        ("POST", path) if path.ends_with("/reset-password") => EndpointEffect::CallersUserIfKnown,
        // They change the user's `twoFactorEnabled`; the same calls finish a sign-in, where no caller is known.
        ("POST", path) if path.starts_with("/two-factor/") => EndpointEffect::CallersUserIfKnown,
        // These switch the browser to another session, and the previous one stays valid.
        ("POST", "/multi-session/set-active" | "/one-time-token/verify") => EndpointEffect::None,
        ("POST", "/revoke-other-sessions") => EndpointEffect::CallersOtherSessions,
        ("POST", "/change-password") => EndpointEffect::PasswordChange,
        (
            "POST",
            "/sign-out" | "/oauth2/endsession" | "/update-session" | "/organization/set-active" | "/organization/set-active-team",
        )
        | ("POST", "/admin/impersonate-user" | "/admin/stop-impersonating")
        // These change the active organization of the caller's session without setting its cookies.
        | ("POST", "/organization/create" | "/organization/delete" | "/organization/leave")
        | ("POST", "/organization/accept-invitation" | "/organization/remove-member") => EndpointEffect::Caller,
        ("POST", "/admin/revoke-user-session") => EndpointEffect::AnyToken("sessionToken"),
        ("POST", "/admin/ban-user" | "/admin/unban-user" | "/admin/set-role" | "/admin/update-user")
        | ("POST", "/admin/remove-user" | "/admin/revoke-user-sessions" | "/admin/set-user-password") => {
            EndpointEffect::AnyUser("userId")
        }
        ("GET", path) if signs_in_by_get(path) => EndpointEffect::SignInByGet,
        // These only read or renew a session.
        (_, "/get-session") | ("GET" | "HEAD" | "OPTIONS", _) => EndpointEffect::None,
        // The previous session may have ended (an anonymous user's), so it is looked up again.
        (_, path) if path.starts_with("/sign-in/") || path.starts_with("/sign-up/") => EndpointEffect::Caller,
        _ => EndpointEffect::Unknown,
    }
}

/// Returns whether an endpoint ends sessions, rather than only changing their data.
pub(super) fn ends_sessions(path: &str, body: Option<&str>) -> bool {
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/delete-user")
        || (path == "/admin/update-user" && bans_user(body))
        || last.starts_with("revoke")
        || matches!(last, "sign-out" | "endsession" | "delete-anonymous-user" | "change-password")
        || matches!(last, "ban-user" | "remove-user" | "stop-impersonating")
}

fn signs_in_by_get(path: &str) -> bool {
    path == "/magic-link/verify" || path.starts_with("/callback/") || path.starts_with("/oauth2/callback/")
}

/// Returns whether the caller's previous session stays valid when the response sets another one.
pub(super) fn keeps_previous_session(path: &str) -> bool {
    matches!(
        path.trim_end_matches('/'),
        "/multi-session/set-active" | "/one-time-token/verify" | "/admin/impersonate-user"
    )
}

/// Returns whether success proves that the caller owns an e-mail address. The server then deletes the sessions of an
/// account whose address was unverified before.
#[must_use]
pub fn proves_mailbox(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    matches!(path, "/magic-link/verify" | "/sign-in/email-otp" | "/email-otp/verify-email" | "/verify-email")
        || path.ends_with("/reset-password")
}

/// Returns the inputs that [`revoked_by`](crate::revocation::revoked_by) needs for a call to this endpoint.
#[must_use]
pub fn required_inputs(method: &str, path: &str) -> CallInputs {
    let effect = endpoint_effect(method, path);
    let body = matches!(
        effect,
        EndpointEffect::PasswordChange
            | EndpointEffect::OwnToken(_)
            | EndpointEffect::AnyToken(_)
            | EndpointEffect::AnyUser(_)
    );
    let user = matches!(
        effect,
        EndpointEffect::CallersUser
            | EndpointEffect::CallersOtherSessions
            | EndpointEffect::PasswordChange
            | EndpointEffect::OwnToken(_)
    );
    CallInputs { body, token: effect == EndpointEffect::Caller, user }
}

/// Returns whether an admin's update of a user sets `banned`, which ends the user's sessions.
fn bans_user(body: Option<&str>) -> bool {
    let data = body.and_then(|body| parse(body).ok()?.member("data"));
    data.and_then(|data| data.member("banned")).is_some_and(|banned| banned.is_literal("true"))
}
