//! Verifies a `Cookie` header, in the order in which the server does.

use crate::cache::KeySetCheck;
use crate::cache::session::CachedSession;
use crate::config::Config;
use crate::config::policy::SessionPolicy;
use crate::cookie::session_cookies::{self, CookieNames, Lookup, Scheme, SessionCookies};
#[cfg(feature = "gate")]
use crate::cookie::set_cookie::CookieAttributes;
use crate::cookie::signed;
use crate::error::ConfigError;
use crate::keyring::Keys;
use crate::limits::MAX_HEADER_BYTES;
#[cfg(feature = "memory")]
use crate::memory::SharedMemory;
use crate::prelude::*;
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict};

mod cache;
#[cfg(feature = "http")]
mod headers;

/// Verifies `Cookie` headers. Keys are derived once, in [`Self::new`]: keep one verifier for as long as the program runs.
#[derive(Debug)]
pub struct Verifier {
    /// The keys of the configured secrets. `None`: neither the server's secret nor one of the gate's own is known.
    keys: Option<Keys>,
    /// The server's secret is unknown, so that `keys` are the gate's own.
    without_secret: bool,
    names: CookieNames,
    policy: SessionPolicy,
    #[cfg(feature = "gate")]
    attributes: CookieAttributes,
    #[cfg(feature = "memory")]
    memory: Option<SharedMemory>,
}

