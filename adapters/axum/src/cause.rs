//! Causes of an unavailable session.

use std::fmt;

/// The reason why a session could not be checked, for logs. The response does not contain it; its extensions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cause(&'static str);

impl Cause {
    /// The revocation feed could not be read.
    pub const FEED_UNAVAILABLE: Self = Self("feed_unavailable");
    /// The origin did not respond.
    pub const ORIGIN_NO_RESPONSE: Self = Self("origin_no_response");
    /// The origin did not respond in time.
    pub const ORIGIN_TIMEOUT: Self = Self("origin_timeout");
    /// The origin's response was longer than any session, ended early, or was not UTF-8.
    pub const ORIGIN_UNREADABLE: Self = Self("origin_unreadable");
    /// A revocation arrived during each lookup.
    pub const OVERTAKEN: Self = Self("overtaken");
    /// The visitor's cookies or a credential header are longer than any valid ones.
    pub const REQUEST_TOO_LARGE: Self = Self("request_too_large");

    /// Wraps the code of a cause that the core found in a response.
    pub(crate) const fn of_response(code: &'static str) -> Self {
        Self(code)
    }

    /// Returns the stable code, one of `GateCause` of the npm package.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
