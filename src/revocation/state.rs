//! The revocation state of one gate isolate: keys, the index, the position in the feed and its staleness.

use crate::keyring::Keys;
use crate::prelude::*;
use crate::revocation::arrivals::Arrivals;
use crate::revocation::entry::{self, BatchError};
use crate::revocation::index::Index;
use crate::revocation::message::{Message, MessageError};
use crate::revocation::options::Options;
use crate::revocation::staleness::{FeedFreshness, Staleness};
use crate::revocation::subject::{Kind, RevocationKeys, Subject};
use crate::time::{Millis, Seconds};

/// The revocation state of one isolate.
pub struct RevocationState {
    pub(super) keys: RevocationKeys,
    /// The subject "everybody" under each secret.
    everybody: Vec<Subject>,
    pub(super) index: Index,
    arrivals: Arrivals,
    freshness: FeedFreshness,
    cursor: String,
    pub(super) lifetime: Seconds,
    clock_skew: Millis,
    pub(super) stateless: bool,
}

impl core::fmt::Debug for RevocationState {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("RevocationState")
            .field("len", &self.index.len())
            .field("freshness", &self.freshness)
            .finish_non_exhaustive()
    }
}

impl RevocationState {
    /// Creates an empty index that has not read the feed yet.
    #[must_use]
    pub fn new(keys: &Keys, options: &Options) -> Self {
        let keys = RevocationKeys::new(keys);
        Self {
            everybody: keys.iter().map(|key| key.subject(Kind::Everybody, "")).collect(),
            keys,
            index: if options.stateless {
                Index::stateless(options.max_entries)
            } else {
                Index::with_capacity(options.max_entries)
            },
            arrivals: Arrivals::default(),
            freshness: FeedFreshness::new(options.poll_interval, options.max_staleness),
            cursor: String::new(),
            lifetime: options.lifetime(),
            clock_skew: options.clock_skew.max(0),
            stateless: options.stateless,
        }
    }

    /// Returns whether a cache written at `updated_at`, by the origin's clock, is revoked or may be.
    ///
    /// A cache that outlives the revocations (the server's `maxAge` is longer than the configured one) counts as
    /// revoked. A cache dated further ahead than `clock_skew` proves nothing about its age, so any revocation of its
    /// subjects applies.
    #[must_use]
    pub fn is_revoked(&self, token: &str, user_id: &str, updated_at: Millis, now: Millis) -> bool {
        if now.saturating_sub(updated_at) > self.remembered() {
            return true;
        }
        let ahead = updated_at > now.saturating_add(self.clock_skew);
        let is_older_than = |not_before: Option<Millis>| {
            not_before
                .is_some_and(|not_before| ahead || updated_at <= not_before.saturating_add(self.clock_skew))
        };
        if is_older_than(self.index.global_not_before()) {
            return true;
        }
        !self.index.is_empty()
            && self.keys.iter().any(|key| {
                let token = key.subject(Kind::Token, token);
                let user = key.subject(Kind::User, user_id);
                is_older_than(self.index.not_before(token, token))
                    || is_older_than(self.index.not_before(user, token))
                    || is_older_than(self.index.session_not_before(user, token))
            })
    }

    /// Returns the last time at which a cache written at `updated_at` can be told from a revoked one.
    #[doc(hidden)]
    #[must_use]
    pub const fn knows_until(&self, updated_at: Millis) -> Millis {
        updated_at.saturating_add(self.remembered())
    }

    /// Returns for how long after a cache was written its revocations are still known.
    const fn remembered(&self) -> Millis {
        millis(self.lifetime).saturating_sub(self.clock_skew.saturating_mul(2))
    }

    /// Returns the number of revocations that have arrived, to pass to [`RevocationState::is_overtaken`] as the count at
    /// the start of a lookup.
    #[must_use]
    pub const fn arrival_count(&self) -> u64 {
        self.arrivals.count()
    }

    /// Returns whether a response about this session may be older than a revocation: one that arrived during the lookup,
    /// which started at `started` after `arrival_count` revocations, unless that one was certainly made before the
    /// lookup started.
    #[must_use]
    pub fn is_overtaken(
        &self,
        token: &str,
        user_id: Option<&str>,
        arrival_count: u64,
        started: Millis,
    ) -> bool {
        let subjects: Vec<_> = self
            .keys
            .iter()
            .map(|key| (key.subject(Kind::Token, token), user_id.map(|id| key.subject(Kind::User, id))))
            .collect();
        self.arrivals.any_since(arrival_count, |subject, except, not_before| {
            not_before.saturating_add(self.clock_skew) >= started
                && (self.everybody.contains(&subject)
                    || subjects.iter().any(|(token, user)| {
                        subject == *token || (Some(subject) == *user && except != Some(*token))
                    }))
        })
    }

