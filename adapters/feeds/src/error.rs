//! The error of a feed.

use std::error::Error;
use std::fmt;

/// The reason why a feed could not be read or appended to.
#[derive(Debug)]
#[non_exhaustive]
pub enum FeedError {
    /// An option is invalid. The text names it and quotes no value.
    InvalidOption(&'static str),
    /// The feed has no room for a revocation that must not be dropped.
    Full,
    /// As many calls as may wait for the store are waiting already.
    TooManyPending(usize),
    /// The store did not respond in time.
    TimedOut,
    /// The store's response is not one of a feed. The text says which part.
    Unreadable(&'static str),
    /// The store's client failed.
    Store(Box<dyn Error + Send + Sync>),
}

impl FeedError {
    /// Creates the error of a store's client, for feeds of your own.
    pub fn store(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Store(error.into())
    }
}

impl fmt::Display for FeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidOption(must) => f.write_str(must),
            Self::Full => f.write_str("the revocation feed is full"),
            Self::TooManyPending(count) => {
                write!(f, "the revocation feed does not respond: {count} calls are waiting")
            }
            Self::TimedOut => f.write_str("the revocation feed did not respond in time"),
            Self::Unreadable(part) => write!(f, "the revocation feed could not be read: {part}"),
            Self::Store(_) => f.write_str("the store of the revocation feed failed"),
        }
    }
}

impl Error for FeedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
