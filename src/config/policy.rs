//! Better Auth's `session` options, and the checks of an authenticated cache that they configure.

use crate::prelude::*;
use core::time::Duration;

use crate::cache::claims::Claims;
use crate::cache::session::{CacheInfo, CachedSession, Session};
use crate::cache::strategy::Strategy;
use crate::time::{UnixMillis, duration_millis, seconds_up};
use crate::verdict::StaleReason;

/// The tolerance of the server's readers of JWE caches and of caches signed with a key set, for `exp` and `nbf`, in seconds.
/// Its `get-session` then checks the window again, without tolerance.
const TOLERANCE: f64 = 15.0;

/// The `session` options of `betterAuth({ session })`. Durations have a resolution of one millisecond.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionPolicy {
    /// The lifetime of a session: `expiresIn`, 7 days by default.
    pub expires_in: Duration,
    /// The age at which the sliding expiry is due: `updateAge`, 1 day by default.
    pub update_age: Duration,
    /// The age up to which a session is fresh: `freshAge`, 1 day by default; zero means always.
    pub fresh_age: Duration,
    /// `cookieCache.enabled`, `false` by default as on a server with a database. If `false`, every valid token is
    /// [`Stale`](crate::Verdict::Stale).
    pub cache_enabled: bool,
    /// The window of the cache: `cookieCache.maxAge`, 5 minutes by default. With `refreshCache` Better Auth's default is
    /// `expires_in`.
    pub max_age: Duration,
    /// The accepted encodings: `cookieCache.strategy`, `compact` by default. The first is the one that is minted.
    pub strategies: Vec<Strategy>,
    /// `cookieCache.version`, `"1"` by default. `None` leaves the comparison to the caller, for a version that is a function
    /// of session and user.
    pub version: Option<String>,
    /// `cookieCache.refreshCache`: the remaining time at which a cache is minted again; `None` (off) by default.
    pub refresh_cache: Option<Duration>,
    /// Accepts tokens and caches that only an older secret verifies; `false` by default. Better Auth rejects them.
    pub accept_old_secrets: bool,
    /// `jwt` caches are verified with a key set (`jwt({ sessionCookieCache: true })`) instead of a secret.
    pub(crate) key_set: bool,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            expires_in: Duration::from_secs(604_800),
            update_age: Duration::from_secs(86_400),
            fresh_age: Duration::from_secs(86_400),
            cache_enabled: false,
            max_age: Duration::from_secs(300),
            strategies: vec![Strategy::Compact],
            version: Some("1".to_owned()),
            refresh_cache: None,
            accept_old_secrets: false,
            key_set: false,
        }
    }
}

impl SessionPolicy {
    /// Accepts `jwt` caches that a key set verifies, and no others.
    #[cfg(feature = "jwks")]
    pub(crate) fn trust_key_set(&mut self) {
        self.key_set = true;
        self.cache_enabled = true;
        self.strategies = vec![Strategy::Jwt];
    }

    /// Returns whether caches of this encoding are verified with a key set.
    pub(crate) fn is_by_key_set(&self, strategy: Strategy) -> bool {
        self.key_set && strategy == Strategy::Jwt
    }

    /// Returns whether only the server can renew a cache before it expires: it has no database, and signs with a private key.
    #[cfg(feature = "gate")]
    pub(crate) fn is_renewed_by_origin(&self) -> bool {
        self.key_set && self.refresh_cache.is_some()
    }

    /// Returns the encoding that is minted.
    #[must_use]
    pub fn strategy(&self) -> Strategy {
        self.strategies.first().copied().unwrap_or(Strategy::Compact)
    }

