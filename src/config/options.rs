//! The reader of the options object of `betterAuth({ … })`, as JSON.

use crate::prelude::*;
use core::time::Duration;

use crate::cache::strategy::Strategy;
use crate::config::builder::Config;
use crate::config::options_reader::{FirstInvalid, OptionsReader};
use crate::config::policy::SessionPolicy;
use crate::config::secret::{SECRETS_MALFORMED, Secret, add_secret, push_secrets};
use crate::cookie::session_cookies::{CookieNames, Scheme};
#[cfg(feature = "gate")]
use crate::cookie::set_cookie::{Attributes, CookieAttributes};
use crate::error::ConfigError;
use crate::json::{Raw, parse, push};
#[cfg(feature = "gate")]
use crate::primitives::bytes::split_once;

impl Config {
    /// Reads `{ secret | secrets, session, advanced, baseURL, acceptOldSecrets }` of the object that `betterAuth({ … })`
    /// has; other members are ignored. Durations are in seconds. `version: { "versionFunction": true }` stands for a
    /// function, whose comparison is left to the caller. `jwks: true` announces caches that a key set verifies, and
    /// `serverSecret: false` that `secret` is not the server's.
    ///
    /// # Errors
    /// `SECRETS_MALFORMED`, or `OPTION_INVALID` with the path of the first invalid option and what it must be.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let fault = FirstInvalid::default();
        let root = OptionsReader::root(parse(text).ok(), &fault);
        let mut secrets = Vec::new();
        read_secrets(&root, &mut secrets).ok_or(SECRETS_MALFORMED)?;
        let mut config = Self {
            secrets,
            names: names(&root),
            policy: SessionPolicy::default(),
            without_secret: root.flag("serverSecret") == Some(false),
            #[cfg(feature = "gate")]
            attributes: CookieAttributes::default(),
        };
        read_policy(&root, &mut config.policy);
        #[cfg(feature = "gate")]
        read_attributes(&root, &mut config.attributes);
        fault.error().map_or(Ok(config), Err)
    }
}

/// Returns `None` if `secrets` is a string but not a list of `version:secret`.
fn read_secrets(root: &OptionsReader<'_>, secrets: &mut Vec<Secret>) -> Option<()> {
    if let Some(value) = root.value("secrets") {
        if let Some(list) = value.string() {
            push_secrets(&list, secrets)?;
        } else if push_list(value, secrets).is_none() {
            root.reject("secrets", "a list of { version, value }, current first");
        }
    }
    if let Some(value) = root.text("secret") {
        add_secret(secrets, None, value);
    }
    Some(())
}

/// Returns `None` if `list` is not an array of `{ version, value }`.
fn push_list(list: Raw<'_>, secrets: &mut Vec<Secret>) -> Option<()> {
    for entry in list.each() {
        let number = entry.member("version")?.number()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // compared with the number below
        let version = number as u32;
        #[allow(clippy::float_cmp)] // a version is whole
        if f64::from(version) != number {
            return None;
        }
        add_secret(secrets, Some(version), entry.member("value")?.owned()?);
    }
    list.is_array().then_some(())
}

fn names(root: &OptionsReader<'_>) -> CookieNames {
    let by_url = is_https(root);
    let advanced = root.section("advanced");
    let secure = advanced.flag("useSecureCookies").or(by_url);
    let mut prefix = String::new();
    push(&mut prefix, "better-auth");
    advanced.set_text("cookiePrefix", &mut prefix);
    let mut names = CookieNames::with_prefix(&prefix, secure);
    names.host = advanced.flag("hostPrefix") == Some(true);
    let cookies = advanced.section("advanced.cookies");
    cookies.section("advanced.cookies.session_token").set_text("name", &mut names.session_token);
    cookies.section("advanced.cookies.session_data").set_text("name", &mut names.session_data);
    cookies.section("advanced.cookies.dont_remember").set_text("name", &mut names.dont_remember);
    cookies.section("advanced.cookies.account_data").set_text("name", &mut names.account_data);
    names
}

/// Returns whether `baseURL` is HTTPS: by the scheme of a URL, or by the `protocol` of Better Auth's dynamic form
/// `{ allowedHosts, protocol }`.
fn is_https(root: &OptionsReader<'_>) -> Option<bool> {
    let value = root.value("baseURL")?;
    let scheme = if value.member("protocol").or_else(|| value.member("allowedHosts")).is_some() {
        root.section("baseURL").text("protocol").filter(|protocol| protocol != "auto")?
    } else {
        root.text("baseURL")?
    };
    Some(scheme == "https" || Scheme::from_url(&scheme) == Some(Scheme::Https))
}

