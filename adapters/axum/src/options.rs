//! The options of a gate, and their builder.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, header};
use better_session::gate::{Fields, Rules};
use better_session::{Config, Verifier, revocation};
use better_session_feeds::{FeedError, RevocationFeed};

use crate::error::BuildError;
use crate::gate::SessionGate;
use crate::origin::Origin;
use crate::revocation::{OnFeedError, Revocation};

/// Longest time that the origin may take.
const MAX_ORIGIN_TIMEOUT: Duration = Duration::from_secs(60);

/// Longest duration in the options of revocation.
const MAX_DURATION: Duration = Duration::from_secs(3600);

/// The options that requests depend on.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) credential_headers: Vec<HeaderName>,
    pub(crate) trust_proxy: bool,
    /// `scheme://host` of the configured `baseURL`, or "".
    pub(crate) site: String,
}

/// Options of revocation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RevocationOptions {
    /// Minimum time between two reads of the feed. Default 0.5 s.
    pub poll_interval: Duration,
    /// An index that is older is not used before the feed was read. Default 1 s.
    pub max_staleness: Duration,
    /// Greatest difference between the clocks of services and origin. Default 2 s.
    pub clock_skew: Duration,
}

impl Default for RevocationOptions {
    fn default() -> Self {
        let millis = Duration::from_millis;
        Self { poll_interval: millis(500), max_staleness: millis(1000), clock_skew: millis(2000) }
    }
}

/// Builds a [`SessionGate`].
pub struct SessionGateBuilder {
    config: Config,
    origin: String,
    rules: Option<Rules>,
    base_url: String,
    credential_headers: Option<Vec<HeaderName>>,
    trust_proxy: bool,
    origin_timeout: Duration,
    remembered: (usize, usize),
    feed: Option<(Arc<dyn RevocationFeed>, RevocationOptions)>,
    on_feed_error: OnFeedError,
}

impl std::fmt::Debug for SessionGateBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionGateBuilder").field("trust_proxy", &self.trust_proxy).finish_non_exhaustive()
    }
}

impl SessionGateBuilder {
    pub(crate) fn new(config: Config, origin: &str) -> Self {
        Self {
            config,
            origin: origin.to_owned(),
            rules: None,
            base_url: String::new(),
            credential_headers: None,
            trust_proxy: false,
            origin_timeout: Duration::from_secs(5),
            remembered: (1000, 4 * 1024 * 1024),
            feed: None,
            on_feed_error: Arc::new(|error| {
                let cause =
                    std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
                eprintln!("better-session: {error}{cause}");
            }),
        }
    }

    /// Sets `basePath` and the rules of routes, which the layer then enforces: every path needs a session that `routes.public` and
    /// `routes.optional` do not name. Without rules the extractors alone decide. Default: `basePath` "/api/auth" and no rules.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Sets the server's `baseURL`, as visitors call the site. It is reported to the origin.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        url.clone_into(&mut self.base_url);
        self
    }

    /// Sets the headers by which the origin alone can tell whose request it is. Default `authorization` and `x-api-key`.
    #[must_use]
    pub fn credential_headers(mut self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        self.credential_headers = Some(names.into_iter().collect());
        self
    }

    /// Sets whether a proxy in front sets `x-forwarded-for`, `x-forwarded-host` and `x-forwarded-proto`. Default false.
    #[must_use]
    pub const fn trust_proxy(mut self, trust: bool) -> Self {
        self.trust_proxy = trust;
        self
    }

    /// Sets the maximum time of a lookup, at most 60 s. Default 5 s.
    #[must_use]
    pub const fn origin_timeout(mut self, timeout: Duration) -> Self {
        self.origin_timeout = timeout;
        self
    }

    /// Sets how many authenticated cookies are remembered, and their bytes in all; see
    /// [`Verifier::with_cache`]. Default 1,000 and 4 MiB.
    #[must_use]
    pub const fn remember(mut self, entries: usize, bytes: usize) -> Self {
        self.remembered = (entries, bytes);
        self
    }

    /// Sets the feed of revocations. Without one a revoked session is let in until its cache expires.
    #[must_use]
    pub fn revocation(mut self, feed: impl RevocationFeed, options: RevocationOptions) -> Self {
        self.feed = Some((Arc::new(feed), options));
        self
    }

    /// Sets the function that receives the errors of the feed. Default: a line on standard error.
    #[must_use]
    pub fn on_feed_error(mut self, handle: impl Fn(&FeedError) + Send + Sync + 'static) -> Self {
        self.on_feed_error = Arc::new(handle);
        self
    }

    /// Derives the keys and checks the options.
    ///
    /// # Errors
    /// Returns the first invalid option. The message quotes no value.
    pub fn build(self) -> Result<SessionGate, BuildError> {
        let origin = Origin::new(&self.origin, self.origin_timeout, site_of(&self.base_url))?;
        if self.origin_timeout.is_zero() || self.origin_timeout > MAX_ORIGIN_TIMEOUT {
            return Err(BuildError::invalid("origin_timeout must be longer than 0 and at most 60 seconds"));
        }
        let (entries, bytes) = self.remembered;
        let verifier = Verifier::new(self.config)?.with_cache(entries, bytes);
        if !verifier.verifies_tokens() || verifier.uses_key_set() {
            return Err(BuildError::invalid(
                "the server's secret must be configured; key sets are not supported",
            ));
        }
        if verifier.policy().version.is_none() {
            return Err(BuildError::invalid(
                "cookieCache.version must be a string or a number: a function is not supported",
            ));
        }
        let enforces = self.rules.is_some();
        let mut rules = match self.rules {
            Some(rules) => rules,
            None => Rules::from_json("{}")?,
        };
        if self.credential_headers.is_some() {
            rules = rules.with_credentials(true, Fields::default());
        }
        let options = Options {
            credential_headers: self
                .credential_headers
                .unwrap_or_else(|| vec![header::AUTHORIZATION, HeaderName::from_static("x-api-key")]),
            trust_proxy: self.trust_proxy,
            site: site_of(&self.base_url).to_owned(),
        };
        let revocation = match self.feed {
            Some((feed, settings)) => {
                let index = checked(&verifier, &rules, feed.as_ref(), &settings)?;
                let keys =
                    verifier.keys().ok_or(BuildError::invalid("revocation needs the server's secret"))?;
                let state = revocation::RevocationState::new(keys, &index);
                Some(Revocation::new(feed, state, &settings, self.on_feed_error))
            }
            None => None,
        };
        Ok(SessionGate::assemble(verifier, rules, enforces, options, origin, revocation))
    }
}