    /// Applies a batch completely, or not at all if any of it is malformed. Order and repetition do not change the
    /// resulting index. A `notBefore` in the future is reduced to `now` plus the clock skew, and a revocation lives at
    /// least as long as one made here, because the reporter does not know the gate's grace.
    ///
    /// # Errors
    /// Returns the batch's first error.
    pub fn apply(&mut self, batch: &[u8], now: Millis) -> Result<(), BatchError> {
        entry::check(batch)?;
        self.index.expire(now);
        for mut revocation in entry::records(batch) {
            revocation.not_before = revocation.not_before.min(now.saturating_add(self.clock_skew));
            revocation.lifetime = revocation.lifetime.max(self.lifetime);
            let known = if self.everybody.contains(&revocation.subject) {
                let known = self.index.global_not_before() >= Some(revocation.not_before);
                self.index.raise_global_not_before(revocation.not_before);
                known
            } else {
                self.index.insert(&revocation, now)
            };
            if !known {
                let subject = revocation.only.unwrap_or(revocation.subject);
                self.arrivals.push(subject, revocation.except, revocation.not_before);
            }
        }
        if self.index.is_overfull() { Err(BatchError::IndexFull) } else { Ok(()) }
    }

    /// Revokes every cache written before `arrived`, by the feed's clock, because the feed has dropped revocations that
    /// old. Returns false if the index must not be used: without a database everybody cannot be revoked, and the dropped
    /// revocations may still be needed.
    pub fn raise_global_not_before(&mut self, arrived: Millis, now: Millis) -> bool {
        let ahead = now.saturating_add(self.clock_skew);
        let not_before = arrived.saturating_add(self.clock_skew).min(ahead);
        // A feed repeats its floor with every read. Only a new one overtakes the lookups in flight.
        if self.index.global_not_before() < Some(not_before) {
            if let Some(everybody) = self.everybody.first() {
                self.arrivals.push(*everybody, None, arrived.min(ahead));
            }
            self.index.raise_global_not_before(not_before);
        }
        !self.stateless || now.saturating_sub(arrived) > millis(self.lifetime)
    }

    /// Applies the result of a feed read that began at `started`; `batch` was current `age` ms before that. A malformed
    /// batch counts as a failed read, and the cursor stays.
    ///
    /// # Errors
    /// Returns the batch's first error.
    pub fn read(
        &mut self,
        batch: &[u8],
        cursor: &str,
        started: Millis,
        age: Millis,
        now: Millis,
    ) -> Result<(), BatchError> {
        self.apply(batch, now).inspect_err(|_| self.freshness.fail(started, now))?;
        self.cursor.clear();
        self.cursor.push_str(cursor);
        self.freshness.succeed(started, age, now);
        Ok(())
    }

    /// Returns how far the index may be used at `now`.
    #[must_use]
    pub fn staleness(&self, now: Millis) -> Staleness {
        self.freshness.staleness(now)
    }

    /// Returns the times of the feed reads.
    pub fn freshness(&mut self) -> &mut FeedFreshness {
        &mut self.freshness
    }

    /// Returns the feed position at which the next read continues; empty before the first read.
    #[must_use]
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    /// Returns the live revocations.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// Returns how long a revocation must be stored, in seconds.
    #[must_use]
    pub const fn lifetime(&self) -> Seconds {
        self.lifetime
    }

    /// Signs a message to the feed endpoint under the current secret.
    #[must_use]
    pub fn sign_message(&self, message: &Message<'_>) -> String {
        message.sign(&self.keys.current)
    }

    /// Checks the time and the nonce of a message to the feed endpoint, before its body is read.
    ///
    /// # Errors
    /// Returns why the message is rejected.
    pub fn check_message_header(&self, time: &str, nonce: &str, now: Millis) -> Result<(), MessageError> {
        Message { body: &[], time, nonce }.check(now)
    }

    /// Verifies a message to the feed endpoint.
    ///
    /// # Errors
    /// Returns why the message is rejected.
    pub fn verify_message(
        &self,
        message: &Message<'_>,
        signature: &str,
        now: Millis,
    ) -> Result<(), MessageError> {
        message.verify(&self.keys, signature, now)
    }
}

const fn millis(seconds: Seconds) -> Millis {
    seconds.saturating_mul(1000)
}
