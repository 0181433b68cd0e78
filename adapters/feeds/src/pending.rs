//! Limits the number of calls that wait for a store, and the time for which one waits.

use std::time::Duration;

use tokio::sync::Semaphore;

use crate::error::FeedError;

/// Calls of one feed that may wait at a time: reads are two a second in a process, appends one for each call that revokes.
const MAX_PENDING: usize = 256;

/// The calls that wait for a store.
#[derive(Debug)]
pub(crate) struct Pending {
    calls: Semaphore,
    timeout: Duration,
}

impl Pending {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { calls: Semaphore::new(MAX_PENDING), timeout }
    }

    /// Waits for a call, unless too many wait already.
    pub(crate) async fn run<T>(
        &self,
        call: impl Future<Output = Result<T, FeedError>>,
    ) -> Result<T, FeedError> {
        let _permit = self.calls.try_acquire().map_err(|_| FeedError::TooManyPending(MAX_PENDING))?;
        tokio::time::timeout(self.timeout, call).await.unwrap_or(Err(FeedError::TimedOut))
    }
}
