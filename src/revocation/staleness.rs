//! Staleness of the index: a state machine over the times of the last reads of the feed.

use crate::time::Millis;

/// Whether the index may be used, and whether the feed must be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staleness {
    /// Use the index.
    Fresh,
    /// Use the index, and read the feed in the background of this request.
    RefreshInBackground,
    /// Read the feed first.
    MustAwait,
    /// The last read failed and the index is too old: no cache can be accepted.
    Unreachable,
}

impl Staleness {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::RefreshInBackground => "refresh",
            Self::MustAwait => "await",
            Self::Unreachable => "unreachable",
        }
    }
}

/// Times of the feed reads, by this isolate's clock, in milliseconds.
#[derive(Debug, Clone)]
pub struct FeedFreshness {
    poll_interval: Millis,
    max_staleness: Millis,
    /// The index contains every revocation that the feed had at this instant.
    as_of: Option<Millis>,
    /// The start of the latest read.
    started: Option<Millis>,
    /// The start of the latest read that has ended.
    ended: Option<Millis>,
    /// The end of the latest failed read, if none has succeeded since.
    failed: Option<Millis>,
}

impl FeedFreshness {
    /// Creates a state in which the feed is read every `poll_interval` and the index is used up to an age of
    /// `max_staleness`, both in milliseconds.
    #[must_use]
    pub const fn new(poll_interval: Millis, max_staleness: Millis) -> Self {
        Self { poll_interval, max_staleness, as_of: None, started: None, ended: None, failed: None }
    }

    /// Returns the staleness at `now`. If the clock was set back, the feed must be read.
    #[must_use]
    pub fn staleness(&self, now: Millis) -> Staleness {
        let within = |since: Option<Millis>, span| {
            since.is_some_and(|since| (0..span).contains(&now.saturating_sub(since)))
        };
        if within(self.as_of, self.max_staleness) {
            if within(self.started, self.poll_interval) {
                Staleness::Fresh
            } else {
                Staleness::RefreshInBackground
            }
        } else if within(self.failed, self.poll_interval) {
            Staleness::Unreachable
        } else {
            Staleness::MustAwait
        }
    }

    /// Returns whether a read that began within `max_staleness` is in flight. Another request may wait for its result,
    /// for as long as for a read of its own.
    #[must_use]
    pub fn is_reading(&self, now: Millis) -> bool {
        self.started.is_some_and(|started| {
            (0..self.max_staleness).contains(&now.saturating_sub(started)) && self.ended < Some(started)
        })
    }

    /// Records the start of a read.
    pub fn begin(&mut self, now: Millis) {
        self.started = Some(now);
    }

    /// Records the success of a read that began at `started`; its result was current `age` before that. A result too old
    /// to be used counts as a failure.
    pub fn succeed(&mut self, started: Millis, age: Millis, now: Millis) {
        let as_of = started.saturating_sub(age.max(0));
        if self.as_of.is_none_or(|before| before < as_of || before > now) {
            self.as_of = Some(as_of);
        }
        self.failed = (age >= self.max_staleness).then_some(now);
        self.ended = self.ended.max(Some(started));
    }

    /// Records the failure, at `now`, of a read that began at `started`.
    pub fn fail(&mut self, started: Millis, now: Millis) {
        self.failed = Some(now);
        self.ended = self.ended.max(Some(started));
    }
}
