//! The request to mint a session cache.

use core::fmt;
use core::time::Duration;

use crate::cache::strategy::Strategy;
use crate::time::UnixMillis;

/// A request to mint a session cache: the session, the user and, where they differ from the configuration, strategy,
/// version and window.
#[derive(Clone, Copy)]
pub struct MintRequest<'a> {
    pub(crate) session: &'a str,
    pub(crate) user: &'a str,
    pub(crate) now: UnixMillis,
    pub(crate) random: [u8; 32],
    pub(crate) strategy: Option<Strategy>,
    pub(crate) version: Option<&'a str>,
    pub(crate) max_age: Option<Duration>,
}

impl<'a> MintRequest<'a> {
    /// Creates a request. `session` and `user` are JSON objects with ISO 8601 dates, which are written unchanged; `now` becomes
    /// the cache's `updatedAt`. `random` must be fresh from a cryptographic generator for each request: `jwe` takes its IV
    /// and `jti` from it, the other strategies ignore it.
    #[must_use]
    pub const fn new(session: &'a str, user: &'a str, now: UnixMillis, random: [u8; 32]) -> Self {
        Self { session, user, now, random, strategy: None, version: None, max_age: None }
    }

    /// Sets the encoding; by default the first configured one.
    #[must_use]
    pub const fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// Sets `cookieCache.version`; by default the configured one, and `"1"` if that is a function.
    #[must_use]
    pub const fn version(mut self, version: &'a str) -> Self {
        self.version = Some(version);
        self
    }

    /// Sets the cache's window, by default the configured `max_age`. `jwt` and `jwe` truncate it to seconds.
    #[must_use]
    pub const fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }
}

impl fmt::Debug for MintRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MintRequest")
            .field("now", &self.now)
            .field("strategy", &self.strategy)
            .field("version", &self.version)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
