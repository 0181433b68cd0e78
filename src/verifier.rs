//! From a `Cookie` header to a verdict: the whole way, in the order in which the server goes it.

use crate::cache::claims::{self, CachedSession};
use crate::cache::{self, MintRequest, Strategy};
use crate::config::policy::SessionPolicy;
use crate::cookie::session_cookies::{self, CookieNames, Lookup, Scheme, SessionCookies};
#[cfg(feature = "gate")]
use crate::cookie::set_cookie::CookieAttributes;
use crate::cookie::signed;
use crate::error::ConfigError;
use crate::limits::MAX_HEADER_BYTES;
use crate::primitives::crypto::keyring::{Keys, Secret};
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict};

/// What a [`Verifier`] is made from.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The secret, or a rotation list whose first is current.
    pub secrets: Vec<Secret>,
    /// The names of the cookies.
    pub names: CookieNames,
    /// The `session` options.
    pub policy: SessionPolicy,
    /// The attributes of cookies that are minted.
    #[cfg(feature = "gate")]
    pub attributes: CookieAttributes,
}

/// Judges `Cookie` headers. Keys are derived once, when it is made: keep it for as long as the program runs.
///
/// ```
/// use better_session::{Config, Verdict, Verifier};
///
/// // The object that `betterAuth({ … })` has, as JSON; members that do not matter here are passed over.
/// let options = r#"{
///     "secret": "an example secret",
///     "baseURL": "http://localhost:3000",
///     "session": { "cookieCache": { "enabled": true } }
/// }"#;
/// let verifier = Verifier::new(Config::from_json(options)?)?;
/// match verifier.verify("better-auth.session_token=…", 1_800_000_000_000) {
///     Verdict::Authenticated(answer) => println!("the user {}", answer.cached.user_id),
///     Verdict::Stale { reason, .. } => println!("ask the origin: {reason}"),
///     Verdict::Unauthenticated { reason } => assert_eq!(reason.code(), "token_malformed"),
/// }
/// # Ok::<(), better_session::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Verifier {
    keys: Keys,
    names: CookieNames,
    policy: SessionPolicy,
    #[cfg(feature = "gate")]
    attributes: CookieAttributes,
}

/// A cache value that its key authenticated and whose windows are open.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenedCache {
    /// The encoding it came in.
    pub strategy: Strategy,
    /// What it carries.
    pub cached: CachedSession,
}

