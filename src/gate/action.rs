//! The actions of the gate: the result of a decision, which the platform carries out.

use crate::gate::path::PathFault;
use crate::gate::pending::Pending;
use crate::prelude::*;
use crate::verdict::{Authenticated, Verdict};

/// The next action for a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Respond to `get-session` from the cache.
    Answer {
        /// The session of the cache.
        session: Box<Authenticated>,
        /// The body of the response.
        body: String,
    },
    /// Forward the request to the origin's auth API.
    Forward {
        /// The path to forward to.
        path: String,
        /// Remove the cache cookie, which the server would accept.
        without_cache_cookie: bool,
        /// The predicates that must accept the visitor first.
        guard: Option<Box<Guard>>,
    },
    /// Look the session up at the origin with the request's cookies, then call
    /// [`Gate::resume`](crate::gate::decision::Gate::resume).
    Ask {
        /// The lookup.
        lookup: SessionLookup,
        /// The state for `resume`.
        pending: Box<Pending>,
    },
    /// Send the origin a request without the visitor's cookies and headers, then call
    /// [`Gate::resume`](crate::gate::decision::Gate::resume) with the same outcome and with
    /// [`GateRequest::origin_up`](crate::gate::request::GateRequest::origin_up) set.
    Probe {
        /// The path of the health check.
        path: String,
        /// The state for `resume`.
        pending: Box<Pending>,
    },
    /// Let the request through.
    Next {
        /// The path to forward to.
        path: String,
        /// The visitor's session.
        access: Access,
        /// The positions in `routes.when` of the predicates that must accept the visitor first.
        predicates: Vec<usize>,
    },
    /// Reject the request.
    Reject(Rejection),
}

/// A request for `get-session` at the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLookup {
    /// Path and query.
    pub target: String,
    /// The method is POST, which carries out a deferred refresh; otherwise GET.
    pub post: bool,
    /// Only the origin counts: an earlier response must not stand in for its own.
    pub required: bool,
}

/// The predicates of a call of the auth API, and the visitor's session.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// The positions of the predicates in `routes.when`.
    pub predicates: Vec<usize>,
    /// The session.
    pub session: Authenticated,
    /// The source of the session.
    pub source: Source,
}

/// The session of a request that is let through.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// The path is public, and the session was not checked.
    Public,
    /// The session is optional, and there is none. The verdict is `None` if the origin knows no such session.
    Nobody(Option<Box<Verdict>>),
    /// A session, and its source.
    Session(Box<Authenticated>, Source),
}

/// The source of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The cache cookie.
    Cookie,
    /// A lookup at the origin for this request.
    Origin,
    /// An expired cache, because the origin cannot be reached.
    Grace,
}

impl Source {
    /// Returns the name in the JavaScript API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Origin => "origin",
            Self::Grace => "grace",
        }
    }
}

/// The response to a rejected request.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// HTTP status: 302, 400, 401, 403 or 503.
    pub status: u16,
    /// The stable code of the JSON body.
    pub code: &'static str,
    /// The message of the JSON body.
    pub message: &'static str,
    /// The URL to which a page is redirected.
    pub location: Option<String>,
    /// The verdict on the cookies, for `authenticate`.
    pub verdict: Option<Box<Verdict>>,
}

impl Rejection {
    const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message, location: None, verdict: None }
    }

    pub(super) const fn path(fault: PathFault) -> Self {
        Self::new(400, fault.code(), "The path cannot be forwarded safely")
    }

    /// Returns the server's own response without a session.
    pub(super) const fn unauthorized() -> Self {
        Self::new(401, "UNAUTHORIZED", "Unauthorized")
    }

    pub(super) fn redirect(location: String) -> Self {
        Self { location: Some(location), ..Self::new(302, "UNAUTHORIZED", "Unauthorized") }
    }

    /// Returns the server's own response to a session that is not fresh.
    pub(super) const fn not_fresh() -> Self {
        Self::new(403, "SESSION_NOT_FRESH", "Session is not fresh")
    }

    pub(super) const fn unavailable() -> Self {
        Self::new(503, "ORIGIN_UNAVAILABLE", "The session cannot be checked at the moment")
    }

    pub(super) fn with(mut self, verdict: Verdict) -> Self {
        self.verdict = Some(Box::new(verdict));
        self
    }
}
