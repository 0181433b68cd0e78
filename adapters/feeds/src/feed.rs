//! The interface of a feed.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use better_session::UnixMillis;
use better_session::revocation::entry;

use crate::error::FeedError;

/// The future of a call to a feed.
pub type FeedFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, FeedError>> + Send + 'a>>;

/// Called when a feed may have new batches.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Revocations to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationBatch {
    /// Keyed hashes and times; neither a token nor a user's id can be read in it.
    pub data: Vec<u8>,
    /// The instant after which a feed may delete the batch.
    pub expires_at: UnixMillis,
    /// The same for every attempt to append the batch, so that a feed can store it once.
    pub id: String,
}

impl RevocationBatch {
    /// Returns whether a feed must keep this batch until it expires, because it comes from a server without a database.
    #[must_use]
    pub fn must_be_kept(&self) -> bool {
        entry::records(&self.data).next().is_some_and(|record| record.stateless)
    }
}

/// The new batches of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedAnswer {
    /// The `data` of the batches, concatenated. Any order and repetition is allowed.
    pub data: Vec<u8>,
    /// The cursor for the next read.
    pub cursor: String,
    /// The age of the answer: zero, or that of a cached one. It counts towards the greatest staleness.
    pub age: Duration,
    /// There are more batches, which the reader reads at once.
    pub more: bool,
    /// Batches that arrived before this instant were dropped early, or may be missing: caches older than it do not count.
    pub floor: Option<UnixMillis>,
}

/// An ordered log of revocations. A call is dropped if it takes too long, so it must be safe to cancel.
pub trait RevocationFeed: Send + Sync + 'static {
    /// Stores a batch once, so that every later read returns it. An error means that this is uncertain.
    fn append(&self, batch: RevocationBatch) -> FeedFuture<'_, ()>;

    /// Returns the batches after `cursor`; all that have not expired if it is "" or unknown.
    fn since<'a>(&'a self, cursor: &'a str) -> FeedFuture<'a, FeedAnswer>;

    /// Returns whether a restart of the store can lose batches, which [`FeedAnswer::floor`] then reports. For servers without a
    /// database such a feed is refused.
    fn may_lose(&self) -> bool {
        false
    }

    /// Returns the time until an appended batch is visible everywhere. It adds to the staleness.
    fn delay(&self) -> Duration {
        Duration::ZERO
    }

    /// Calls `wake` when there may be new batches. A hint: readers poll all the same.
    fn listen(&self, wake: Wake) {
        drop(wake);
    }
}

impl<F: RevocationFeed + ?Sized> RevocationFeed for Arc<F> {
    fn append(&self, batch: RevocationBatch) -> FeedFuture<'_, ()> {
        (**self).append(batch)
    }

    fn since<'a>(&'a self, cursor: &'a str) -> FeedFuture<'a, FeedAnswer> {
        (**self).since(cursor)
    }

    fn may_lose(&self) -> bool {
        (**self).may_lose()
    }

    fn delay(&self) -> Duration {
        (**self).delay()
    }

    fn listen(&self, wake: Wake) {
        (**self).listen(wake);
    }
}
