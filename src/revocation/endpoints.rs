//! Whom a call to the auth API changed: by the table of what passes through the gate, and by the cookies of the answer.
//!
//! RevocationState are cheap and only make the gate ask, so both err towards them. Neither can see what path and answer do
//! not tell: whose password `/reset-password` and `/email-otp/reset-password` set, and changes made on the server
//! itself. Those are the plugin's (`better-session/plugin`).

use crate::json::parse;
use crate::revocation::answer_cookies::AnswerCookies;

/// A call that the origin was sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuthCall<'a> {
    /// As sent.
    pub method: &'a str,
    /// The normalised path after `basePath`, such as `/revoke-session`.
    pub path: &'a str,
    /// The caller's session token, when the request has a genuine one.
    pub token: Option<&'a str>,
    /// The caller's user id, where it is known.
    pub user_id: Option<&'a str>,
    /// The body's JSON text; absent when it was not read, or is longer than the bound.
    pub body: Option<&'a str>,
    /// What came of it.
    pub outcome: CallOutcome,
    /// The caller's cache cookie verified: nobody but the caller could have sent it.
    pub cached: bool,
    /// The answer's cookies; absent when none came.
    pub answer: Option<&'a AnswerCookies>,
    /// The origin has no database (`refreshCache`): asked without the cache cookie it would sign the visitor
    /// out, so only what ends sessions makes marks, and a change of data does not.
    pub stateless: bool,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallOutcome {
    /// The origin answered with this status.
    Answered(u16),
    /// It was sent, and no answer came: it may have been carried out.
    #[default]
    Lost,
}

impl AuthCall<'_> {
    /// The answer changes the caller's session: it sets the session's cookie, or the cache where one verified. A
    /// cache set where none did is a renewal.
    fn renews(&self) -> bool {
        self.answer.is_some_and(|answer| answer.token.is_some() || (self.cached && answer.sets_cache))
    }
}

impl CallOutcome {
    /// The origin says that it was carried out.
    pub(super) const fn succeeded(self) -> bool {
        matches!(self, Self::Answered(200..=399))
    }

    /// Whether the call may have been carried out. A proxy's 502, 503 and 504 are not the origin's word.
    const fn acted(self) -> bool {
        self.succeeded() || matches!(self, Self::Lost | Self::Answered(502..=504))
    }
}

/// Whom to mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationTarget {
    /// One session.
    Token(String),
    /// Every session of a user but one.
    User {
        /// The user's id.
        id: String,
        /// The token of the session that is spared.
        except: Option<String>,
    },
    /// One session, of this user only: for servers without a database.
    Session {
        /// The user's id.
        user: String,
        /// The session's token.
        token: String,
    },
    /// Everybody.
    Everybody,
}

/// What must be known of a call before it is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wants {
    /// The body's JSON text, up to [`MAX_CALL_BODY`](crate::revocation::limits::MAX_CALL_BODY) bytes.
    pub body: bool,
    /// The caller's session token: ask the origin when no cookie has it.
    pub token: bool,
    /// The caller's user id: ask the origin when the cache cannot tell.
    pub user: bool,
}

