//! What one isolate of a gate holds: keys, the live marks, the cursor into the feed, and how fresh they are.

use crate::primitives::crypto::keyring::Keys;
use crate::revocation::arrivals::Arrivals;
use crate::revocation::endpoints::{AuthCall, RevocationTarget, Wants, ends, revoked_by, wants};
use crate::revocation::entry::{self, BatchError, Revocation};
use crate::revocation::index::Index;
use crate::revocation::limits::{FALLBACK_MAX_AGE, MAX_ENTRIES, MAX_LIFETIME, READER_TOLERANCE};
use crate::revocation::message::{Message, MessageError};
use crate::revocation::staleness::{FeedFreshness, Staleness};
use crate::revocation::stateless::confine;
use crate::revocation::subject::{Kind, RevocationKeys, Subject};
use crate::time::{Millis as UnixMillis, Seconds};

/// How revocation is configured.
#[derive(Debug, Clone)]
pub struct Options {
    /// `cookieCache.maxAge`, in seconds.
    pub max_age: Seconds,
    /// `graceWhenOriginIsDown`, in seconds: for so long a copy past its window may still be believed.
    pub grace: Seconds,
    /// Between two reads of the feed, in milliseconds. Default 500.
    pub poll_interval: UnixMillis,
    /// The oldest index that is answered from, in milliseconds. Default 1,000.
    pub max_staleness: UnixMillis,
    /// How far the clocks of the origin and of the gates may be apart, either way, in milliseconds. Default 2,000.
    pub clock_skew: UnixMillis,
    /// Most subjects held; at most [`MAX_ENTRIES`], the default.
    pub max_entries: usize,
    /// The server has no database (`refreshCache`): nothing may hold for everybody, since whoever is asked about
    /// without the cache cookie is signed out. Default false.
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

/// The marks of one isolate.
pub struct RevocationState {
    keys: RevocationKeys,
    everybody: Vec<Subject>,
    index: Index,
    arrivals: Arrivals,
    freshness: FeedFreshness,
    cursor: String,
    lifetime: Seconds,
    clock_skew: UnixMillis,
    stateless: bool,
}

impl std::fmt::Debug for RevocationState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevocationState")
            .field("len", &self.index.len())
            .field("freshness", &self.freshness)
            .finish_non_exhaustive()
    }
}

