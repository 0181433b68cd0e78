//! Reads the gate's options from JSON into [`Rules`].

use crate::error::ConfigError;
use crate::gate::fields::Fields;
use crate::gate::routes::{BadPattern, Routes};
use crate::gate::rules::{Rules, target};
use crate::json::{Raw, parse};
use crate::prelude::*;
use crate::time::seconds_up;

impl Rules {
    /// Reads `{ basePath, baseURL, routes: { public, optional, fresh, authoritative, when, signInURL }, graceWhenOriginIsDown,
    /// answerGetSession, anyBearer, hiddenFields: { session, user }, pluginFields: { session, user } }`. Every member is
    /// optional. A path in `baseURL` is used instead of `basePath`.
    ///
    /// # Errors
    /// Returns an error with the path of the invalid option and the values that are valid.
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let root = parse(text).map_err(|_| ConfigError::option("options", "an object of JSON values"))?;
        let string = |value: Raw<'_>, path| {
            value
                .string()
                .map(alloc::borrow::Cow::into_owned)
                .ok_or_else(|| ConfigError::option(path, "a string"))
        };
        let routes = root.member("routes");
        let list = |name: &'static str, path: &'static str| {
            patterns(routes.and_then(|routes| routes.member(name)), path)
        };
        let public = list("public", "routes.public")?;
        let fresh = list("fresh", "routes.fresh")?;
        let authoritative = list("authoritative", "routes.authoritative")?;
        let optional = list("optional", "routes.optional")?;
        let when = list("when", "routes.when")?;
        let routes_rules = Routes::new(texts(&public), texts(&fresh), texts(&authoritative))
            .and_then(|routes| routes.with(texts(&optional), texts(&when)))
            .map_err(bad_pattern)?;

        let base_path = match at(Some(root), "basePath") {
            Some(value) => string(value, "basePath")?,
            None => "/api/auth".to_owned(),
        };
        let base_url = at(Some(root), "baseURL").and_then(Raw::string);
        let base_path = base_url.as_deref().and_then(api_path).unwrap_or(&base_path);
        let grace = match at(Some(root), "graceWhenOriginIsDown") {
            Some(value) => {
                value.number().filter(|seconds| (0.0..=MAX_GRACE).contains(seconds)).ok_or_else(|| {
                    ConfigError::option("graceWhenOriginIsDown", "a number of seconds, from 0 to 86400")
                })?
            }
            None => 0.0,
        };
        let answers = !at(Some(root), "answerGetSession").is_some_and(|flag| flag.is_literal("false"));
        let mut rules = Self::new(routes_rules, base_path)?.with(answers, seconds_up(grace));
        if let Some(url) = at(routes, "signInURL") {
            rules = rules.with_sign_in(&string(url, "routes.signInURL")?)?;
        }
        let any_bearer = at(Some(root), "anyBearer").is_some_and(|flag| flag.is_literal("true"));
        rules = rules.with_credentials(any_bearer, fields(root)?);
        Ok(match &base_url {
            Some(url) => rules.with_base_url(url),
            None => rules,
        })
    }
}

/// Returns the path of a `baseURL` that has one. To Better Auth it is the path of the API, and `basePath` is not used.
fn api_path(base_url: &str) -> Option<&str> {
    let path = base_url.contains("://").then(|| target(base_url).path)?;
    (!path.trim_matches('/').is_empty()).then_some(path)
}

fn at<'a>(parent: Option<Raw<'a>>, name: &str) -> Option<Raw<'a>> {
    parent?.member(name).filter(|value| !value.is_literal("null"))
}

/// Reads `hiddenFields`, which the application hides, and `pluginFields`, which the server's plugins hide. With
/// `hiddenFields` every other member is shown.
fn fields(root: Raw<'_>) -> Result<Fields, ConfigError> {
    let own = at(Some(root), "hiddenFields");
    if own.is_some_and(|own| !own.is_object()) {
        return Err(ConfigError::option("hiddenFields", "an object of lists"));
    }
    let plugins = at(Some(root), "pluginFields");
    let hidden = |name: &'static str, path: &'static str| -> Result<Vec<String>, ConfigError> {
        let mut names = strings(own.and_then(|own| own.member(name)), path, "a list of names")?;
        names.extend(strings(plugins.and_then(|plugins| plugins.member(name)), path, "a list of names")?);
        Ok(names)
    };
    let session = hidden("session", "hiddenFields.session")?;
    let user = hidden("user", "hiddenFields.user")?;
    Ok(Fields::new(session, user, own.is_some()))
}

/// Longest grace, in seconds: a day.
const MAX_GRACE: f64 = 86_400.0;

fn patterns(list: Option<Raw<'_>>, path: &str) -> Result<Vec<String>, ConfigError> {
    strings(list, path, "a list of patterns")
}

fn strings(list: Option<Raw<'_>>, path: &str, must: &str) -> Result<Vec<String>, ConfigError> {
    let Some(list) = list.filter(|list| !list.is_literal("null")) else { return Ok(Vec::new()) };
    let shape = || ConfigError::option(path, must);
    let each = |value: Raw<'_>| value.string().map(alloc::borrow::Cow::into_owned).ok_or_else(shape);
    list.elements().ok_or_else(shape)?.into_iter().map(each).collect()
}

fn texts(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

fn bad_pattern(BadPattern(text): BadPattern) -> ConfigError {
    let path = ["routes: ", &text].concat();
    ConfigError::option(&path, "an absolute path; * and :name stand for one segment, ** only at the end")
}
