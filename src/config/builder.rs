//! The configuration of a verifier, and its builder.

use crate::config::policy::SessionPolicy;
use crate::config::secret::Secret;
use crate::cookie::session_cookies::{CookieNames, Scheme};
#[cfg(feature = "gate")]
use crate::cookie::set_cookie::CookieAttributes;
use crate::prelude::*;

/// The configuration of a [`Verifier`](crate::Verifier), which must agree with the server's `betterAuth({ … })`.
///
/// ```
/// use core::time::Duration;
/// use better_session::{Config, SessionPolicy};
///
/// let mut session = SessionPolicy::default();
/// session.cache_enabled = true;
/// session.max_age = Duration::from_secs(60);
/// let config = Config::builder()
///     .secret("a secret of 32 bytes or more, as the server has it")
///     .base_url("https://app.example")
///     .session(session)
///     .build();
/// assert_eq!(config.names().secure, Some(true));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub(crate) secrets: Vec<Secret>,
    pub(crate) names: CookieNames,
    pub(crate) policy: SessionPolicy,
    /// The server's secret is unknown: session tokens count unverified, and `secrets` are the gate's own.
    pub(crate) without_secret: bool,
    #[cfg(feature = "gate")]
    pub(crate) attributes: CookieAttributes,
}

impl Config {
    /// Creates a configuration with Better Auth's defaults. The cookie cache is off by
    /// default, so that no session is authenticated by cookies alone: see [`SessionPolicy::cache_enabled`].
    #[must_use]
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secrets: vec![secret.into()], ..Self::default() }
    }

    /// Creates a builder with Better Auth's defaults and no secret.
    #[must_use]
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// Returns the secrets, the current one first.
    #[must_use]
    pub fn secrets(&self) -> &[Secret] {
        &self.secrets
    }

    /// Returns the names of the cookies.
    #[must_use]
    pub const fn names(&self) -> &CookieNames {
        &self.names
    }

    /// Returns the session policy.
    #[must_use]
    pub const fn policy(&self) -> &SessionPolicy {
        &self.policy
    }

    /// Returns the attributes of minted cookies.
    #[cfg(feature = "gate")]
    #[must_use]
    pub const fn attributes(&self) -> &CookieAttributes {
        &self.attributes
    }
}

/// Builds a [`Config`]. [`Verifier::new`](crate::Verifier::new) validates it.
#[derive(Debug, Clone, Default)]
pub struct ConfigBuilder {
    config: Config,
    secure_cookies: Option<bool>,
    base_url: Option<Scheme>,
    #[cfg(feature = "jwks")]
    key_set: bool,
}

impl ConfigBuilder {
    /// Adds a secret: `secret`. The first that is added is the current one.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.config.secrets.push(secret.into());
        self
    }

    /// Adds the secrets of a rotation list: `secrets`, the current one first.
    #[must_use]
    pub fn secrets(mut self, secrets: impl IntoIterator<Item = Secret>) -> Self {
        self.config.secrets.extend(secrets);
        self
    }

    /// Sets `baseURL`. Its scheme decides between `__Secure-` and plain cookie names, unless [`Self::secure_cookies`] does.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Scheme::from_url(url);
        self
    }

    /// Sets `advanced.cookiePrefix`, `better-auth` by default. Replaces names given by [`Self::cookie_names`].
    #[must_use]
    pub fn cookie_prefix(mut self, prefix: &str) -> Self {
        self.config.names = CookieNames::with_prefix(prefix, self.config.names.secure);
        self
    }

    /// Sets all names of cookies, and with [`CookieNames::secure`] whether they have the `__Secure-` prefix.
    #[must_use]
    pub fn cookie_names(mut self, names: CookieNames) -> Self {
        self.config.names = names;
        self
    }

    /// Sets `advanced.useSecureCookies`: `true` for `__Secure-` names only, `false` for plain names only.
    #[must_use]
    pub const fn secure_cookies(mut self, secure: bool) -> Self {
        self.secure_cookies = Some(secure);
        self
    }

    /// Sets the `session` options.
    #[must_use]
    pub fn session(mut self, policy: SessionPolicy) -> Self {
        self.config.policy = policy;
        self
    }

    /// Announces that the server signs its caches with the keys of its JWT plugin, so that
    /// [`Verifier::verify_with_key_set`](crate::Verifier::verify_with_key_set) verifies them. It switches the cache on. Without
    /// a secret the signatures of session tokens are not verified: see
    /// [`Authenticated::token_verified`](crate::Authenticated::token_verified).
    #[cfg(feature = "jwks")]
    #[must_use]
    pub const fn key_set(mut self) -> Self {
        self.key_set = true;
        self
    }

    /// Sets the attributes of minted cookies.
    #[cfg(feature = "gate")]
    #[must_use]
    pub fn cookie_attributes(mut self, attributes: CookieAttributes) -> Self {
        self.config.attributes = attributes;
        self
    }

    /// Returns the configuration.
    #[must_use]
    pub fn build(self) -> Config {
        let mut config = self.config;
        let by_url = self.base_url.map(|scheme| scheme == Scheme::Https);
        #[cfg(feature = "jwks")]
        if self.key_set {
            config.without_secret = config.secrets.is_empty();
            config.policy.trust_key_set();
        }
        config.names.secure = self.secure_cookies.or(config.names.secure).or(by_url);
        config
    }
}