/// Returns the options of the index, if those of revocation are valid for this feed.
fn checked(
    verifier: &Verifier,
    rules: &Rules,
    feed: &dyn RevocationFeed,
    settings: &RevocationOptions,
) -> Result<revocation::Options, BuildError> {
    let RevocationOptions { poll_interval, max_staleness, clock_skew } = *settings;
    if [poll_interval, max_staleness, clock_skew].iter().any(|duration| *duration > MAX_DURATION) {
        return Err(BuildError::invalid("durations of revocation must be at most an hour"));
    }
    if max_staleness.is_zero() || poll_interval > max_staleness {
        return Err(BuildError::invalid(
            "max_staleness must be longer than 0, and not shorter than poll_interval",
        ));
    }
    let stateless = verifier.policy().refresh_cache.is_some();
    // A service that has not received a revocation yet would mint a cache that outlives it.
    if stateless && clock_skew < max_staleness.saturating_add(feed.delay()) {
        return Err(BuildError::invalid(
            "with refreshCache, clock_skew must be at least max_staleness and the feed's delay",
        ));
    }
    if stateless && feed.may_lose() {
        return Err(BuildError::invalid(
            "with refreshCache the feed must not lose revocations: set its option durable",
        ));
    }
    Ok(revocation::Options {
        max_age: seconds(verifier.policy().max_age),
        grace: rules.grace(),
        poll_interval: millis(poll_interval),
        max_staleness: millis(max_staleness),
        clock_skew: millis(clock_skew),
        stateless,
        ..revocation::Options::default()
    })
}

/// Returns `scheme://host` of a URL, or "".
pub(crate) fn site_of(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else { return "" };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    url.get(..scheme.len().saturating_add(3).saturating_add(host.len())).unwrap_or_default()
}

/// Returns whole seconds, rounded up.
fn seconds(duration: Duration) -> i64 {
    better_session::time::seconds_up(duration.as_secs_f64())
}

pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_cannot_work_are_refused() {
        let build = |options: &str, origin: &str| {
            SessionGate::builder(Config::from_json(options).unwrap(), origin)
                .build()
                .err()
                .map(|error| error.to_string())
        };
        let with = |session: &str| {
            format!(r#"{{ "secret": "an example secret", "session": {{ "cookieCache": {session} }} }}"#)
        };
        let origin = "http://127.0.0.1:9";
        assert_eq!(build(&with("{}"), origin), None);
        let function = with(r#"{ "enabled": true, "version": { "versionFunction": true } }"#);
        assert!(build(&function, origin).unwrap().contains("version"));
        assert!(build(r#"{ "secret": "x", "jwks": true }"#, origin).unwrap().contains("key sets"));
        for wrong in ["", "127.0.0.1", "ftp://a", "http://user:password@a", "http://a?b"] {
            let error = build(&with("{}"), wrong).unwrap();
            assert!(error.contains("origin") && !error.contains("password"), "{wrong}: {error}");
        }
    }
}
