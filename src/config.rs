//! Better Auth's own options object, as JSON, read into a [`Config`]: the object that `betterAuth({ … })` has.

use crate::codec::Strategy;
use crate::error::ConfigError;
use crate::jar::Names;
use crate::json::{Raw, parse};
use crate::keys::{Secret, parse_secrets};
use crate::policy::Policy;
use crate::set_cookie::Attributes;
use crate::time::Seconds;
use crate::verifier::Config;

/// Longest duration taken, in seconds: 100 years. It keeps sums of instants inside a `Date`.
const MAX_SECONDS: f64 = 3_155_760_000.0;

impl Config {
    /// Reads `{ secret | secrets, session, advanced, baseURL, acceptOldSecrets }`; members it does not know
    /// are passed over, as they are Better Auth's own. `version: { "versionFunction": true }` stands for a
    /// function, whose comparison is left to the caller.
    ///
    /// # Errors
    /// With the path of the option and what it must be.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let root = parse(text).ok().filter(|root| root.is_object());
        let root = root.ok_or_else(|| ConfigError::option("options", "an object of JSON values"))?;
        let root = Option(root, "options");
        let session = root.object("session", "session")?;
        Ok(Self {
            secrets: secrets(&root)?,
            names: names(&root)?,
            policy: policy(session, flag(root.at("acceptOldSecrets", "acceptOldSecrets"))?.unwrap_or(false))?,
            attributes: attributes(&root)?,
        })
    }
}

/// A configured value and its path, for errors.
#[derive(Clone, Copy)]
struct Option<'a>(Raw<'a>, &'static str);

type Maybe<T> = std::option::Option<T>;

