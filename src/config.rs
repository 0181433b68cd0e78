//! Better Auth's own options object, as JSON, read into a [`Config`]: the object that `betterAuth({ … })` has.

use std::cell::Cell;

use crate::codec::Strategy;
use crate::error::ConfigError;
use crate::jar::Names;
use crate::json::{Raw, parse};
use crate::keys::{Secret, parse_secrets};
use crate::policy::Policy;
#[cfg(feature = "gate")]
use crate::set_cookie::{Attributes, CookieAttributes};
use crate::setting::Setting;
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
        let wrong = Cell::new(None);
        let root = Setting::root(parse(text).ok(), &wrong);
        let config = Self {
            secrets: secrets(&root),
            names: names(&root),
            policy: policy(&root),
            #[cfg(feature = "gate")]
            attributes: attributes(&root),
        };
        wrong.take().map_or(Ok(config), Err)
    }
}

fn secrets(root: &Setting<'_>) -> Vec<Secret> {
    let mut secrets = Vec::new();
    let rotation = root.at("secrets");
    if let Some(value) = rotation.value() {
        match value.string() {
            Some(list) => match parse_secrets(&list) {
                Ok(list) => secrets = list,
                Err(error) => rotation.fail(error),
            },
            None => push_list(&rotation, value, &mut secrets),
        }
    }
    if let Some(secret) = root.at("secret").text() {
        secrets.push(Secret::new(&secret));
    }
    secrets
}

fn push_list(rotation: &Setting<'_>, value: Raw<'_>, secrets: &mut Vec<Secret>) {
    let listed = value.elements();
    for entry in listed.iter().flatten() {
        let version = entry.member("version").and_then(Raw::number).filter(|version| version.fract() == 0.0);
        let version = version.filter(|version| (0.0..=f64::from(u32::MAX)).contains(version));
        let value = entry.member("value").and_then(Raw::string);
        let (Some(version), Some(value)) = (version, value) else { return rotation.must_be(SECRET_LIST) };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // whole and within the range above
        secrets.push(Secret::versioned(version as u32, &value));
    }
    if listed.is_none() {
        rotation.must_be(SECRET_LIST);
    }
}

const SECRET_LIST: &str = "a list of { version, value }, current first";

fn names(root: &Setting<'_>) -> Names {
    let advanced = root.at("advanced");
    let scheme = scheme(&root.at("baseURL"));
    let secure = advanced
        .at("useSecureCookies")
        .flag()
        .or_else(|| scheme.map(|scheme| scheme == "https" || scheme.starts_with("https://")));
    let prefix = advanced.at("cookiePrefix").text().filter(|prefix| !prefix.is_empty());
    let mut names = Names::with_prefix(prefix.as_deref().unwrap_or("better-auth"), secure);
    let cookies = advanced.at("cookies");
    let slots = [
        ("session_token", &mut names.session_token),
        ("session_data", &mut names.session_data),
        ("dont_remember", &mut names.dont_remember),
    ];
    for (key, slot) in slots {
        if let Some(name) = cookies.at(key).at("name").text().filter(|name| !name.is_empty()) {
            *slot = name;
        }
    }
    names
}

/// A URL or a protocol: of a plain `baseURL`, or of Better Auth's dynamic form, `{ allowedHosts, protocol }`.
fn scheme(base_url: &Setting<'_>) -> Option<String> {
    let value = base_url.value()?;
    if value.member("protocol").or_else(|| value.member("allowedHosts")).is_none() {
        return base_url.text();
    }
    base_url.at("protocol").text().filter(|protocol| protocol != "auto")
}

