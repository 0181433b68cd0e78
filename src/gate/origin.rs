//! What the origin's answer to `get-session` says. It is believed only in the form that Better Auth has;
//! anything else is the origin's trouble, never a session and never a sign-out.

use crate::cache::session::{Session, User};
use crate::json::{self, Raw};
use crate::time::{self, Millis, parse_iso};
use crate::verdict::Authenticated;

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
    Session { cached: Box<Authenticated>, needs_refresh: bool },
    NoSession,
    Unusable,
}

/// Reads an answer. `is_callers` says whether a session token is one that was sent: an answer about another session is
/// trouble (a cache in between has mixed up two visitors).
pub(super) fn read(
    outcome: LookupOutcome<'_>,
    is_callers: impl Fn(&str) -> bool,
    now: Millis,
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
        Some(cached) if is_callers(&cached.session.token) => {
            let needs_refresh = answer.member("needsRefresh").is_some_and(|flag| flag.is_literal("true"));
            OriginAnswer::Session { cached: Box::new(cached), needs_refresh }
        }
        _ => OriginAnswer::Unusable,
    }
}

/// Less strict than the cache's schema: plugins may reshape this answer, but not whose session it is.
fn session(answer: Raw<'_>, now: Millis) -> Option<Authenticated> {
    let session = answer.member("session")?;
    let user = answer.member("user")?;
    let user_id = user.member("id")?.string()?;
    let owner = session.member("userId")?.string()?;
    let date = |name| session.member(name).and_then(Raw::string).and_then(|text| parse_iso(&text));
    let expires_at = date("expiresAt")?;
    if owner != user_id || expires_at < now {
        return None;
    }
    let instant = time::UnixMillis::from_millis;
    Some(Authenticated {
        session: Session {
            json: session.text().into(),
            token: session.member("token")?.string()?.into_owned(),
            expires_at: instant(expires_at),
            created_at: date("createdAt").map(instant),
            updated_at: date("updatedAt").map(instant),
        },
        user: User { json: user.text().into(), id: user_id.into_owned(), created_at: None, updated_at: None },
        cache: None,
        fresh: false,
        refresh_due: false,
    })
}
