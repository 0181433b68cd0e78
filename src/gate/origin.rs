//! Parses the origin's response to `get-session`. Only Better Auth's own format counts here, and a session must be the caller's; for
//! another body that sets a valid cache see `lookup`.

use crate::cache::session::{Session, User};
use crate::json::{self, Raw};
use crate::prelude::*;
use crate::time::{self, Millis, parse_iso};
use crate::verdict::Authenticated;

/// Longest response read, in bytes. A session and its user take a few kilobytes.
pub const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// Outcome of a lookup.
#[derive(Debug, Clone, Copy)]
pub enum LookupOutcome<'a> {
    /// The origin responded.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The complete body.
        body: &'a str,
        /// The `Set-Cookie` lines, joined by line breaks.
        set_cookies: &'a str,
    },
    /// No response: the connection failed, timed out or was closed early, or the body exceeded [`MAX_ANSWER_BYTES`].
    Lost,
}

impl<'a> LookupOutcome<'a> {
    /// Creates the outcome of a response without cookies.
    #[must_use]
    pub const fn answered(status: u16, body: &'a str) -> Self {
        Self::Answered { status, body, set_cookies: "" }
    }

    /// Returns the body of the response, if there is one.
    pub(super) const fn body(self) -> Option<&'a str> {
        match self {
            Self::Answered { body, .. } => Some(body),
            Self::Lost => None,
        }
    }
}

/// Meaning of the origin's response.
#[derive(Debug)]
pub(super) enum OriginAnswer {
    /// A session; `needs_refresh` requests a deferred refresh.
    Session { cached: Box<Authenticated>, needs_refresh: bool },
    /// There is no session.
    NoSession,
    /// The response says nothing about the session.
    Unusable,
}

impl OriginAnswer {
    /// Returns whether this meaning of `outcome` is an accepted result of a deferred refresh.
    pub(super) const fn accepts_refresh(&self, outcome: LookupOutcome<'_>) -> bool {
        let forbidden = matches!(outcome, LookupOutcome::Answered { status: 403, .. });
        !forbidden && !matches!(self, Self::Unusable)
    }
}

/// Reads a response. `is_callers` returns whether a session token is one that the request carried. A response about
/// another session is unusable, because a cache in between may have mixed up two visitors.
pub(super) fn read(
    outcome: LookupOutcome<'_>,
    is_callers: impl Fn(&str) -> bool,
    now: Millis,
) -> OriginAnswer {
    let body = match outcome {
        LookupOutcome::Answered { status: 200, body, .. } => body,
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

/// Parses an ISO 8601 date, or the text of a database whose driver returns no dates: `YYYY-MM-DD HH:MM:SS[.fraction]` and
/// `Z`, an offset such as `+00` or `+05:30`, or nothing, which means UTC.
pub(super) fn parse_date(text: &str) -> Option<Millis> {
    // JavaScript reads a date alone as midnight in UTC.
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00Z"));
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(end)?;
    let utc = parse_iso(&[date, "T", time, "Z"].concat())?;
    let Some(sign) = zone.chars().next().filter(|sign| *sign != 'Z') else {
        return (zone.len() <= 1).then_some(utc);
    };
    let digits: String = zone.chars().skip(1).filter(|digit| *digit != ':').collect();
    let offset = parse_iso(
        &["1970-01-01T", digits.get(..2)?, ":", digits.get(2..4).unwrap_or("00"), ":00Z"].concat(),
    )?;
    Some(if sign == '-' { utc.saturating_add(offset) } else { utc.saturating_sub(offset) })
}

/// Reads a date: text, or a number of milliseconds since the epoch, as some databases store it.
fn date(value: Raw<'_>) -> Option<Millis> {
    #[allow(clippy::cast_possible_truncation)] // saturates
    value.number().map(|millis| millis as Millis).or_else(|| parse_date(&value.string()?))
}

/// Returns the session of a response. The checks are weaker than the cache's schema, because plugins may reshape the
/// response, but they cover whose session it is.
fn session(answer: Raw<'_>, now: Millis) -> Option<Authenticated> {
    let session = answer.member("session")?;
    let user = answer.member("user")?;
    let user_id = user.member("id")?.string()?;
    let owner = session.member("userId")?.string()?;
    let date = |name| session.member(name).and_then(date);
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
        token_verified: true,
    })
}