fn policy(root: &Setting<'_>) -> Policy {
    let accept_old_secrets = root.at("acceptOldSecrets").flag().unwrap_or(false);
    let mut policy = Policy { accept_old_secrets, ..Policy::default() };
    let session = root.at("session");
    set(&mut policy.expires_in, session.at("expiresIn").seconds().filter(|seconds| *seconds > 0));
    set(&mut policy.update_age, session.at("updateAge").seconds());
    set(&mut policy.fresh_age, session.at("freshAge").seconds());
    let cache = session.at("cookieCache");
    set(&mut policy.cache_enabled, cache.at("enabled").flag());
    let max_age = cache.at("maxAge").seconds().filter(|seconds| *seconds > 0);
    set(&mut policy.max_age, max_age);
    set(&mut policy.strategies, strategies(&cache.at("strategy")));
    version(&cache.at("version"), &mut policy.version);
    policy.refresh_cache = refresh_cache(&cache.at("refreshCache"), policy.max_age);
    if policy.refresh_cache.is_some() && max_age.is_none() {
        // Without a database the server's own default is the session's lifetime.
        policy.max_age = policy.expires_in;
        policy.refresh_cache = refresh_cache(&cache.at("refreshCache"), policy.max_age);
    }
    policy
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn strategies(option: &Setting<'_>) -> Option<Vec<Strategy>> {
    let value = option.value()?;
    let mut strategies = Vec::new();
    let names = value.elements().unwrap_or_else(|| vec![value]);
    for name in &names {
        strategies.extend(name.string().and_then(|name| Strategy::from_name(&name)));
    }
    if strategies.is_empty() || strategies.len() != names.len() {
        option.must_be("\"compact\", \"jwt\" or \"jwe\", or a list of them");
    }
    Some(strategies)
}

/// A number means its decimal text here; Better Auth ignores it and mints `"1"`.
fn version(option: &Setting<'_>, version: &mut Option<String>) {
    let Some(value) = option.value() else { return };
    if value.member("versionFunction").is_some() {
        *version = None;
    } else if value.number().is_some() {
        *version = Some(value.text().to_owned());
    } else if let Some(text) = value.string() {
        set(version, Some(text.into_owned()).filter(|text| !text.is_empty()).map(Some));
    } else {
        option.must_be("a string, a number or a function");
    }
}

fn refresh_cache(option: &Setting<'_>, max_age: Seconds) -> Option<Seconds> {
    let default = max_age / 5;
    if option.value()?.is_object() {
        return Some(option.at("updateAge").seconds().unwrap_or(default));
    }
    option.flag().filter(|on| *on).map(|_| default)
}

/// Attributes of the cookies that are minted here: the defaults, then the subdomain, then the overrides of all
/// cookies, then those of the one.
#[cfg(feature = "gate")]
fn attributes(root: &Setting<'_>) -> CookieAttributes {
    let advanced = root.at("advanced");
    let mut all = Attributes::default();
    let cross = advanced.at("crossSubDomainCookies");
    if cross.at("enabled").flag() == Some(true) {
        let named = cross.at("domain").text().filter(|domain| !domain.is_empty());
        all.domain = named.or_else(|| host(&root.at("baseURL")));
    }
    overridden(&mut all, &advanced.at("defaultCookieAttributes"));
    let mut own = CookieAttributes { session_token: all.clone(), session_data: all };
    let cookies = advanced.at("cookies");
    overridden(&mut own.session_token, &cookies.at("session_token").at("attributes"));
    overridden(&mut own.session_data, &cookies.at("session_data").at("attributes"));
    own
}

#[cfg(feature = "gate")]
fn overridden(attributes: &mut Attributes, overrides: &Setting<'_>) {
    for (name, slot) in [
        ("domain", &mut attributes.domain),
        ("path", &mut attributes.path),
        ("sameSite", &mut attributes.same_site),
    ] {
        set(slot, overrides.at(name).text().map(Some));
    }
    set(&mut attributes.http_only, overrides.at("httpOnly").flag());
    set(&mut attributes.secure, overrides.at("secure").flag().map(Some));
    set(&mut attributes.partitioned, overrides.at("partitioned").flag());
}

/// Of a plain `baseURL`; the server's dynamic form has no host of its own.
#[cfg(feature = "gate")]
fn host(base_url: &Setting<'_>) -> Option<String> {
    let url = base_url.value()?.string()?;
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', ':', '?', '#']).next()?;
    Some(host.to_owned()).filter(|host| !host.is_empty())
}
