//! Revocation feeds: ordered logs that carry revocations to every gate and service of a fleet.
//!
//! [`RevocationFeed`] is the interface. The feature `redis` has [`RedisFeed`], the feature `postgres` [`PostgresFeed`]; both use the
//! stores of the npm package's feeds, so that gates in Node and services in Rust share one.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod error;
mod feed;
#[cfg(any(feature = "redis", feature = "postgres"))]
mod pending;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;

pub use better_session::UnixMillis;
pub use error::FeedError;
pub use feed::{FeedAnswer, FeedFuture, RevocationBatch, RevocationFeed, Wake};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresFeed, PostgresFeedOptions, postgres_migration};
#[cfg(feature = "redis")]
pub use redis::{RedisFeed, RedisFeedOptions};
