//! The revocation index of this process, and the reads of the feed that keep it fresh.

use std::fmt;
use std::sync::{Arc, Once, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use better_session::revocation::{BatchError, RevocationState, RevocationTarget, Staleness};
use better_session::{Authenticated, UnixMillis};
use better_session_feeds::{FeedError, RevocationBatch, RevocationFeed};

use crate::clock::now;
use crate::options::{RevocationOptions, millis};

/// Interval and number of looks at the index while another request's read of the feed is in flight.
const POLL: Duration = Duration::from_millis(20);
const POLLS: usize = 10;

/// Delay of a read that a notification causes, so that a burst of them causes few reads.
const WAKE_DELAY: Duration = Duration::from_millis(5);

/// Minimum time that a read may take.
const MIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Maximum number of pages in one read: more than any feed stores.
const MAX_PAGES: usize = 64;

pub(crate) type OnFeedError = Arc<dyn Fn(&FeedError) + Send + Sync>;

pub(crate) struct Revocation {
    feed: Arc<dyn RevocationFeed>,
    state: RwLock<RevocationState>,
    timeout: Duration,
    pub(crate) clock_skew: Duration,
    pub(crate) max_staleness: Duration,
    listening: Once,
    on_error: OnFeedError,
}

impl fmt::Debug for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocation").field("state", &*self.state()).finish_non_exhaustive()
    }
}

/// When a lookup began, and how many revocations had arrived by then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LookupStart {
    pub(crate) at: i64,
    pub(crate) arrived: u64,
}

impl Revocation {
    pub(crate) fn new(
        feed: Arc<dyn RevocationFeed>,
        state: RevocationState,
        options: &RevocationOptions,
        on_error: OnFeedError,
    ) -> Arc<Self> {
        Arc::new(Self {
            feed,
            state: RwLock::new(state),
            timeout: options.max_staleness.max(MIN_TIMEOUT),
            clock_skew: options.clock_skew,
            max_staleness: options.max_staleness,
            listening: Once::new(),
            on_error,
        })
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, RevocationState> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, RevocationState> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether the index may be used: at once, or after a read of the feed.
    pub(crate) async fn ready(self: &Arc<Self>) -> bool {
        self.listen();
        match self.staleness() {
            Staleness::Fresh => true,
            Staleness::RefreshInBackground => {
                drop(self.spawn_read());
                true
            }
            Staleness::MustAwait => self.wait().await,
            Staleness::Unreachable => false,
        }
    }

    /// Reads the feed now, however fresh the index is. Returns false if it cannot be read.
    pub(crate) async fn refresh(self: &Arc<Self>) -> bool {
        // A task of its own, because a visitor who disconnects must not leave a read unfinished.
        self.spawn_read().await.unwrap_or(false)
    }

    pub(crate) fn is_revoked(&self, session: &Authenticated, now: i64) -> bool {
        let (token, user) = (&session.session.token, &session.user.id);
        let state = self.state();
        session
            .cache
            .as_ref()
            .is_none_or(|cache| state.is_revoked(token, user, cache.cached_at.as_millis(), now))
    }

    pub(crate) fn start(&self) -> LookupStart {
        LookupStart { at: now(), arrived: self.state().arrival_count() }
    }

    /// Returns whether what a lookup returned about a session may be older than a revocation.
    pub(crate) fn is_overtaken(&self, session: &Authenticated, start: LookupStart) -> bool {
        let (token, user) = (&session.session.token, &session.user.id);
        self.state().is_overtaken(token, Some(user), start.arrived, start.at)
    }

    /// Revokes sessions here and everywhere. Returns once the feed has stored it.
    pub(crate) async fn revoke(&self, targets: &[RevocationTarget]) -> Result<(), FeedError> {
        let now = now();
        let (data, lifetime) = {
            let mut state = self.state_mut();
            (state.revoke(targets, now), state.lifetime())
        };
        if data.is_empty() {
            return Ok(());
        }
        let expires_at = UnixMillis::from_millis(now.saturating_add(lifetime.saturating_mul(1000)));
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|_| FeedError::Unreadable("no random bytes"))?;
        let id = id.iter().map(|byte| format!("{byte:02x}")).collect();
        self.feed.append(RevocationBatch { data, expires_at, id }).await
    }

    fn staleness(&self) -> Staleness {
        self.state().staleness(now())
    }

    fn is_usable(&self) -> bool {
        matches!(self.staleness(), Staleness::Fresh | Staleness::RefreshInBackground)
    }

    /// Begins to listen for notifications, once.
    fn listen(self: &Arc<Self>) {
        self.listening.call_once(|| {
            let this = Arc::downgrade(self);
            let handle = tokio::runtime::Handle::current();
            self.feed.listen(Arc::new(move || {
                let this = this.clone();
                handle.spawn(async move {
                    tokio::time::sleep(WAKE_DELAY).await;
                    if let Some(this) = this.upgrade() {
                        let is_reading = this.state_mut().freshness().is_reading(now());
                        if !is_reading {
                            this.refresh().await;
                        }
                    }
                });
            }));
        });
    }

    async fn wait(self: &Arc<Self>) -> bool {
        for _ in 0..POLLS {
            if !self.state_mut().freshness().is_reading(now()) {
                break;
            }
            tokio::time::sleep(POLL).await;
            if self.staleness() != Staleness::MustAwait {
                return self.is_usable();
            }
        }
        self.refresh().await;
        self.is_usable()
    }

    /// Reads the feed in a task of its own, which returns whether that succeeded.
    fn spawn_read(self: &Arc<Self>) -> tokio::task::JoinHandle<bool> {
        let started = now();
        let cursor = {
            let mut state = self.state_mut();
            state.freshness().begin(started);
            state.cursor().to_owned()
        };
        let this = Arc::clone(self);
        tokio::spawn(async move {
            let Err(error) = this.read(cursor, started).await else { return true };
            this.state_mut().freshness().fail(started, now());
            (this.on_error)(&error);
            false
        })
    }

    async fn read(&self, mut cursor: String, started: i64) -> Result<(), FeedError> {
        for _ in 0..MAX_PAGES {
            let page = tokio::time::timeout(self.timeout, self.feed.since(&cursor)).await;
            let answer = page.map_err(|_| FeedError::TimedOut)??;
            let now = now();
            let mut state = self.state_mut();
            if let Some(floor) = answer.floor
                && !state.raise_global_not_before(floor.as_millis(), now)
            {
                return Err(FeedError::Unreadable("feed_incomplete"));
            }
            let invalid = |error: BatchError| FeedError::Unreadable(error.code());
            if !answer.more {
                let age = millis(answer.age);
                return state.read(&answer.data, &answer.cursor, started, age, now).map_err(invalid);
            }
            state.apply(&answer.data, now).map_err(invalid)?;
            drop(state);
            cursor = answer.cursor;
        }
        Err(FeedError::Unreadable("its pages do not end"))
    }
}