impl<'a> Option<'a> {
    /// The member `name`, unless it is absent or null.
    fn at(&self, name: &str, path: &'static str) -> Maybe<Option<'a>> {
        let value = self.0.member(name)?;
        (!value.is_literal("null")).then_some(Option(value, path))
    }

    /// As [`Self::at`], for options that have options of their own.
    fn object(&self, name: &str, path: &'static str) -> Result<Maybe<Option<'a>>, ConfigError> {
        let option = self.at(name, path);
        if option.is_some_and(|option| !option.0.is_object()) {
            return Err(ConfigError::option(path, "an object"));
        }
        Ok(option)
    }
}

fn flag(option: Maybe<Option<'_>>) -> Result<Maybe<bool>, ConfigError> {
    let Some(Option(value, path)) = option else { return Ok(None) };
    match value.text() {
        "true" => Ok(Some(true)),
        "false" => Ok(Some(false)),
        _ => Err(ConfigError::option(path, "true or false")),
    }
}

fn text(option: Maybe<Option<'_>>) -> Result<Maybe<String>, ConfigError> {
    let Some(Option(value, path)) = option else { return Ok(None) };
    value.string().map(|text| Some(text.into_owned())).ok_or_else(|| ConfigError::option(path, "a string"))
}

fn seconds(option: Maybe<Option<'_>>) -> Result<Maybe<Seconds>, ConfigError> {
    let Some(Option(value, path)) = option else { return Ok(None) };
    let number = value.number().filter(|number| (0.0..=MAX_SECONDS).contains(number));
    #[allow(clippy::cast_possible_truncation)] // within the range above
    let whole = number.map(|number| number as Seconds);
    whole.map(Some).ok_or_else(|| ConfigError::option(path, "a number of seconds, 0 or more"))
}

fn secrets(root: &Option<'_>) -> Result<Vec<Secret>, ConfigError> {
    let mut secrets = match root.at("secrets", "secrets") {
        None => Vec::new(),
        Some(Option(value, path)) => match value.string() {
            Some(list) => parse_secrets(&list)?,
            None => secret_list(value, path)?,
        },
    };
    if let Some(secret) = text(root.at("secret", "secret"))? {
        secrets.push(Secret::new(&secret));
    }
    Ok(secrets)
}

fn secret_list(value: Raw<'_>, path: &str) -> Result<Vec<Secret>, ConfigError> {
    let shape = || ConfigError::option(path, "a list of { version, value }, current first");
    let entries = value.elements().ok_or_else(shape)?;
    let secret = |entry: &Raw<'_>| {
        let version = entry.member("version").and_then(Raw::number).filter(|version| version.fract() == 0.0);
        let version = version.filter(|version| (0.0..=f64::from(u32::MAX)).contains(version))?;
        let value = entry.member("value").and_then(Raw::string)?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and within the range above
        Some(Secret::versioned(version as u32, &value))
    };
    entries.iter().map(secret).collect::<Maybe<Vec<_>>>().ok_or_else(shape)
}

fn names(root: &Option<'_>) -> Result<Names, ConfigError> {
    let advanced = root.object("advanced", "advanced")?;
    let within = |name: &str, path| advanced.as_ref().and_then(|advanced| advanced.at(name, path));
    let base_url = root.at("baseURL", "baseURL");
    // `{ allowedHosts, protocol }` is Better Auth's dynamic form.
    let dynamic = text(base_url.and_then(|url| url.at("protocol", "baseURL.protocol")))?;
    let scheme = match (base_url, dynamic) {
        (Some(url), None) if url.0.member("allowedHosts").is_none() => text(Some(url))?,
        (_, dynamic) => dynamic.filter(|protocol| protocol != "auto"),
    };
    let secure = flag(within("useSecureCookies", "advanced.useSecureCookies"))?
        .or_else(|| scheme.map(|scheme| scheme == "https" || scheme.starts_with("https://")));
    let prefix = text(within("cookiePrefix", "advanced.cookiePrefix"))?.filter(|prefix| !prefix.is_empty());
    let mut names = Names::with_prefix(prefix.as_deref().unwrap_or("better-auth"), secure);
    let cookies = match advanced {
        Some(advanced) => advanced.object("cookies", "advanced.cookies")?,
        None => None,
    };
    if let Some(cookies) = cookies {
        let named = |key: &str| {
            let cookie = cookies.object(key, "advanced.cookies.*")?;
            text(cookie.and_then(|cookie| cookie.at("name", "advanced.cookies.*.name")))
        };
        let slots = [
            ("session_token", &mut names.session_token),
            ("session_data", &mut names.session_data),
            ("dont_remember", &mut names.dont_remember),
        ];
        for (key, slot) in slots {
            if let Some(name) = named(key)?.filter(|name| !name.is_empty()) {
                *slot = name;
            }
        }
    }
    Ok(names)
}

fn policy(session: Maybe<Option<'_>>, accept_old_secrets: bool) -> Result<Policy, ConfigError> {
    let defaults = Policy { accept_old_secrets, ..Policy::default() };
    let Some(session) = session else { return Ok(defaults) };
    let positive = |option| seconds(option).map(|seconds| seconds.filter(|seconds| *seconds > 0));
    let mut policy = Policy {
        expires_in: positive(session.at("expiresIn", "session.expiresIn"))?.unwrap_or(defaults.expires_in),
        update_age: seconds(session.at("updateAge", "session.updateAge"))?.unwrap_or(defaults.update_age),
        fresh_age: seconds(session.at("freshAge", "session.freshAge"))?.unwrap_or(defaults.fresh_age),
        ..defaults
    };
    let Some(cache) = session.object("cookieCache", "session.cookieCache")? else { return Ok(policy) };
    policy.cache_enabled = flag(cache.at("enabled", "session.cookieCache.enabled"))?.unwrap_or(true);
    policy.max_age = positive(cache.at("maxAge", "session.cookieCache.maxAge"))?.unwrap_or(policy.max_age);
    if let Some(Option(value, path)) = cache.at("strategy", "session.cookieCache.strategy") {
        policy.strategies = strategies(value, path)?;
    }
    if let Some(Option(value, path)) = cache.at("version", "session.cookieCache.version") {
        policy.version = version(value, path)?;
    }
    policy.refresh_cache = refresh_cache(&cache, policy.max_age)?;
    Ok(policy)
}

fn strategies(value: Raw<'_>, path: &str) -> Result<Vec<Strategy>, ConfigError> {
    let names = value.elements().unwrap_or_else(|| vec![value]);
    let strategy = |name: &Raw<'_>| name.string().and_then(|name| Strategy::from_name(&name));
    let strategies = names.iter().map(strategy).collect::<Maybe<Vec<_>>>().filter(|list| !list.is_empty());
    strategies.ok_or_else(|| ConfigError::option(path, "\"compact\", \"jwt\" or \"jwe\", or a list of them"))
}

/// A number means its decimal text here; Better Auth ignores it and mints `"1"`.
fn version(value: Raw<'_>, path: &str) -> Result<Maybe<String>, ConfigError> {
    if value.member("versionFunction").is_some() {
        return Ok(None);
    }
    if value.number().is_some() {
        return Ok(Some(value.text().to_owned()));
    }
    let text = value.string().ok_or_else(|| ConfigError::option(path, "a string, a number or a function"))?;
    Ok(Some(if text.is_empty() { "1".to_owned() } else { text.into_owned() }))
}

fn refresh_cache(cache: &Option<'_>, max_age: Seconds) -> Result<Maybe<Seconds>, ConfigError> {
    let Some(option) = cache.at("refreshCache", "session.cookieCache.refreshCache") else { return Ok(None) };
    let default = max_age / 5;
    if option.0.is_object() {
        let update_age = option.at("updateAge", "session.cookieCache.refreshCache.updateAge");
        return Ok(Some(seconds(update_age)?.unwrap_or(default)));
    }
    Ok(flag(Some(option))?.filter(|on| *on).map(|_| default))
}

/// Attributes of the cookies that are minted here: the defaults, then the subdomain, then the overrides.
fn attributes(root: &Option<'_>) -> Result<Attributes, ConfigError> {
    let mut attributes = Attributes::default();
    let Some(advanced) = root.object("advanced", "advanced")? else { return Ok(attributes) };
    if let Some(cross) = advanced.object("crossSubDomainCookies", "advanced.crossSubDomainCookies")?
        && flag(cross.at("enabled", "advanced.crossSubDomainCookies.enabled"))? == Some(true)
    {
        attributes.domain = text(cross.at("domain", "advanced.crossSubDomainCookies.domain"))?;
        if attributes.domain.is_none() {
            let base_url = text(root.at("baseURL", "baseURL"))?.unwrap_or_default();
            let after_scheme = base_url.split_once("://").map(|(_, rest)| rest);
            let host = after_scheme.and_then(|rest| rest.split(['/', ':', '?', '#']).next());
            attributes.domain = host.filter(|host| !host.is_empty()).map(str::to_owned);
        }
    }
    if let Some(overrides) = advanced.object("defaultCookieAttributes", "advanced.defaultCookieAttributes")? {
        let at = |name: &str, path| overrides.at(name, path);
        let set_text =
            |slot: &mut Maybe<String>, option| text(option).map(|text| *slot = text.or_else(|| slot.take()));
        set_text(&mut attributes.domain, at("domain", "advanced.defaultCookieAttributes.domain"))?;
        set_text(&mut attributes.path, at("path", "advanced.defaultCookieAttributes.path"))?;
        set_text(&mut attributes.same_site, at("sameSite", "advanced.defaultCookieAttributes.sameSite"))?;
        attributes.http_only =
            flag(at("httpOnly", "advanced.defaultCookieAttributes.httpOnly"))?.unwrap_or(true);
        attributes.secure = flag(at("secure", "advanced.defaultCookieAttributes.secure"))?;
        attributes.partitioned =
            flag(at("partitioned", "advanced.defaultCookieAttributes.partitioned"))?.unwrap_or(false);
    }
    Ok(attributes)
}