impl RevocationState {
    /// An empty index that has not read the feed yet.
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
            lifetime: lifetime(options),
            clock_skew: options.clock_skew.max(0),
            stateless: options.stateless,
        }
    }

    /// Whether a mark is newer than a cached copy made at `updated_at` by the origin's clock, or may have been:
    /// a copy that outlives the marks (the server's `maxAge` is longer than the one given here) is not believed.
    /// A copy dated further ahead than the clocks may be apart proves nothing about its age: any mark is newer.
    #[must_use]
    pub fn is_revoked(&self, token: &str, user_id: &str, updated_at: UnixMillis, now: UnixMillis) -> bool {
        let remembered = millis(self.lifetime).saturating_sub(self.clock_skew.saturating_mul(2));
        if now.saturating_sub(updated_at) > remembered {
            return true;
        }
        let ahead = updated_at > now.saturating_add(self.clock_skew);
        let older = |not_before: Option<UnixMillis>| {
            not_before
                .is_some_and(|not_before| ahead || updated_at <= not_before.saturating_add(self.clock_skew))
        };
        if older(self.index.global_not_before()) {
            return true;
        }
        !self.index.is_empty()
            && self.keys.iter().any(|key| {
                let token = key.subject(Kind::Token, token);
                let user = key.subject(Kind::User, user_id);
                older(self.index.not_before(token, token))
                    || older(self.index.not_before(user, token))
                    || older(self.index.session_not_before(user, token))
            })
    }

    /// How many revocations have arrived: what [`RevocationState::overtaken`] is told when a lookup starts.
    #[must_use]
    pub const fn arrived(&self) -> u64 {
        self.arrivals.count()
    }

    /// Whether an answer about this session may be older than a revocation: one that arrived while the lookup, which
    /// started at `asked` after `arrived` revocations, was under way, and that was not surely made before it.
    #[must_use]
    pub fn overtaken(&self, token: &str, user_id: Option<&str>, arrived: u64, asked: UnixMillis) -> bool {
        let subjects: Vec<_> = self
            .keys
            .iter()
            .map(|key| (key.subject(Kind::Token, token), user_id.map(|id| key.subject(Kind::User, id))))
            .collect();
        self.arrivals.any_since(arrived, |subject, except, made| {
            made.saturating_add(self.clock_skew) >= asked
                && (self.everybody.contains(&subject)
                    || subjects.iter().any(|(token, user)| {
                        subject == *token || (Some(subject) == *user && except != Some(*token))
                    }))
        })
    }

    /// Returns what must be known of a call before it is forwarded, or `None` if the call must not be sent: it
    /// would end sessions of a server without a database, and there is no room to record that.
    #[must_use]
    pub fn wants(&self, method: &str, path: &str) -> Option<Wants> {
        let wanted = wants(method, path);
        let acts = method == "POST" || wanted != Wants::default();
        let ending = self.stateless && acts && ends(path, None);
        if ending && self.index.is_full() {
            return None;
        }
        Some(Wants { user: wanted.user || ending, ..wanted })
    }

    /// Makes the marks of a call at `now`, takes them into the index, and returns them as a batch for the feed.
    pub fn record(&mut self, call: &AuthCall<'_>, now: UnixMillis) -> Vec<u8> {
        let targets = revoked_by(call);
        let targets = if self.stateless { confine(call, targets) } else { targets };
        self.mark(&targets, now)
    }

    /// Makes marks at `now`, takes them into the index, and returns them as a batch for the feed.
    pub fn mark(&mut self, targets: &[RevocationTarget], now: UnixMillis) -> Vec<u8> {
        let batch = self.batch(targets, now);
        let _ = self.take(&batch, now);
        batch
    }

    /// RevocationState at `now` as a batch, one for every secret, without taking them in. Without a database none is on
    /// everybody.
    #[must_use]
    pub fn batch(&self, targets: &[RevocationTarget], now: UnixMillis) -> Vec<u8> {
        let mut batch = Vec::new();
        for (target, key) in targets.iter().flat_map(|target| self.keys.iter().map(move |key| (target, key)))
        {
            let token_of = |token: &String| Some(key.subject(Kind::Token, token));
            let (subject, except, only) = match target {
                RevocationTarget::Token(token) => (key.subject(Kind::Token, token), None, None),
                RevocationTarget::User { id, except } => {
                    (key.subject(Kind::User, id), except.as_ref().and_then(token_of), None)
                }
                RevocationTarget::Session { user, token } => {
                    (key.subject(Kind::User, user), None, token_of(token))
                }
                RevocationTarget::Everybody if self.stateless => continue,
                RevocationTarget::Everybody => (key.subject(Kind::Everybody, ""), None, None),
            };
            let lifetime = self.lifetime;
            Revocation { subject, not_before: now, lifetime, except, only, kept: self.stateless }
                .write(&mut batch);
        }
        batch
    }

    /// Takes a batch in, all of it or, when any of it is garbage, nothing. Repeats and any order give the same
    /// index. A `notBefore` in the future is held at what the clocks may be apart, and a mark lives at least as
    /// long as one made here: whoever reports it knows nothing of the gate's grace.
    ///
    /// # Errors
    /// The batch's first fault.
    pub fn take(&mut self, batch: &[u8], now: UnixMillis) -> Result<(), BatchError> {
        entry::check(batch)?;
        self.index.expire(now);
        for mut mark in entry::records(batch) {
            mark.not_before = mark.not_before.min(now.saturating_add(self.clock_skew));
            mark.lifetime = mark.lifetime.max(self.lifetime);
            let everybody = self.everybody.contains(&mark.subject);
            let known = if everybody {
                self.index.global_not_before() >= Some(mark.not_before)
            } else {
                self.index.covers(&mark)
            };
            if !known {
                self.arrivals.push(mark.only.unwrap_or(mark.subject), mark.except, mark.not_before);
            }
            if everybody {
                self.index.raise_global_not_before(mark.not_before);
            } else {
                self.index.insert(&mark, now);
            }
        }
        if self.index.is_overfull() { Err(BatchError::IndexFull) } else { Ok(()) }
    }

    /// The feed dropped marks that came before `arrived`, by its clock: no copy that old is believed. Returns false
    /// if there is no database: then nothing can be answered for as long as such marks would live.
    pub fn raise_global_not_before(&mut self, arrived: UnixMillis, now: UnixMillis) -> bool {
        let ahead = now.saturating_add(self.clock_skew);
        if let Some(everybody) = self.everybody.first() {
            self.arrivals.push(*everybody, None, arrived.min(ahead));
        }
        self.index.raise_global_not_before(arrived.saturating_add(self.clock_skew).min(ahead));
        !self.stateless || now.saturating_sub(arrived) > millis(self.lifetime)
    }

    /// A read of the feed that began at `started` brought `batch`, true `age` ms before that. Garbage counts as
    /// a failed read: the cursor stays.
    ///
    /// # Errors
    /// The batch's first fault.
    pub fn read(
        &mut self,
        batch: &[u8],
        cursor: &str,
        started: UnixMillis,
        age: UnixMillis,
        now: UnixMillis,
    ) -> Result<(), BatchError> {
        self.take(batch, now).inspect_err(|_| self.freshness.fail(started, now))?;
        self.cursor.clear();
        self.cursor.push_str(cursor);
        self.freshness.succeed(started, age, now);
        Ok(())
    }

    /// How far the index may be believed at `now`.
    #[must_use]
    pub fn standing(&self, now: UnixMillis) -> Staleness {
        self.freshness.standing(now)
    }

    /// The state of reading.
    pub fn freshness(&mut self) -> &mut FeedFreshness {
        &mut self.freshness
    }

    /// Where the next read of the feed goes on; empty at first.
    #[must_use]
    pub fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The live marks.
    #[must_use]
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// For how long marks are worth keeping, in seconds.
    #[must_use]
    pub const fn lifetime(&self) -> Seconds {
        self.lifetime
    }

    /// Signs a report to the feed endpoint.
    #[must_use]
    pub fn sign_report(&self, report: &Message<'_>) -> String {
        report.sign(&self.keys.current)
    }

    /// Checks all of a report but its signature and its body.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn admit_report(&self, time: &str, nonce: &str, now: UnixMillis) -> Result<(), MessageError> {
        Message { body: &[], time, nonce }.admit(now)
    }

    /// Checks a report to the feed endpoint.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn verify_report(
        &self,
        report: &Message<'_>,
        signature: &str,
        now: UnixMillis,
    ) -> Result<(), MessageError> {
        report.verify(&self.keys, signature, now)
    }
}

/// The longest that a copy made before a mark can still be believed: its window, the gate's grace, what the reader's clock and the
/// mark's may be off, and the tolerance of the server's readers.
fn lifetime(options: &Options) -> Seconds {
    let skew = options.clock_skew.max(0).saturating_mul(2).saturating_add(999) / 1000;
    let window = options.max_age.max(FALLBACK_MAX_AGE).saturating_add(READER_TOLERANCE);
    window.saturating_add(options.grace.max(0)).saturating_add(skew).min(MAX_LIFETIME)
}

fn millis(seconds: Seconds) -> UnixMillis {
    seconds.saturating_mul(1000)
}