/// Who a path's success changes.
#[derive(Clone, Copy, PartialEq)]
enum EndpointEffect {
    Nobody,
    Caller,
    CallersUser,
    CallersOthers,
    /// `change-password`: the others in any case, the caller as well when the body asks for all.
    Password,
    /// The token in this member of the body, or the caller's user where it cannot be read.
    OwnToken(&'static str),
    /// The same, or everybody: an admin's call about somebody else.
    SomeToken(&'static str),
    /// The user in this member of the body, or everybody.
    SomeUser(&'static str),
    /// Unknown: the caller's user when the answer renews the caller's session.
    Unknown,
    /// A password that is set anew: the caller's user where one is known. Whose password it is cannot be seen.
    Reset,
    /// A way to sign in by GET: the answer's cookies say whom it changed. Where no answer came, the caller.
    Arrival,
}

fn row(method: &str, path: &str) -> EndpointEffect {
    // The server's router does not see a slash at the end.
    match (method, path.trim_end_matches('/')) {
        ("POST", "/revoke-session") => EndpointEffect::OwnToken("token"),
        ("POST", "/multi-session/revoke") => EndpointEffect::OwnToken("sessionToken"),
        ("POST", "/revoke-sessions" | "/update-user" | "/change-email" | "/email-otp/change-email")
        | ("POST", "/delete-user" | "/delete-anonymous-user")
        | ("GET", "/delete-user/callback") => EndpointEffect::CallersUser,
        ("GET", "/oauth2/endsession") => EndpointEffect::Caller,
        ("GET", "/verify-email") => EndpointEffect::Unknown,
        ("POST", path) if path.ends_with("/reset-password") => EndpointEffect::Reset,
        // They change the user's `twoFactorEnabled`; the same calls finish a sign-in, where no caller is known.
        ("POST", path) if path.starts_with("/two-factor/") => EndpointEffect::Reset,
        // Another session becomes this browser's; the one before it lives on.
        ("POST", "/multi-session/set-active" | "/one-time-token/verify") => EndpointEffect::Nobody,
        ("POST", "/revoke-other-sessions") => EndpointEffect::CallersOthers,
        ("POST", "/change-password") => EndpointEffect::Password,
        (
            "POST",
            "/sign-out" | "/oauth2/endsession" | "/update-session" | "/organization/set-active" | "/organization/set-active-team",
        )
        | ("POST", "/admin/impersonate-user" | "/admin/stop-impersonating")
        // They change the active organization of the caller's session, and not its cookies.
        | ("POST", "/organization/create" | "/organization/delete" | "/organization/leave")
        | ("POST", "/organization/accept-invitation" | "/organization/remove-member") => EndpointEffect::Caller,
        ("POST", "/admin/revoke-user-session") => EndpointEffect::SomeToken("sessionToken"),
        ("POST", "/admin/ban-user" | "/admin/unban-user" | "/admin/set-role" | "/admin/update-user")
        | ("POST", "/admin/remove-user" | "/admin/revoke-user-sessions" | "/admin/set-user-password") => {
            EndpointEffect::SomeUser("userId")
        }
        ("GET", path) if signs_in_by_get(path) => EndpointEffect::Arrival,
        // They read, or renew what they found: nothing that a cache holds is other than before.
        (_, "/get-session") | ("GET" | "HEAD" | "OPTIONS", _) => EndpointEffect::Nobody,
        // The session they set is new. The one before it may be gone (an anonymous user's), so it is asked about.
        (_, path) if path.starts_with("/sign-in/") || path.starts_with("/sign-up/") => EndpointEffect::Caller,
        _ => EndpointEffect::Unknown,
    }
}

/// Whether a row is about sessions that end, not only about what they say.
pub(super) fn ends(path: &str, body: Option<&str>) -> bool {
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("/delete-user")
        || (path == "/admin/update-user" && bans(body))
        || last.starts_with("revoke")
        || matches!(last, "sign-out" | "endsession" | "delete-anonymous-user" | "change-password")
        || matches!(last, "ban-user" | "remove-user" | "stop-impersonating")
}

fn signs_in_by_get(path: &str) -> bool {
    path == "/magic-link/verify" || path.starts_with("/callback/") || path.starts_with("/oauth2/callback/")
}

/// Whether an answer that sets another session leaves the caller's old one alive.
fn keeps_old_session(path: &str) -> bool {
    matches!(
        path.trim_end_matches('/'),
        "/multi-session/set-active" | "/one-time-token/verify" | "/admin/impersonate-user"
    )
}

/// Whether success proves that the caller owns an e-mail address. The server then deletes the sessions of an account
/// whose address nobody had proven before.
#[must_use]
pub fn proves_mailbox(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    matches!(path, "/magic-link/verify" | "/sign-in/email-otp" | "/email-otp/verify-email" | "/verify-email")
        || path.ends_with("/reset-password")
}

/// What must be known of a call before it is forwarded, so that [`revoked_by`] can tell whom it changed.
#[must_use]
pub fn wants(method: &str, path: &str) -> Wants {
    let row = row(method, path);
    let body = matches!(
        row,
        EndpointEffect::Password
            | EndpointEffect::OwnToken(_)
            | EndpointEffect::SomeToken(_)
            | EndpointEffect::SomeUser(_)
    );
    let user = matches!(
        row,
        EndpointEffect::CallersUser
            | EndpointEffect::CallersOthers
            | EndpointEffect::Password
            | EndpointEffect::OwnToken(_)
    );
    Wants { body, token: row == EndpointEffect::Caller, user }
}

/// Whom a call changed, by its path and by the cookies of its answer.
#[must_use]
pub fn revoked_by(call: &AuthCall<'_>) -> Vec<RevocationTarget> {
    let mut targets: Vec<RevocationTarget> = by_path(call).into_iter().collect();
    for target in by_answer(call) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// Nobody when the origin refused the call. If no answer came, only a caller whose cache cookie verified is taken at
/// their word, and marks no more than themselves and whom the call names: or a stranger who has calls cut off could
/// have everybody asked about. Without a database no more than themselves, since a mark there ends a session.
fn by_path(call: &AuthCall<'_>) -> Option<RevocationTarget> {
    let succeeded = call.outcome.succeeded();
    if !call.outcome.acted()
        || (!succeeded && !call.cached)
        || (call.stateless && !ends(call.path, call.body))
    {
        return None;
    }
    let token = || call.token.map(|token| RevocationTarget::Token(token.to_owned()));
    let unknown = || if succeeded { Some(RevocationTarget::Everybody) } else { token() };
    let user = |except: Option<&str>| match call.user_id {
        Some(id) => Some(RevocationTarget::User { id: id.to_owned(), except: except.map(str::to_owned) }),
        None => unknown(),
    };
    let callers_user = || if call.user_id.is_some() { user(None) } else { token() };
    match row(call.method, call.path) {
        // Confined to the caller's own user afterwards, so that the named session can be recorded without an answer.
        EndpointEffect::OwnToken(name) if call.stateless && !succeeded => {
            member(call.body, name).map(RevocationTarget::Token)
        }
        // Without an answer nobody knows whether the caller is an admin.
        EndpointEffect::SomeToken(_) | EndpointEffect::SomeUser(_) if call.stateless && !succeeded => None,
        EndpointEffect::Nobody => None,
        EndpointEffect::Caller => token(),
        EndpointEffect::CallersUser => user(None),
        EndpointEffect::CallersOthers => user(call.token),
        // The new session that the answer sets has just begun.
        EndpointEffect::Password if member_is_true(call.body, "revokeOtherSessions") => {
            let new = call.answer.and_then(|answer| answer.token.as_deref());
            user(new.filter(|new| call.token != Some(new)))
        }
        EndpointEffect::Password if call.stateless => None,
        EndpointEffect::Password => user(call.token),
        EndpointEffect::OwnToken(name) => {
            member(call.body, name).map_or_else(|| user(None), |t| Some(RevocationTarget::Token(t)))
        }
        EndpointEffect::SomeToken(name) => {
            member(call.body, name).map_or_else(unknown, |t| Some(RevocationTarget::Token(t)))
        }
        EndpointEffect::SomeUser(name) => match member(call.body, name) {
            Some(id) => Some(RevocationTarget::User { id, except: None }),
            None => unknown(),
        },
        EndpointEffect::Unknown if call.renews() || call.outcome == CallOutcome::Lost => callers_user(),
        EndpointEffect::Unknown => None,
        EndpointEffect::Reset => callers_user(),
        EndpointEffect::Arrival => {
            if succeeded {
                None
            } else {
                token()
            }
        }
    }
}

/// The sessions that the answer's cookies end, whatever the path. Without a database switching accounts must not sign
/// anybody out, so there only the cookies deleted by a call that ends sessions count.
fn by_answer(call: &AuthCall<'_>) -> Vec<RevocationTarget> {
    let Some(answer) = call.answer else { return Vec::new() };
    let mut targets = Vec::new();
    if !call.stateless || ends(call.path, call.body) {
        targets.extend(answer.ended.iter().map(|token| RevocationTarget::Token(token.clone())));
    }
    if call.stateless {
        return targets;
    }
    let path = call.path.trim_end_matches('/');
    let forbidden = call.outcome == CallOutcome::Answered(403) && path.starts_with("/organization/");
    let signed_out = answer.deletes_token && call.outcome.succeeded() && path != "/get-session";
    if let Some(old) = call.token {
        let replaced = answer.token.as_deref().is_some_and(|new| new != old) && !keeps_old_session(path);
        if replaced || signed_out || forbidden {
            targets.push(RevocationTarget::Token(old.to_owned()));
        }
    }
    // The caller's own session, renewed: the table has marked its user.
    let renewal = answer.token.as_deref() == call.token && call.user_id.is_some();
    if let Some(new) = answer.token.as_ref().filter(|_| proves_mailbox(path) && !renewal) {
        targets.push(match &answer.user_id {
            Some(id) => RevocationTarget::User { id: id.clone(), except: Some(new.clone()) },
            None => RevocationTarget::Everybody,
        });
    }
    targets
}

/// A string member of the body, or a number, which the server's own coercion reads as its text.
fn member(body: Option<&str>, name: &str) -> Option<String> {
    let value = parse(body?).ok()?.member(name)?;
    value.string().map(String::from).or_else(|| value.number().map(|_| value.text().to_owned()))
}

/// Whether an admin's update of a user sets `banned`, which ends the user's sessions.
fn bans(body: Option<&str>) -> bool {
    let data = body.and_then(|body| parse(body).ok()?.member("data"));
    data.and_then(|data| data.member("banned")).is_some_and(|banned| banned.is_literal("true"))
}

/// Absent is false; what cannot be read may be true.
fn member_is_true(body: Option<&str>, name: &str) -> bool {
    match body.map(parse) {
        Some(Ok(body)) => body.member(name).is_some_and(|value| !value.is_literal("false")),
        _ => true,
    }
}
