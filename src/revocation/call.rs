//! Derives the revocations of a forwarded call from the [`endpoints`](crate::revocation::endpoints) table and from the
//! cookies of its response.

use crate::json::parse;
use crate::prelude::*;
use crate::revocation::endpoints::{
    EndpointEffect, endpoint_effect, ends_sessions, keeps_previous_session, proves_mailbox,
};
use crate::revocation::response_cookies::ResponseCookies;

/// A call to the auth API that was forwarded to the origin.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuthCall<'a> {
    /// The request's method, as sent.
    pub method: &'a str,
    /// The normalised path after `basePath`, such as `/revoke-session`.
    pub path: &'a str,
    /// The caller's session token, if the request has a verified one.
    pub token: Option<&'a str>,
    /// The caller's user id, if known.
    pub user_id: Option<&'a str>,
    /// The body's JSON text; `None` if it was not read or is longer than the limit.
    pub body: Option<&'a str>,
    /// The outcome of the call.
    pub outcome: CallOutcome,
    /// The caller's cache cookie verified, so the request was the caller's own.
    pub cache_verified: bool,
    /// The session changes in the response's cookies; `None` if no response arrived.
    pub response: Option<&'a ResponseCookies>,
    /// The origin has no database (`refreshCache`). A lookup without the cache cookie would sign the visitor out, so
    /// only calls that end sessions revoke, and calls that change data do not.
    pub stateless: bool,
}

/// Outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CallOutcome {
    /// The origin responded with this status.
    Answered(u16),
    /// The call was sent and no response arrived. The origin may have carried it out.
    #[default]
    Lost,
}

impl AuthCall<'_> {
    /// Returns whether the response changes the caller's session: it sets the token, or sets the cache of a request
    /// whose cache verified. A cache set for a request without one is a renewal.
    fn changes_session(&self) -> bool {
        self.response
            .is_some_and(|response| response.token.is_some() || (self.cache_verified && response.sets_cache))
    }
}

impl CallOutcome {
    /// Returns whether the origin reported success.
    pub(super) const fn succeeded(self) -> bool {
        matches!(self, Self::Answered(200..=399))
    }

    /// Returns whether the origin may have carried the call out. A 502, 503 or 504 can come from a proxy.
    const fn may_have_succeeded(self) -> bool {
        self.succeeded() || matches!(self, Self::Lost | Self::Answered(502..=504))
    }
}

/// The sessions that a revocation covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationTarget {
    /// One session.
    Token(String),
    /// Every session of a user, with at most one exception.
    User {
        /// The user's id.
        id: String,
        /// The token of the session that stays valid.
        except: Option<String>,
    },
    /// One session, if it belongs to this user: for servers without a database.
    Session {
        /// The user's id.
        user: String,
        /// The session's token.
        token: String,
    },
    /// Every session.
    Everybody,
}