fn read_policy(root: &OptionsReader<'_>, policy: &mut SessionPolicy) {
    policy.accept_old_secrets = root.flag("acceptOldSecrets").unwrap_or(false);
    let session = root.section("session");
    policy.expires_in = or(session.seconds("expiresIn", Duration::ZERO), policy.expires_in);
    policy.update_age = session.seconds("updateAge", policy.update_age);
    policy.fresh_age = session.seconds("freshAge", policy.fresh_age);
    let cache = session.section("session.cookieCache");
    policy.max_age = or(cache.seconds("maxAge", Duration::ZERO), policy.max_age);
    if cache.value("strategy").is_some_and(|value| strategies(value, &mut policy.strategies).is_none()) {
        cache.reject("strategy", "\"compact\", \"jwt\" or \"jwe\", or a list of them");
    }
    version(&cache, &mut policy.version);
    refresh_cache(&cache, policy);
    // Without a database Better Auth switches the cache on by default, and these two options together mean that.
    let stateless = policy.refresh_cache.is_some() && policy.strategy() == Strategy::Jwe;
    policy.key_set = root.flag("jwks") == Some(true);
    if policy.key_set && cache.value("strategy").is_none() {
        policy.strategies = vec![Strategy::Jwt];
    }
    policy.cache_enabled = cache.flag("enabled").unwrap_or(stateless || policy.key_set);
}

/// Returns `default` for zero, as `||` does on the server.
fn or(seconds: Duration, default: Duration) -> Duration {
    if seconds.is_zero() { default } else { seconds }
}

/// Returns `None` if `value` is neither the name of a strategy nor a non-empty list of names.
fn strategies(value: Raw<'_>, strategies: &mut Vec<Strategy>) -> Option<()> {
    strategies.clear();
    let mut listed = value.each();
    let mut named = if value.is_array() { listed.next() } else { Some(value) };
    while let Some(name) = named {
        strategies.push(Strategy::from_name(&name.string()?)?);
        named = listed.next();
    }
    if strategies.is_empty() { None } else { Some(()) }
}

/// Reads `version`. A number is read as its decimal text; Better Auth ignores a number and mints `"1"`.
fn version(cache: &OptionsReader<'_>, version: &mut Option<String>) {
    let Some(value) = cache.value("version") else { return };
    if value.member("versionFunction").is_some() {
        *version = None;
    } else if let Some(version) = version.as_mut() {
        if value.number().is_some() {
            version.clear();
            push(version, value.text());
        } else if value.is_text() {
            cache.set_text("version", version);
        } else {
            cache.reject("version", "a string, a number or a function");
        }
    }
}

fn refresh_cache(cache: &OptionsReader<'_>, policy: &mut SessionPolicy) {
    let is_object = cache.value("refreshCache").is_some_and(Raw::is_object);
    if !is_object && cache.flag("refreshCache") != Some(true) {
        return;
    }
    if cache.seconds("maxAge", Duration::ZERO).is_zero() {
        // Without a database the server defaults to the session's lifetime.
        policy.max_age = policy.expires_in;
    }
    // The server divides too, and compares in whole seconds.
    let mut update_age = Duration::from_secs(policy.max_age.as_secs() / 5);
    if is_object {
        update_age = cache.section("session.cookieCache.refreshCache").seconds("updateAge", update_age);
    }
    policy.refresh_cache = Some(update_age);
}

/// Reads the attributes of minted cookies. Later ones override earlier ones: the defaults, the subdomain, the overrides of
/// all cookies, those of one cookie.
#[cfg(feature = "gate")]
fn read_attributes(root: &OptionsReader<'_>, own: &mut CookieAttributes) {
    let mut all = Attributes::default();
    let advanced = root.section("advanced");
    let cross = advanced.section("advanced.crossSubDomainCookies");
    if cross.flag("enabled") == Some(true) {
        let named = cross.text("domain").filter(|domain| !domain.is_empty());
        all.domain = named.or_else(|| host(root.value("baseURL")?));
    }
    overridden(&mut all, &advanced.section("advanced.defaultCookieAttributes"));
    // The server's own age of each cookie comes after the defaults.
    all.max_age = None;
    *own = CookieAttributes { session_token: all.clone(), session_data: all };
    let cookies = advanced.section("advanced.cookies");
    let token = cookies.section("advanced.cookies.session_token");
    let data = cookies.section("advanced.cookies.session_data");
    overridden(&mut own.session_token, &token.section("advanced.cookies.session_token.attributes"));
    overridden(&mut own.session_data, &data.section("advanced.cookies.session_data.attributes"));
}

#[cfg(feature = "gate")]
fn overridden(attributes: &mut Attributes, overrides: &OptionsReader<'_>) {
    for (name, slot) in [
        ("domain", &mut attributes.domain),
        ("path", &mut attributes.path),
        ("sameSite", &mut attributes.same_site),
    ] {
        if let Some(text) = overrides.text(name) {
            *slot = Some(text);
        }
    }
    attributes.http_only = overrides.flag("httpOnly").unwrap_or(attributes.http_only);
    attributes.secure = overrides.flag("secure").or(attributes.secure);
    attributes.partitioned = overrides.flag("partitioned").unwrap_or(attributes.partitioned);
    if overrides.value("maxAge").is_some() {
        attributes.max_age = Some(overrides.seconds("maxAge", Duration::ZERO));
    }
}

/// Returns the host of a plain `baseURL`; the server's dynamic form has no single host.
#[cfg(feature = "gate")]
fn host(base_url: Raw<'_>) -> Option<String> {
    let url = base_url.string()?;
    let (_, rest) = split_once(&url, b':')?;
    let host = rest.strip_prefix("//")?.split(['/', ':', '?', '#']).next()?;
    Some(host.to_owned()).filter(|host| !host.is_empty())
}
