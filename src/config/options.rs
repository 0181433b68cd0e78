//! Better Auth's own options object, as JSON, read into a [`Config`]: the object that `betterAuth({ … })` has.

use crate::cache::Strategy;
use crate::config::options_reader::{FirstInvalid, OptionsReader};
use crate::config::policy::SessionPolicy;
use crate::cookie::session_cookies::CookieNames;
#[cfg(feature = "gate")]
use crate::cookie::set_cookie::{Attributes, CookieAttributes};
use crate::error::ConfigError;
use crate::json::{Raw, parse, push};
use crate::primitives::crypto::keyring::{SECRETS_MALFORMED, Secret, add_secret, push_secrets};
use crate::time::Seconds;
use crate::verifier::Config;

impl Config {
    /// Reads `{ secret | secrets, session, advanced, baseURL, acceptOldSecrets }`; members it does not know
    /// are passed over, as they are Better Auth's own. `version: { "versionFunction": true }` stands for a
    /// function, whose comparison is left to the caller.
    ///
    /// # Errors
    /// With the path of the option and what it must be.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let fault = FirstInvalid::default();
        let root = OptionsReader::root(parse(text).ok(), &fault);
        let mut secrets = Vec::new();
        read_secrets(&root, &mut secrets).ok_or(SECRETS_MALFORMED)?;
        let mut config = Self {
            secrets,
            names: names(&root),
            policy: SessionPolicy::default(),
            #[cfg(feature = "gate")]
            attributes: CookieAttributes::default(),
        };
        read_policy(&root, &mut config.policy);
        #[cfg(feature = "gate")]
        read_attributes(&root, &mut config.attributes);
        fault.error().map_or(Ok(config), Err)
    }
}

/// Nothing when they are a text that is no list.
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

/// Nothing when it is no list of `{ version, value }`.
fn push_list(list: Raw<'_>, secrets: &mut Vec<Secret>) -> Option<()> {
    for entry in list.each() {
        let number = entry.member("version")?.number()?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // compared with what it was
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
    let cookies = advanced.section("advanced.cookies");
    cookies.section("advanced.cookies.session_token").set_text("name", &mut names.session_token);
    cookies.section("advanced.cookies.session_data").set_text("name", &mut names.session_data);
    cookies.section("advanced.cookies.dont_remember").set_text("name", &mut names.dont_remember);
    cookies.section("advanced.cookies.account_data").set_text("name", &mut names.account_data);
    names
}

/// By the scheme of a plain `baseURL`, or by the protocol of Better Auth's dynamic form,
/// `{ allowedHosts, protocol }`.
fn is_https(root: &OptionsReader<'_>) -> Option<bool> {
    let value = root.value("baseURL")?;
    let scheme = if value.member("protocol").or_else(|| value.member("allowedHosts")).is_some() {
        root.section("baseURL").text("protocol").filter(|protocol| protocol != "auto")?
    } else {
        root.text("baseURL")?
    };
    Some(scheme == "https" || scheme.starts_with("https://"))
}

fn read_policy(root: &OptionsReader<'_>, policy: &mut SessionPolicy) {
    policy.accept_old_secrets = root.flag("acceptOldSecrets").unwrap_or(false);
    let session = root.section("session");
    policy.expires_in = or(session.seconds("expiresIn", 0), policy.expires_in);
    policy.update_age = session.seconds("updateAge", policy.update_age);
    policy.fresh_age = session.seconds("freshAge", policy.fresh_age);
    let cache = session.section("session.cookieCache");
    policy.max_age = or(cache.seconds("maxAge", 0), policy.max_age);
    if cache.value("strategy").is_some_and(|value| strategies(value, &mut policy.strategies).is_none()) {
        cache.reject("strategy", "\"compact\", \"jwt\" or \"jwe\", or a list of them");
    }
    version(&cache, &mut policy.version);
    refresh_cache(&cache, policy);
    // Better Auth switches the cache on by itself only without a database, which these two options together
    // stand for.
    let stateless = policy.refresh_cache.is_some() && policy.strategy() == Strategy::Jwe;
    policy.cache_enabled = cache.flag("enabled").unwrap_or(stateless);
}

/// As `||` on the server.
fn or(seconds: Seconds, default: Seconds) -> Seconds {
    if seconds == 0 { default } else { seconds }
}

/// Nothing when it is neither a strategy's name nor a list of some.
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

/// A number means its decimal text here; Better Auth ignores it and mints `"1"`.
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
    if cache.seconds("maxAge", 0) == 0 {
        // Without a database the server's own default is the session's lifetime.
        policy.max_age = policy.expires_in;
    }
    let mut update_age = policy.max_age / 5;
    if is_object {
        update_age = cache.section("session.cookieCache.refreshCache").seconds("updateAge", update_age);
    }
    policy.refresh_cache = Some(update_age);
}

/// Attributes of the cookies that are minted here: the defaults, then the subdomain, then the overrides of all
/// cookies, then those of the one.
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
}

/// Of a plain `baseURL`; the server's dynamic form has no host of its own.
#[cfg(feature = "gate")]
fn host(base_url: Raw<'_>) -> Option<String> {
    let url = base_url.string()?;
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', ':', '?', '#']).next()?;
    Some(host.to_owned()).filter(|host| !host.is_empty())
}