/// Returns the sessions that a call changed, by its path and by the cookies of its response.
#[must_use]
pub fn revoked_by(call: &AuthCall<'_>) -> Vec<RevocationTarget> {
    let mut targets: Vec<RevocationTarget> = revoked_by_endpoint(call).into_iter().collect();
    for target in revoked_by_cookies(call) {
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    targets
}

/// Returns the sessions that the endpoint changes; `None` if the origin rejected the call.
///
/// If no response arrived, only a caller with a verified cache revokes, and only the caller's own sessions and those
/// that the call names; otherwise an anonymous client could revoke everybody by aborting an admin request. Without a
/// database such a caller revokes only their own session, because a revocation there ends it.
fn revoked_by_endpoint(call: &AuthCall<'_>) -> Option<RevocationTarget> {
    let succeeded = call.outcome.succeeded();
    if !call.outcome.may_have_succeeded()
        || (!succeeded && !call.cache_verified)
        || (call.stateless && !ends_sessions(call.path, call.body))
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
    match endpoint_effect(call.method, call.path) {
        // Confined to the caller's own user afterwards, so that the named session can be recorded without an answer.
        EndpointEffect::OwnToken(name) if call.stateless && !succeeded => {
            text_member(call.body, name).map(RevocationTarget::Token)
        }
        // Without an answer nobody knows whether the caller is an admin.
        EndpointEffect::AnyToken(_) | EndpointEffect::AnyUser(_) if call.stateless && !succeeded => None,
        EndpointEffect::None => None,
        EndpointEffect::Caller => token(),
        EndpointEffect::CallersUser => user(None),
        EndpointEffect::CallersOtherSessions => user(call.token),
        // The new session that the response sets has just begun.
        EndpointEffect::PasswordChange if may_be_true(call.body, "revokeOtherSessions") => {
            let new = call.response.and_then(|cookies| cookies.token.as_deref());
            user(new.filter(|new| call.token != Some(new)))
        }
        EndpointEffect::PasswordChange if call.stateless => None,
        EndpointEffect::PasswordChange => user(call.token),
        EndpointEffect::OwnToken(name) => {
            text_member(call.body, name).map_or_else(|| user(None), |t| Some(RevocationTarget::Token(t)))
        }
        EndpointEffect::AnyToken(name) => {
            text_member(call.body, name).map_or_else(unknown, |t| Some(RevocationTarget::Token(t)))
        }
        EndpointEffect::AnyUser(name) => match text_member(call.body, name) {
            Some(id) => Some(RevocationTarget::User { id, except: None }),
            None => unknown(),
        },
        EndpointEffect::Unknown if call.changes_session() || call.outcome == CallOutcome::Lost => {
            callers_user()
        }
        EndpointEffect::Unknown => None,
        EndpointEffect::CallersUserIfKnown => callers_user(),
        EndpointEffect::SignInByGet if succeeded => None,
        EndpointEffect::SignInByGet => token(),
    }
}

/// Returns the sessions that the response's cookies end, whatever the path. Without a database only the cookies deleted
/// by a call that ends sessions count, so that switching accounts signs no session out.
fn revoked_by_cookies(call: &AuthCall<'_>) -> Vec<RevocationTarget> {
    let Some(response) = call.response else { return Vec::new() };
    let mut targets = Vec::new();
    if !call.stateless || ends_sessions(call.path, call.body) {
        targets.extend(response.ended_tokens.iter().map(|token| RevocationTarget::Token(token.clone())));
    }
    if call.stateless {
        return targets;
    }
    let path = call.path.trim_end_matches('/');
    let forbidden = call.outcome == CallOutcome::Answered(403) && path.starts_with("/organization/");
    let signed_out = response.deletes_token && call.outcome.succeeded() && path != "/get-session";
    if let Some(old) = call.token {
        let replaced =
            response.token.as_deref().is_some_and(|new| new != old) && !keeps_previous_session(path);
        if replaced || signed_out || forbidden {
            targets.push(RevocationTarget::Token(old.to_owned()));
        }
    }
    // A renewal of the caller's own session: the endpoint's row has already revoked its user.
    let is_renewal = response.token.as_deref() == call.token && call.user_id.is_some();
    if let Some(new) = response.token.as_ref().filter(|_| proves_mailbox(path) && !is_renewal) {
        targets.push(match &response.user_id {
            Some(id) => RevocationTarget::User { id: id.clone(), except: Some(new.clone()) },
            None => RevocationTarget::Everybody,
        });
    }
    targets
}

/// Returns a string member of the body, or the text of a number, which the server coerces to a string.
fn text_member(body: Option<&str>, name: &str) -> Option<String> {
    let value = parse(body?).ok()?.member(name)?;
    value.string().map(String::from).or_else(|| value.number().map(|_| value.text().to_owned()))
}

/// Returns whether a member of the body is true. A missing member is false; an unreadable body counts as true.
fn may_be_true(body: Option<&str>, name: &str) -> bool {
    match body.map(parse) {
        Some(Ok(body)) => body.member(name).is_some_and(|value| !value.is_literal("false")),
        _ => true,
    }
}
