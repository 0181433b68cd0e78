//! What the platform is to do next.

use crate::gate::path::PathFault;
use crate::verdict::{Authenticated, Verdict};

/// The next thing to do for one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Answer `get-session` from this cache.
    Answer {
        /// The session that the cache proves.
        session: Box<Authenticated>,
        /// The body to answer with.
        body: String,
    },
    /// Send the request on to the origin's auth API and its answer back.
    Forward {
        /// The path to send it to.
        path: String,
        /// Without the cache cookie: the server would believe it.
        without_cache_cookie: bool,
    },
    /// Ask the origin for the session with the request's cookies, then `resume`.
    Ask(SessionLookup),
    /// Check whether the origin answers a request for this path that carries nothing of the visitor's, then
    /// `resume` again with [`GateRequest::origin_up`](crate::gate::decision::GateRequest::origin_up).
    Probe(String),
    /// Let the request through.
    Next {
        /// The path to send it to.
        path: String,
        /// What is known of the visitor.
        access: Access,
    },
    /// Refuse.
    Reject(Rejection),
}

/// `get-session` at the origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLookup {
    /// Path and query.
    pub target: String,
    /// POST, which is how a deferred refresh is carried out; else GET.
    pub post: bool,
}

/// What is known of a visitor who is let through.
#[derive(Debug, Clone, PartialEq)]
pub enum Access {
    /// The path is public; nobody has looked.
    Public,
    /// There is a session.
    Session(Box<Authenticated>, Source),
}

/// Who vouches for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The cache cookie.
    Cookie,
    /// The origin, asked for this request.
    Origin,
    /// A cache past its window, because the origin cannot be reached.
    Grace,
}

impl Source {
    /// The name in the JavaScript API.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Origin => "origin",
            Self::Grace => "grace",
        }
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// HTTP status: 302, 400, 401, 403 or 503.
    pub status: u16,
    /// Stable code of the JSON body.
    pub code: &'static str,
    /// Sentence of the JSON body.
    pub message: &'static str,
    /// Where a page is sent instead.
    pub location: Option<String>,
    /// What the cookies prove, for `authenticate`.
    pub verdict: Option<Box<Verdict>>,
}

impl Rejection {
    const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message, location: None, verdict: None }
    }

    pub(super) const fn path(fault: PathFault) -> Self {
        Self::new(400, fault.code(), "The path cannot be forwarded safely")
    }

    /// As the server says it.
    pub(super) const fn unauthorized() -> Self {
        Self::new(401, "UNAUTHORIZED", "Unauthorized")
    }

    pub(super) fn redirect(location: String) -> Self {
        Self { location: Some(location), ..Self::new(302, "UNAUTHORIZED", "Unauthorized") }
    }

    /// As the server says it.
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