impl Verifier {
    /// Derives the keys.
    ///
    /// # Errors
    /// When there is no secret, one is empty, two share a version, or no strategy is configured.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        if config.policy.strategies.is_empty() {
            return Err(ConfigError::new(
                "STRATEGY_MISSING",
                "cookieCache.strategy must name at least one strategy",
            ));
        }
        let keys = Keys::new(&config.secrets)?;
        Ok(Self {
            keys,
            names: config.names,
            policy: config.policy,
            #[cfg(feature = "gate")]
            attributes: config.attributes,
        })
    }

    /// Says whose session a `Cookie` header proves at `now`, or exactly why it proves none. A header has no
    /// scheme: without a configured `baseURL` prefer [`Self::verify_with_scheme`], see [`CookieNames::secure`].
    #[must_use]
    pub fn verify(&self, cookie_header: &str, now: UnixMillis) -> Verdict {
        self.verify_with_scheme(cookie_header, None, now)
    }

    /// As [`Self::verify`] for a request to a URL of this scheme: without a configured `baseURL` it decides
    /// whether `__Secure-` or plain names count. Behind a proxy that ends TLS, give the scheme that the proxy
    /// was called by.
    #[must_use]
    pub fn verify_with_scheme(
        &self,
        cookie_header: &str,
        scheme: Option<Scheme>,
        now: UnixMillis,
    ) -> Verdict {
        use UnauthenticatedReason::{AmbiguousCookies, NoCookie, TokenMalformed};
        let refuse = |reason| Verdict::Unauthenticated { reason };
        if cookie_header.len() > MAX_HEADER_BYTES {
            return refuse(TokenMalformed);
        }
        let cookies = self.session_cookies(cookie_header, scheme);
        let signed = match &cookies.token {
            Lookup::Valid(value) => value,
            Lookup::Absent => return refuse(NoCookie),
            Lookup::Malformed => return refuse(TokenMalformed),
            Lookup::Ambiguous => return refuse(AmbiguousCookies),
        };
        let token = match signed::verify(&self.keys, signed) {
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
        let opened = match self.open(value, now) {
            Ok(opened) => opened,
            Err(reason) => return stale(reason),
        };
        if let Err(reason) = self.policy.check_bound(&opened.cached, token.value, now) {
            return stale(reason);
        }
        Verdict::Authenticated(Authenticated {
            fresh: self.policy.is_fresh(&opened.cached, now),
            refresh_due: self.policy.is_refresh_due(&opened.cached, now)
                && (self.policy.refresh_cache.is_some() || !self.dont_remember(&cookies)),
            strategy: opened.strategy,
            cached: opened.cached,
        })
    }

    /// Whether the person asked not to be remembered: such a session ends with the browser, and its expiry does
    /// not slide. Only a `dont_remember` cookie that the current secret signed says so, as on the server.
    #[must_use]
    pub fn dont_remember(&self, cookies: &SessionCookies<'_>) -> bool {
        let Lookup::Valid(signed) = &cookies.dont_remember else { return false };
        signed::verify(&self.keys, signed).is_ok_and(|flag| flag.current)
    }

    /// Opens one bare `session_data` value, with the tolerance of the server's own readers (15 s for `jwe`).
    ///
    /// # Errors
    /// The reason why the server's reader would refuse it.
    pub fn open(&self, value: &str, now: UnixMillis) -> Result<OpenedCache, StaleReason> {
        let strategy = Strategy::of_shape(value).ok_or(StaleReason::CacheMalformed)?;
        if value.len() > MAX_HEADER_BYTES {
            return Err(StaleReason::CacheMalformed);
        }
        if !self.policy.strategies.contains(&strategy) {
            return Err(StaleReason::StrategyMismatch);
        }
        let opened = cache::open(&self.keys, strategy, value)?;
        if !opened.current && !self.policy.accept_old_secrets {
            return Err(StaleReason::StaleSecret);
        }
        let (cached, claims) =
            claims::parse(opened.text, opened.expires_at).map_err(|_| StaleReason::CacheMalformed)?;
        self.policy.check_opened(strategy, &cached, claims, now)?;
        Ok(OpenedCache { strategy, cached })
    }

    /// Mints a `session_data` value under the current secret; see [`cache::mint`].
    #[must_use]
    pub fn mint(&self, strategy: Strategy, minting: &MintRequest<'_>) -> String {
        cache::mint(&self.keys, strategy, minting)
    }

    /// Signs a cookie's value as the server signs session tokens, before percent-encoding.
    #[must_use]
    pub fn sign(&self, value: &str) -> String {
        signed::sign(&self.keys, value)
    }

    /// The session's cookies in a header of a request to a URL of this scheme.
    #[must_use]
    pub fn session_cookies<'a>(&self, cookie_header: &'a str, scheme: Option<Scheme>) -> SessionCookies<'a> {
        session_cookies::read(&self.names, cookie_header, scheme)
    }

    /// The keyring.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The names looked for.
    #[must_use]
    pub const fn names(&self) -> &CookieNames {
        &self.names
    }

    /// The attributes of cookies that are minted.
    #[cfg(feature = "gate")]
    #[must_use]
    pub const fn attributes(&self) -> &CookieAttributes {
        &self.attributes
    }

    /// The policy judged by.
    #[must_use]
    pub const fn policy(&self) -> &SessionPolicy {
        &self.policy
    }
}
