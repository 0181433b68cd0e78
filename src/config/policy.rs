//! Better Auth's `session` options as a policy, and the judgement of an authenticated cache under it.

use crate::cache::Strategy;
use crate::cache::claims::{CachedSession, Claims};
use crate::time::{Seconds, UnixMillis, to_millis};
use crate::verdict::StaleReason;

/// Tolerance of the server's JWE reader for `exp` and `nbf`, in seconds. Its `get-session` then looks at the
/// window once more, without any.
const JWE_TOLERANCE: f64 = 15.0;

/// `session` of `betterAuth({ session })`. Durations are in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Lifetime of a session: `expiresIn`, 604,800 by default.
    pub expires_in: Seconds,
    /// Age at which the sliding expiry is due: `updateAge`, 86,400 by default.
    pub update_age: Seconds,
    /// Age up to which a session is fresh: `freshAge`, 86,400 by default; 0 means always.
    pub fresh_age: Seconds,
    /// `cookieCache.enabled`, false by default as on a server with a database; when false the cookie never answers.
    pub cache_enabled: bool,
    /// Window of the cache: `cookieCache.maxAge`, 300 by default; `expires_in` with `refreshCache`.
    pub max_age: Seconds,
    /// Accepted encodings: `cookieCache.strategy`. The first is the one that is minted.
    pub strategies: Vec<Strategy>,
    /// `cookieCache.version`; `None` leaves the comparison to the caller (a function of session and user).
    pub version: Option<String>,
    /// `cookieCache.refreshCache`: the time left at which a cache is minted again, if it is on.
    pub refresh_cache: Option<Seconds>,
    /// Accepts what only an older secret verifies. Better Auth does not.
    pub accept_old_secrets: bool,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            expires_in: 604_800,
            update_age: 86_400,
            fresh_age: 86_400,
            cache_enabled: false,
            max_age: 300,
            strategies: vec![Strategy::Compact],
            version: Some("1".to_owned()),
            refresh_cache: None,
            accept_old_secrets: false,
        }
    }
}

impl SessionPolicy {
    /// The encoding that is minted.
    #[must_use]
    pub fn strategy(&self) -> Strategy {
        self.strategies.first().copied().unwrap_or(Strategy::Compact)
    }

    /// What the server's readers check on their own, before `get-session` looks: registered claims, the
    /// window with the reader's tolerance, the session's expiry, the version.
    pub(crate) fn check_opened(
        &self,
        strategy: Strategy,
        cached: &CachedSession,
        claims: Claims,
        now: UnixMillis,
    ) -> Result<(), StaleReason> {
        let tolerance = if strategy == Strategy::Jwe { JWE_TOLERANCE } else { 0.0 };
        #[allow(clippy::cast_precision_loss)] // seconds are far below 2^53
        let now_seconds = now.div_euclid(1000) as f64;
        let too_early = claims.nbf.is_some_and(|nbf| nbf > now_seconds + tolerance);
        let too_late = match claims.exp {
            Some(exp) => exp <= now_seconds - tolerance,
            None => cached.cache_expires_at < now,
        };
        if too_early || too_late {
            return Err(StaleReason::CacheExpired);
        }
        if cached.session_expires_at < now {
            return Err(StaleReason::SessionExpired);
        }
        if self.version.as_ref().is_some_and(|version| *version != cached.version) {
            return Err(StaleReason::VersionMismatch);
        }
        Ok(())
    }

    /// The rest of what `get-session` checks before it answers from a cache: binding to the token, and the
    /// window without tolerance.
    pub(crate) fn check_bound(
        &self,
        cached: &CachedSession,
        token: &str,
        now: UnixMillis,
    ) -> Result<(), StaleReason> {
        if cached.token != token {
            return Err(StaleReason::TokenMismatch);
        }
        if cached.cache_expires_at < now {
            return Err(StaleReason::CacheExpired);
        }
        Ok(())
    }

    /// `freshAge` is 0, or the session is younger than it. A session without `createdAt` is not fresh.
    #[must_use]
    pub fn is_fresh(&self, cached: &CachedSession, now: UnixMillis) -> bool {
        let younger = |created: UnixMillis| now.saturating_sub(created) < to_millis(self.fresh_age);
        self.fresh_age == 0 || cached.session_created_at.is_some_and(younger)
    }

    /// The sliding expiry is due; or, with `refreshCache`, less than its `updateAge` is left of the cache.
    #[must_use]
    pub fn is_refresh_due(&self, cached: &CachedSession, now: UnixMillis) -> bool {
        match self.refresh_cache {
            Some(update_age) => cached.cache_expires_at.saturating_sub(now) < to_millis(update_age),
            None => {
                let started = cached.session_expires_at.saturating_sub(to_millis(self.expires_in));
                started.saturating_add(to_millis(self.update_age)) <= now
            }
        }
    }
}
