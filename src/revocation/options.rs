//! Options of revocation, and the lifetime of a revocation that follows from them.

use crate::revocation::limits::{FALLBACK_MAX_AGE, MAX_ENTRIES, MAX_LIFETIME, READER_TOLERANCE};
use crate::time::{Millis, Seconds};

/// Options of a [`RevocationState`](crate::revocation::RevocationState).
#[derive(Debug, Clone)]
pub struct Options {
    /// `cookieCache.maxAge`, in seconds.
    pub max_age: Seconds,
    /// `graceWhenOriginIsDown`, in seconds: how long an expired cache may still be accepted.
    pub grace: Seconds,
    /// Interval between two reads of the feed, in milliseconds. Default 500.
    pub poll_interval: Millis,
    /// Greatest age at which the index is still used, in milliseconds. Default 1,000.
    pub max_staleness: Millis,
    /// Greatest difference between the clocks of the origin and the gates, either way, in milliseconds. Default 2,000.
    pub clock_skew: Millis,
    /// Greatest number of subjects in the index; at most [`MAX_ENTRIES`], the default.
    pub max_entries: usize,
    /// The server has no database (`refreshCache`). No revocation may then affect everybody, because a lookup without
    /// the cache cookie signs the visitor out. Default false.
    pub stateless: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_age: 300,
            grace: 0,
            poll_interval: 500,
            max_staleness: 1000,
            clock_skew: 2000,
            max_entries: MAX_ENTRIES,
            stateless: false,
        }
    }
}

impl Options {
    /// Returns how long a cache written before a revocation can still be accepted, in seconds: its window, the gate's
    /// grace, the clock skew of both sides and the tolerance of the server's readers.
    pub(super) fn lifetime(&self) -> Seconds {
        let skew = self.clock_skew.max(0).saturating_mul(2).saturating_add(999) / 1000;
        let window = self.max_age.max(FALLBACK_MAX_AGE).saturating_add(READER_TOLERANCE);
        window.saturating_add(self.grace.max(0)).saturating_add(skew).min(MAX_LIFETIME)
    }
}
