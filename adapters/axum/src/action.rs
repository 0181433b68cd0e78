//! The parts of actions that the lookups need.

use better_session::gate::{Access, Action, Rejection, Source};
use better_session::{Authenticated, Verdict};

/// Returns an action after which no lookup is left. A further one counts as an unavailable origin.
pub(crate) fn last(action: Action) -> Action {
    match action {
        Action::Ask { .. } | Action::Probe { .. } => Action::Reject(Rejection {
            status: 503,
            code: "ORIGIN_UNAVAILABLE",
            message: "The server cannot be reached at the moment",
            location: None,
            verdict: None,
        }),
        action => action,
    }
}

/// Returns the session token that the cookies prove.
pub(crate) fn token_of(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Authenticated(session) => Some(&session.session.token),
        Verdict::Stale { token, .. } => Some(token),
        Verdict::Unauthenticated { .. } => None,
    }
}

/// Returns the session of an action.
pub(crate) fn session_of(action: &Action) -> Option<&Authenticated> {
    match action {
        Action::Next { access: Access::Session(session, _), .. } => Some(session),
        Action::Reject(Rejection { verdict: Some(verdict), .. }) => match verdict.as_ref() {
            Verdict::Authenticated(session) => Some(session),
            _ => None,
        },
        _ => None,
    }
}

/// Returns whether a lookup's response was accepted. The cookies of any other are not passed on: they may be another visitor's.
pub(crate) const fn is_accepted(action: &Action) -> bool {
    match action {
        Action::Next { access, .. } => {
            matches!(access, Access::Session(_, Source::Origin) | Access::Nobody(None))
        }
        Action::Reject(rejection) => rejection.status != 503,
        Action::Answer { .. } | Action::Forward { .. } => true,
        Action::Ask { .. } | Action::Probe { .. } => false,
    }
}