    /// Checks what the server's readers check before `get-session` does: registered claims, the window with the reader's
    /// tolerance, the session's expiry, the version.
    pub(crate) fn check_opened(
        &self,
        cached: &CachedSession,
        claims: Claims,
        now: UnixMillis,
    ) -> Result<(), StaleReason> {
        let tolerance = self.tolerance(cached.cache.strategy);
        #[allow(clippy::cast_precision_loss)] // seconds are far below 2^53
        let now_seconds = now.as_millis().div_euclid(1000) as f64;
        let too_early = claims.nbf.is_some_and(|nbf| nbf > now_seconds + tolerance);
        let too_late = match claims.exp {
            Some(exp) => exp <= now_seconds - tolerance,
            None => cached.cache.expires_at < now,
        };
        if too_early || too_late {
            return Err(StaleReason::CacheExpired);
        }
        if cached.session.expires_at < now {
            return Err(StaleReason::SessionExpired);
        }
        if self.version.as_ref().is_some_and(|version| *version != cached.cache.version) {
            return Err(StaleReason::VersionMismatch);
        }
        Ok(())
    }

    /// Checks what `get-session` itself checks before it answers from a cache: the binding to the token, and the window
    /// without tolerance.
    pub(crate) fn check_bound(
        &self,
        cached: &CachedSession,
        token: &str,
        now: UnixMillis,
    ) -> Result<(), StaleReason> {
        if cached.session.token != token {
            return Err(StaleReason::TokenMismatch);
        }
        if cached.cache.expires_at < now {
            return Err(StaleReason::CacheExpired);
        }
        Ok(())
    }

    /// Returns the time around `now` in which every check of an authenticated cache has the same result: from the first to
    /// before the second instant. Each check changes its result once.
    pub(crate) fn constant_around(
        &self,
        cached: &CachedSession,
        claims: Claims,
        now: UnixMillis,
    ) -> [UnixMillis; 2] {
        let CachedSession { session, cache, .. } = cached;
        let after = |instant: UnixMillis| instant.saturating_add(Duration::from_millis(1));
        let second = |seconds: f64| UnixMillis::from_millis(seconds_up(seconds).saturating_mul(1000));
        let tolerance = self.tolerance(cache.strategy);
        let changes = [
            claims.nbf.map(|nbf| second(nbf - tolerance)),
            claims.exp.map(|exp| second(exp + tolerance)),
            Some(after(cache.expires_at)),
            Some(after(session.expires_at)),
            session.created_at.map(|created| created.saturating_add(self.fresh_age)),
            Some(match self.refresh_cache {
                Some(update_age) => after(cache.expires_at.saturating_sub(update_age)),
                None => session.expires_at.saturating_sub(self.expires_in).saturating_add(self.update_age),
            }),
        ];
        let [first, last] = [i64::MIN, i64::MAX].map(UnixMillis::from_millis);
        let changes = || changes.iter().flatten().copied();
        [
            changes().filter(|change| *change <= now).fold(first, UnixMillis::max),
            changes().filter(|change| *change > now).fold(last, UnixMillis::min),
        ]
    }

    /// Returns the tolerance of the server's reader for registered claims, in seconds.
    fn tolerance(&self, strategy: Strategy) -> f64 {
        if strategy == Strategy::Jwe || self.is_by_key_set(strategy) { TOLERANCE } else { 0.0 }
    }

    /// Returns whether `freshAge` is zero or the session is younger than it. A session without `createdAt` is not fresh.
    #[must_use]
    pub fn is_fresh(&self, session: &Session, now: UnixMillis) -> bool {
        let younger = |created: UnixMillis| now.since(created) < duration_millis(self.fresh_age);
        self.fresh_age.is_zero() || session.created_at.is_some_and(younger)
    }

    /// Returns whether the sliding expiry is due; or, with `refreshCache`, whether less than its `updateAge` is left of the
    /// cache.
    #[must_use]
    pub fn is_refresh_due(&self, session: &Session, cache: &CacheInfo, now: UnixMillis) -> bool {
        match self.refresh_cache {
            Some(update_age) => cache.expires_at.since(now) < duration_millis(update_age),
            None => session.expires_at.saturating_sub(self.expires_in).saturating_add(self.update_age) <= now,
        }
    }
}
