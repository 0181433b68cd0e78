//! The session, the user, and the cache that carried them.

use crate::prelude::*;
use core::fmt;

use crate::cache::strategy::Strategy;
use crate::time::UnixMillis;

/// Better Auth's `session` object. The object stays JSON text, so that members that plugins store are neither lost nor
/// changed; the fields are read from it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// The whole object as JSON text. Dates are ISO 8601 strings.
    pub json: String,
    /// `token`.
    pub token: String,
    /// `expiresAt`.
    pub expires_at: UnixMillis,
    /// `createdAt`, from which freshness is counted.
    pub created_at: Option<UnixMillis>,
    /// `updatedAt`.
    pub updated_at: Option<UnixMillis>,
}

/// Better Auth's `user` object, as JSON text and fields that are read from it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The whole object as JSON text. Dates are ISO 8601 strings.
    pub json: String,
    /// `id`.
    pub id: String,
    /// `createdAt`.
    pub created_at: Option<UnixMillis>,
    /// `updatedAt`.
    pub updated_at: Option<UnixMillis>,
}

/// The session cache (`session_data`) that carried a session.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheInfo {
    /// The encoding.
    pub strategy: Strategy,
    /// `version`; `"1"` if the cache has none (before Better Auth 1.4) or an empty one.
    pub version: String,
    /// The time at which the server wrote the cache: the payload's `updatedAt`.
    pub cached_at: UnixMillis,
    /// The end of the cache's window.
    pub expires_at: UnixMillis,
    /// The whole authenticated JSON text: session, user, members that no field has, and registered claims.
    pub payload: String,
}

/// The content of an authenticated session cache.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CachedSession {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
    /// The cache that carried them.
    pub cache: CacheInfo,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").finish_non_exhaustive()
    }
}

impl fmt::Debug for CacheInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheInfo")
            .field("strategy", &self.strategy)
            .field("version", &self.version)
            .field("cached_at", &self.cached_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl Session {
    /// Deserializes the object into a type of yours.
    ///
    /// # Errors
    /// The error of `serde_json` if the object does not have the shape of `T`.
    pub fn deserialize<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.json)
    }
}

#[cfg(feature = "serde")]
impl User {
    /// Deserializes the object into a type of yours.
    ///
    /// # Errors
    /// The error of `serde_json` if the object does not have the shape of `T`.
    pub fn deserialize<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.json)
    }
}
