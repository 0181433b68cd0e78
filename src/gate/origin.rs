//! What the origin's answer to `get-session` says. It is believed only in the form that Better Auth has;
//! anything else is the origin's trouble, never a session and never a sign-out.

use crate::cache::claims::CachedSession;
use crate::json::{self, Raw};
use crate::time::{UnixMillis, parse_iso};

/// Longest answer read, in bytes. A session and its user take one to a few kilobytes.
pub const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// What came of a question.
#[derive(Debug, Clone, Copy)]
pub enum LookupOutcome<'a> {
    /// The origin answered.
    Answered {
        /// HTTP status.
        status: u16,
        /// The whole body.
        body: &'a str,
    },
    /// It did not: refused, timed out, cut off, or longer than [`MAX_ANSWER_BYTES`].
    Lost,
}

/// What the origin said.
#[derive(Debug)]
pub(super) enum OriginAnswer {
    Session { cached: Box<CachedSession>, needs_refresh: bool },
    NoSession,
    Unusable,
}

/// Reads an answer. `is_callers` says whether a session token is one that was sent: an answer about another session is
/// trouble (a cache in between has mixed up two visitors).
pub(super) fn read(
    outcome: LookupOutcome<'_>,
    is_callers: impl Fn(&str) -> bool,
    now: UnixMillis,
) -> OriginAnswer {
    let body = match outcome {
        LookupOutcome::Answered { status: 200, body } => body,
        LookupOutcome::Answered { status: 401 | 403, .. } => return OriginAnswer::NoSession,
        _ => return OriginAnswer::Unusable,
    };
    let Ok(answer) = json::parse(body.trim_matches([' ', '\t', '\n', '\r'])) else {
        return OriginAnswer::Unusable;
    };
    if answer.is_literal("null") {
        return OriginAnswer::NoSession;
    }
    match session(answer, now) {
        Some(cached) if is_callers(&cached.token) => {
            let needs_refresh = answer.member("needsRefresh").is_some_and(|flag| flag.is_literal("true"));
            OriginAnswer::Session { cached: Box::new(cached), needs_refresh }
        }
        _ => OriginAnswer::Unusable,
    }
}

/// Less strict than the cache's schema: plugins may reshape this answer, but not whose session it is.
fn session(answer: Raw<'_>, now: UnixMillis) -> Option<CachedSession> {
    let session = answer.member("session")?;
    let user = answer.member("user")?;
    let user_id = user.member("id")?.string()?;
    let owner = session.member("userId")?.string()?;
    let date = |name| session.member(name).and_then(Raw::string).and_then(|text| parse_iso(&text));
    let expires_at = date("expiresAt")?;
    if owner != user_id || expires_at < now {
        return None;
    }
    Some(CachedSession {
        session: session.text().into(),
        user: user.text().into(),
        token: session.member("token")?.string()?.into_owned(),
        session_expires_at: expires_at,
        session_created_at: date("createdAt"),
        session_updated_at: date("updatedAt"),
        user_id: user_id.into_owned(),
        user_created_at: None,
        user_updated_at: None,
        version: "1".into(),
        cached_at: now,
        cache_expires_at: now,
        payload: String::new(),
    })
}
