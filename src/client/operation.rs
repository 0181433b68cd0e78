//! The requests of an operation: one, or several that belong together, and which of them comes next.

use super::response::Fault;

/// The purpose of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A single request, whose target the page names.
    Request,
    /// Looks the session up for the session store.
    LookUpSession,
    /// Revokes a session that the list of sessions contains. `verify` also checks that it is gone afterwards.
    Revoke {
        /// Reads the list again at the end.
        verify: bool,
    },
}

/// The request that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// The only one, to the page's own target.
    Only = 0,
    /// `GET /get-session`. The server may ask for a refresh with `needsRefresh` when it defers the sliding expiry.
    Session = 1,
    /// `POST /get-session`, the refresh.
    Refresh = 2,
    /// `GET /list-sessions` before a revocation, because the server answers `{ status: true }` in any case.
    ListBefore = 3,
    /// `POST /revoke-session`.
    Revoke = 4,
    /// `GET /list-sessions` after a revocation.
    ListAfter = 5,
}

/// The content of a successful response, as far as operations depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The server asks for a refresh of the session.
    pub needs_refresh: bool,
    /// It is a list.
    pub is_list: bool,
    /// It is a list that contains the session to revoke.
    pub is_listed: bool,
}

/// The step after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another request.
    Phase(Phase),
    /// The operation succeeded.
    Succeed,
    /// The error of the request is that of the operation.
    Fail,
    /// A failure that no server described.
    Fault(Fault),
}

impl Purpose {
    /// Returns the first request.
    pub fn first(self) -> Phase {
        match self {
            Self::Request => Phase::Only,
            Self::LookUpSession => Phase::Session,
            Self::Revoke { .. } => Phase::ListBefore,
        }
    }

    /// Returns the step after a request that succeeded with `content`.
    pub fn after_success(self, phase: Phase, content: Content) -> Next {
        match phase {
            Phase::Session if content.needs_refresh => Next::Phase(Phase::Refresh),
            Phase::ListBefore | Phase::ListAfter if !content.is_list => Next::Fault(Fault::InvalidResponse),
            Phase::ListBefore if content.is_listed => Next::Phase(Phase::Revoke),
            Phase::ListBefore => Next::Fault(Fault::SessionNotFound),
            Phase::Revoke if self == (Self::Revoke { verify: true }) => Next::Phase(Phase::ListAfter),
            Phase::ListAfter if content.is_listed => Next::Fault(Fault::SessionStillActive),
            _ => Next::Succeed,
        }
    }

    /// Returns the step after a request that failed. If only the refresh fails, the first response counts, unless nobody is
    /// signed in any more. A 401 after a revocation means that the caller's own session was revoked.
    pub fn after_failure(phase: Phase, is_unauthorized: bool) -> Next {
        match phase {
            Phase::Refresh if !is_unauthorized => Next::Succeed,
            Phase::ListAfter if is_unauthorized => Next::Succeed,
            _ => Next::Fail,
        }
    }
}

impl Phase {
    /// Returns the phase with this number.
    pub fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Session,
            2 => Self::Refresh,
            3 => Self::ListBefore,
            4 => Self::Revoke,
            5 => Self::ListAfter,
            _ => Self::Only,
        }
    }

    /// Returns the path and whether the method is POST; an empty path is the page's own target.
    pub fn target(self) -> (&'static str, bool) {
        match self {
            Self::Only => ("", false),
            Self::Session => ("/get-session", false),
            Self::Refresh => ("/get-session", true),
            Self::ListBefore | Self::ListAfter => ("/list-sessions", false),
            Self::Revoke => ("/revoke-session", true),
        }
    }
}
