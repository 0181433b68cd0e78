//! Opens and mints caches without the session token beside them.

use crate::cache::claims::{self, Claims};
use crate::cache::session::CachedSession;
use crate::cache::{self, CacheContent, KeySetCheck, MintRequest, Strategy, key_set_check};
use crate::cookie::signed;
use crate::limits::MAX_HEADER_BYTES;
use crate::prelude::*;
use crate::time::UnixMillis;
use crate::verdict::StaleReason;
use crate::verifier::Verifier;

impl Verifier {
    /// Opens a bare `session_data` value, with the tolerance of the server's own readers (15 s for `jwe`). A cache that opens
    /// does not prove a session by itself: the session token is not checked.
    ///
    /// # Errors
    /// The reason why the server's reader would reject the value.
    pub fn open(&self, value: &str, now: UnixMillis) -> Result<CachedSession, StaleReason> {
        self.open_checked(value, KeySetCheck::UNCHECKED, now)
    }

    /// Opens a value like [`Self::open`], if the caller has verified it with the server's key set.
    ///
    /// # Errors
    /// The reason why the server's reader would reject the value.
    #[doc(hidden)]
    pub fn open_checked(
        &self,
        value: &str,
        check: KeySetCheck<'_>,
        now: UnixMillis,
    ) -> Result<CachedSession, StaleReason> {
        self.open_around(value, check, now).map(|(cached, _)| cached)
    }

    /// Opens a value like [`Self::open_checked`], and returns the time around `now` in which the result is the same.
    ///
    /// # Errors
    /// The reason why the server's reader would reject the value.
    #[doc(hidden)]
    pub fn open_around(
        &self,
        value: &str,
        check: KeySetCheck<'_>,
        now: UnixMillis,
    ) -> Result<(CachedSession, [UnixMillis; 2]), StaleReason> {
        let (cached, claims) = self.authenticate(value, check)?;
        self.policy.check_opened(&cached, claims, now)?;
        let around = self.policy.constant_around(&cached, claims, now);
        Ok((cached, around))
    }

    /// Authenticates and parses a cache, whatever the time.
    pub(super) fn authenticate(
        &self,
        value: &str,
        check: KeySetCheck<'_>,
    ) -> Result<(CachedSession, Claims), StaleReason> {
        let strategy = Strategy::of_shape(value).ok_or(StaleReason::CacheMalformed)?;
        if value.len() > MAX_HEADER_BYTES {
            return Err(StaleReason::CacheMalformed);
        }
        if !self.policy.strategies.contains(&strategy) {
            return Err(StaleReason::StrategyMismatch);
        }
        let opened = if self.policy.is_by_key_set(strategy) {
            key_set_check::open(value, check)?
        } else {
            cache::open(self.server_keys().ok_or(StaleReason::UnknownKey)?, strategy, value)?
        };
        if !opened.current && !self.policy.accept_old_secrets {
            return Err(StaleReason::StaleSecret);
        }
        claims::parse(strategy, opened.text, opened.expires_at).map_err(|_| StaleReason::CacheMalformed)
    }

    /// Mints a `session_data` value with the current secret, which a Better Auth server of the same configuration accepts.
    /// Returns "" if the server's secret is unknown.
    #[must_use]
    pub fn mint(&self, request: &MintRequest<'_>) -> String {
        let Some(keys) = self.server_keys() else { return String::new() };
        let configured = self.policy.version.as_deref().unwrap_or("1");
        let content = CacheContent {
            session: request.session,
            user: request.user,
            version: request.version.unwrap_or(configured),
            now: request.now.as_millis(),
            max_age: request.max_age.unwrap_or(self.policy.max_age),
            random: request.random,
        };
        cache::mint(keys, request.strategy.unwrap_or(self.policy.strategy()), &content)
    }

    /// Signs a cookie's value as the server signs session tokens. The result is not yet percent-encoded; it is "" if the
    /// server's secret is unknown.
    #[must_use]
    pub fn sign(&self, value: &str) -> String {
        self.server_keys().map_or_else(String::new, |keys| signed::sign(keys, value))
    }
}
