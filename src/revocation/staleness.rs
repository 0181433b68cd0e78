//! How far the index may be believed: a state machine over the times of the last reads of the feed.

use crate::time::Millis as UnixMillis;

/// What to do before answering from the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staleness {
    /// Answer.
    Fresh,
    /// Answer, and read the feed in the background of this request.
    RefreshInBackground,
    /// Read the feed first.
    MustAwait,
    /// The feed could not be read just now and the index is too old: nothing cached can be believed.
    Unreachable,
}

impl Staleness {
    /// The stable code.
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

/// Times of the feed's reads, by one isolate's clock, in milliseconds.
#[derive(Debug, Clone)]
pub struct FeedFreshness {
    poll_interval: UnixMillis,
    max_staleness: UnixMillis,
    /// The feed's answers up to this instant are in the index.
    as_of: Option<UnixMillis>,
    started: Option<UnixMillis>,
    /// The start of the latest read that has ended.
    ended: Option<UnixMillis>,
    failed: Option<UnixMillis>,
}

impl FeedFreshness {
    /// Reads every `poll_interval`, answers while no older than `max_staleness`; both in milliseconds.
    #[must_use]
    pub const fn new(poll_interval: UnixMillis, max_staleness: UnixMillis) -> Self {
        Self { poll_interval, max_staleness, as_of: None, started: None, ended: None, failed: None }
    }

    /// What to do at `now`. A clock that was set back makes nothing fresher: then the feed is read.
    #[must_use]
    pub fn standing(&self, now: UnixMillis) -> Staleness {
        let within = |since: Option<UnixMillis>, span| {
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

    /// Whether a read that began within `max_staleness` is still under way: another request may wait for
    /// what it brings, for as long as it would wait for a read of its own.
    #[must_use]
    pub fn reading(&self, now: UnixMillis) -> bool {
        self.started.is_some_and(|started| {
            (0..self.max_staleness).contains(&now.saturating_sub(started)) && self.ended < Some(started)
        })
    }

    /// A read begins.
    pub fn begin(&mut self, now: UnixMillis) {
        self.started = Some(now);
    }

    /// A read that began at `started` brought what was true `age` before that. An answer that is too old to
    /// be of use counts as none.
    pub fn succeed(&mut self, started: UnixMillis, age: UnixMillis, now: UnixMillis) {
        let as_of = started.saturating_sub(age.max(0));
        if self.as_of.is_none_or(|before| before < as_of || before > now) {
            self.as_of = Some(as_of);
        }
        self.failed = (age >= self.max_staleness).then_some(now);
        self.ended = self.ended.max(Some(started));
    }

    /// A read that began at `started` failed at `now`.
    pub fn fail(&mut self, started: UnixMillis, now: UnixMillis) {
        self.failed = Some(now);
        self.ended = self.ended.max(Some(started));
    }
}