impl Verifier {
    /// Validates the configuration and derives the keys.
    ///
    /// # Errors
    /// `SECRET_MISSING`, `SECRET_EMPTY`, `SECRETS_DUPLICATE` (two secrets of one version), `SECRETS_TOO_MANY` (more than 16)
    /// or `STRATEGY_MISSING` (no strategy).
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        if config.policy.strategies.is_empty() {
            return Err(ConfigError::new(
                "STRATEGY_MISSING",
                "cookieCache.strategy must name at least one strategy",
            ));
        }
        let no_secret = config.without_secret && config.secrets.is_empty();
        let keys = if no_secret { None } else { Some(Keys::new(&config.secrets)?) };
        Ok(Self {
            keys,
            without_secret: config.without_secret,
            names: config.names,
            policy: config.policy,
            #[cfg(feature = "gate")]
            attributes: config.attributes,
            #[cfg(feature = "memory")]
            memory: None,
        })
    }

    /// Remembers the last `entries` authenticated pairs of session token and cache, as long as their texts have at most `bytes`
    /// bytes in all; 0 turns the memory off, which is the default. Cookies whose bytes all equal remembered ones are not
    /// authenticated again. Every other check is made anew for each request: window, expiry, version, freshness, binding, and in
    /// the gate revocation. A verifier with a key set, whose keys may be withdrawn, or without a secret remembers nothing.
    #[cfg(feature = "memory")]
    #[must_use]
    pub fn with_cache(self, entries: usize, bytes: usize) -> Self {
        let can_remember = self.verifies_tokens() && !self.uses_key_set();
        let memory = (can_remember && entries > 0 && bytes > 0).then(|| SharedMemory::new(entries, bytes));
        Self { memory, ..self }
    }

    /// Verifies a `Cookie` header at the time `now`. A header has no scheme: without a configured `baseURL` prefer
    /// [`Self::verify_with_scheme`], see [`CookieNames::secure`].
    ///
    /// Several `Cookie` fields of one request must be joined with `"; "` first (RFC 9113 §8.2.3), as `verify_headers` of the
    /// feature `http` does.
    #[must_use]
    pub fn verify(&self, cookie_header: &str, now: UnixMillis) -> Verdict {
        self.verify_with_scheme(cookie_header, None, now)
    }

    /// Verifies a header like [`Self::verify`], for a request to a URL of `scheme`: without a configured `baseURL` the scheme
    /// determines whether the `__Secure-` or the plain names count. Behind a proxy that terminates TLS, pass the scheme of
    /// the request to the proxy.
    #[must_use]
    pub fn verify_with_scheme(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        now: UnixMillis,
    ) -> Verdict {
        self.verify_checked(cookie_header, scheme, KeySetCheck::UNCHECKED, now)
    }

    /// Verifies a header like [`Self::verify_with_scheme`], and its cache with the server's key set, for a configuration with
    /// [`ConfigBuilder::key_set`](crate::ConfigBuilder::key_set).
    #[cfg(feature = "jwks")]
    #[must_use]
    pub fn verify_with_key_set(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        keys: &crate::jwks::KeySet,
        now: UnixMillis,
    ) -> Verdict {
        self.verify_checked(cookie_header, scheme, KeySetCheck::Keys(keys), now)
    }

    /// Verifies a header like [`Self::verify_with_scheme`], if the caller has verified its cache with the server's key set.
    #[doc(hidden)]
    #[must_use]
    pub fn verify_checked(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        check: KeySetCheck<'_>,
        now: UnixMillis,
    ) -> Verdict {
        self.verify_around(cookie_header, scheme, check, now).0
    }

    /// Verifies a header like [`Self::verify_checked`]. For an authenticated session it also returns the time, from the first to
    /// before the second instant, in which the same header has the same verdict.
    #[doc(hidden)]
    #[must_use]
    pub fn verify_around(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        check: KeySetCheck<'_>,
        now: UnixMillis,
    ) -> (Verdict, [UnixMillis; 2]) {
        let mut around = [now, now];
        let verdict = self.verify_parts(cookie_header, scheme, check, now, &mut around);
        (verdict, around)
    }

    fn verify_parts(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        check: KeySetCheck<'_>,
        now: UnixMillis,
        around: &mut [UnixMillis; 2],
    ) -> Verdict {
        use UnauthenticatedReason::{AmbiguousCookies, HeaderTooLong, NoCookie, TokenMalformed};
        let refuse = |reason| Verdict::Unauthenticated { reason };
        if cookie_header.len() > MAX_HEADER_BYTES {
            return refuse(HeaderTooLong);
        }
        let cookies = self.session_cookies(cookie_header, scheme);
        let signed = match &cookies.token {
            Lookup::Valid(value) => value,
            Lookup::Absent => return refuse(NoCookie),
            Lookup::Malformed => return refuse(TokenMalformed),
            Lookup::Ambiguous => return refuse(AmbiguousCookies),
        };
        #[cfg(feature = "memory")]
        if let (Some(memory), Lookup::Valid(value)) = (&self.memory, &cookies.cache)
            && let Some((cached, claims)) = memory.get(signed, value)
        {
            *around = self.policy.constant_around(&cached, claims, now);
            let checked = self.policy.check_opened(&cached, claims, now);
            return self.judge(&cookies, signed::value_of(signed), checked.map(|()| cached), now);
        }
        let token = match signed::verify(self.server_keys(), signed) {
            Ok(token) => token,
            Err(reason) => return refuse(reason),
        };
        let stale = |reason| Verdict::Stale { reason, token: token.value.to_owned() };
        if !token.current && !self.policy.accept_old_secrets {
            return stale(StaleReason::StaleSecret);
        }
        let value = match &cookies.cache {
            Lookup::Valid(value) if self.policy.cache_enabled => value,
            Lookup::Valid(_) | Lookup::Absent => return stale(StaleReason::CacheAbsent),
            Lookup::Malformed => return stale(StaleReason::CacheMalformed),
            Lookup::Ambiguous => return stale(StaleReason::AmbiguousCookies),
        };
        let opened = self.authenticate(value, check).and_then(|(cached, claims)| {
            #[cfg(feature = "memory")]
            if let Some(memory) = &self.memory {
                memory.put(signed, value, &cached, claims);
            }
            *around = self.policy.constant_around(&cached, claims, now);
            self.policy.check_opened(&cached, claims, now).map(|()| cached)
        });
        self.judge(&cookies, token.value, opened, now)
    }

    /// Returns the verdict on an authenticated token and the cache beside it.
    fn judge(
        &self,
        cookies: &SessionCookies<'_>,
        token: &str,
        opened: Result<CachedSession, StaleReason>,
        now: UnixMillis,
    ) -> Verdict {
        let bound = opened.and_then(|opened| self.policy.check_bound(&opened, token, now).map(|()| opened));
        let CachedSession { session, user, cache } = match bound {
            Ok(bound) => bound,
            Err(reason) => return Verdict::Stale { reason, token: token.to_owned() },
        };
        Verdict::Authenticated(Authenticated {
            fresh: self.policy.is_fresh(&session, now),
            refresh_due: self.policy.is_refresh_due(&session, &cache, now)
                && (self.policy.refresh_cache.is_some() || !self.dont_remember(cookies)),
            session,
            user,
            cache: Some(cache),
            token_verified: self.verifies_tokens(),
        })
    }

    /// Returns whether the user asked not to be remembered: such a session ends with the browser, and its expiry does not
    /// slide. As on the server, only a `dont_remember` cookie that the current secret signed counts.
    #[doc(hidden)]
    #[must_use]
    pub fn dont_remember(&self, cookies: &SessionCookies<'_>) -> bool {
        let Lookup::Valid(signed) = &cookies.dont_remember else { return false };
        signed::verify(self.server_keys(), signed).is_ok_and(|flag| flag.current)
    }

    /// Finds the session's cookies in the header of a request to a URL of `scheme`.
    #[doc(hidden)]
    #[must_use]
    pub fn session_cookies<'a>(&self, cookie_header: &'a str, scheme: Option<Scheme>) -> SessionCookies<'a> {
        session_cookies::read(&self.names, cookie_header, scheme)
    }

    /// Returns the keyring of the configured secrets.
    #[doc(hidden)]
    #[must_use]
    pub const fn keys(&self) -> Option<&Keys> {
        self.keys.as_ref()
    }

    /// Returns the keyring of the server's secrets, `None` if they are unknown.
    #[doc(hidden)]
    #[must_use]
    pub fn server_keys(&self) -> Option<&Keys> {
        self.keys.as_ref().filter(|_| !self.without_secret)
    }

    /// Returns whether `jwt` caches are verified with the server's key set.
    #[must_use]
    pub const fn uses_key_set(&self) -> bool {
        self.policy.key_set
    }

    /// Returns whether session tokens are verified, for which the server's secret must be known.
    #[must_use]
    pub const fn verifies_tokens(&self) -> bool {
        !self.without_secret
    }

    /// Returns whether authenticated cookies are remembered.
    #[cfg(feature = "memory")]
    #[doc(hidden)]
    #[must_use]
    pub const fn remembers(&self) -> bool {
        self.memory.is_some()
    }

    /// Returns the names of the cookies.
    #[must_use]
    pub const fn names(&self) -> &CookieNames {
        &self.names
    }

    /// Returns the attributes of minted cookies.
    #[cfg(feature = "gate")]
    #[must_use]
    pub const fn attributes(&self) -> &CookieAttributes {
        &self.attributes
    }

    /// Returns the session policy.
    #[must_use]
    pub const fn policy(&self) -> &SessionPolicy {
        &self.policy
    }
}
