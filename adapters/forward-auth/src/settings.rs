//! The configuration, in the environment and in a file.
//!
//! | variable | meaning |
//! |---|---|
//! | `BETTER_AUTH_SECRET` or `BETTER_AUTH_SECRETS` | the server's secret, or its rotation list `2:new,1:old` |
//! | `AUTH_ORIGIN` | URL of the Better Auth server |
//! | `BETTER_AUTH_URL` | the server's `baseURL`, as visitors call the site |
//! | `BETTER_SESSION_CONFIG` | a JSON file with the options that `createSessionGate` takes: `session`, `advanced`, `basePath`, `routes`, `graceWhenOriginIsDown`, `originTimeout`, `credentialHeaders`, `trustProxy`, `forwardAuth`, `revocation` |
//! | `TRUST_PROXY` | `true`: the proxy sets the headers below and `x-forwarded-*`; required |
//! | `FORWARD_AUTH_METHOD`, `FORWARD_AUTH_URI` | the two headers with the visitor's method and URL; default `x-forwarded-method`, `x-forwarded-uri` |
//! | `REDIRECT` | `false` for proxies that accept 2xx, 401 and 403 alone |
//! | `REDIS_URL` or `DATABASE_URL` | the store of the revocation feed |
//! | `HOST`, `PORT` | where to listen; default 127.0.0.1 and 4000 |
//!
//! A variable overrides the member of the file. No message quotes a value.

use std::time::Duration;

use axum::http::HeaderName;
use better_session::Config;
use better_session::gate::Rules;
use better_session_axum::{
    BuildError, ForwardAuth, ForwardAuthHeaders, RevocationOptions, SessionGate, SessionGateBuilder,
};
use better_session_feeds::{FeedError, PostgresFeed, PostgresFeedOptions, RedisFeed, RedisFeedOptions};
use serde_json::{Map, Value};

pub(crate) struct Settings {
    options: Map<String, Value>,
    pub(crate) host: String,
    pub(crate) port: u16,
    redis: Option<String>,
    postgres: Option<String>,
}

impl Settings {
    /// Reads the environment, and the file that it names.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut options = match set("BETTER_SESSION_CONFIG") {
            Some(path) => read_file(&path)?,
            None => Map::new(),
        };
        for (name, member) in [
            ("BETTER_AUTH_SECRET", "secret"),
            ("BETTER_AUTH_SECRETS", "secrets"),
            ("BETTER_AUTH_URL", "baseURL"),
            ("AUTH_ORIGIN", "origin"),
        ] {
            if let Some(value) = set(name) {
                options.insert(member.to_owned(), value.into());
            }
        }
        if let Some(flag) = set("TRUST_PROXY") {
            options.insert("trustProxy".to_owned(), (flag == "true").into());
        }
        let forward_auth = options.entry("forwardAuth").or_insert_with(|| Value::Object(Map::new()));
        let members = forward_auth.as_object_mut().ok_or("forwardAuth must be an object")?;
        for (name, member) in [("FORWARD_AUTH_METHOD", "method"), ("FORWARD_AUTH_URI", "uri")] {
            if let Some(value) = set(name) {
                members.insert(member.to_owned(), value.into());
            }
        }
        if let Some(flag) = set("REDIRECT") {
            members.insert("redirect".to_owned(), (flag != "false").into());
        }
        let port = match set("PORT") {
            Some(port) => port.parse().map_err(|_| "PORT must be a number from 0 to 65535")?,
            None => 4000,
        };
        Ok(Self {
            options,
            host: set("HOST").unwrap_or_else(|| "127.0.0.1".to_owned()),
            port,
            redis: set("REDIS_URL"),
            postgres: set("DATABASE_URL"),
        })
    }

    /// Creates the service.
    pub(crate) fn service(&self) -> Result<ForwardAuth, String> {
        let named = |error: BuildError| format!("{}: {error}", error.code());
        let json = Value::Object(self.options.clone()).to_string();
        let config = Config::from_json(&json).map_err(|error| named(error.into()))?;
        let rules = Rules::from_json(&json).map_err(|error| named(error.into()))?;
        let origin =
            self.text("origin").ok_or("AUTH_ORIGIN is missing: the URL of the Better Auth server")?;
        let mut gate = SessionGate::builder(config, origin)
            .rules(rules)
            .base_url(self.text("baseURL").unwrap_or_default())
            .trust_proxy(self.options.get("trustProxy") == Some(&Value::Bool(true)));
        if let Some(timeout) = self.options.get("originTimeout") {
            let millis = timeout.as_u64().ok_or("originTimeout must be a number of milliseconds")?;
            gate = gate.origin_timeout(Duration::from_millis(millis));
        }
        if let Some(list) = self.options.get("credentialHeaders") {
            gate = gate.credential_headers(header_names(list)?);
        }
        let gate = self.with_feed(gate)?.build().map_err(named)?;
        ForwardAuth::new(gate, self.headers()?).map_err(named)
    }

    /// Adds the revocation feed, if a store is configured.
    fn with_feed(&self, gate: SessionGateBuilder) -> Result<SessionGateBuilder, String> {
        let given = self.options.get("revocation");
        let member = |name: &str| given.and_then(|given| given.get(name));
        let mut options = RevocationOptions::default();
        for (name, slot) in [
            ("pollInterval", &mut options.poll_interval),
            ("maxStaleness", &mut options.max_staleness),
            ("clockSkew", &mut options.clock_skew),
        ] {
            if let Some(seconds) = member(name) {
                let duration = seconds.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                *slot = duration.ok_or_else(|| format!("revocation.{name} must be a number of seconds"))?;
            }
        }
        let named = |error: FeedError| error.to_string();
        let durable = member("durable") == Some(&Value::Bool(true));
        match (&self.redis, &self.postgres) {
            (Some(_), Some(_)) => Err("REDIS_URL and DATABASE_URL exclude each other".to_owned()),
            (Some(url), None) => {
                let mut feed = RedisFeedOptions::default().durable(durable);
                if let Some(prefix) = member("prefix").and_then(Value::as_str) {
                    feed = feed.prefix(prefix);
                }
                Ok(gate.revocation(RedisFeed::connect(url, feed).map_err(named)?, options))
            }
            (None, Some(url)) => {
                let mut feed = PostgresFeedOptions::default();
                if let Some(table) = member("table").and_then(Value::as_str) {
                    feed = feed.table(table);
                }
                let config: tokio_postgres::Config =
                    url.parse().map_err(|_| "DATABASE_URL must be the URL of a Postgres database")?;
                Ok(gate.revocation(PostgresFeed::connect(&config, feed).map_err(named)?, options))
            }
            (None, None) => Ok(gate),
        }
    }

    fn headers(&self) -> Result<ForwardAuthHeaders, String> {
        let given = self.options.get("forwardAuth");
        let member = |name: &str| given.and_then(|given| given.get(name));
        let mut headers = ForwardAuthHeaders::default();
        for (name, slot) in [("method", &mut headers.method), ("uri", &mut headers.uri)] {
            if let Some(value) = member(name) {
                *slot = header_name(value)
                    .ok_or_else(|| format!("forwardAuth.{name} must be the name of a header"))?;
            }
        }
        headers.redirect = member("redirect") != Some(&Value::Bool(false));
        Ok(headers)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.options.get(name).and_then(Value::as_str)
    }
}

fn read_file(path: &str) -> Result<Map<String, Value>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("BETTER_SESSION_CONFIG: {error}"))?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(options)) => Ok(options),
        Ok(_) => Err("BETTER_SESSION_CONFIG must name a file with a JSON object".to_owned()),
        Err(error) => {
            Err(format!("BETTER_SESSION_CONFIG is no JSON: line {}, column {}", error.line(), error.column()))
        }
    }
}

fn header_name(value: &Value) -> Option<HeaderName> {
    HeaderName::try_from(value.as_str()?).ok()
}

fn header_names(list: &Value) -> Result<Vec<HeaderName>, String> {
    let names = list.as_array().and_then(|list| list.iter().map(header_name).collect());
    names.ok_or_else(|| "credentialHeaders must be a list of header names".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: [(&str, &str); 3] = [
        ("BETTER_AUTH_SECRET", "a-secret-value-of-the-test"),
        ("AUTH_ORIGIN", "http://127.0.0.1:9"),
        ("TRUST_PROXY", "true"),
    ];

    fn service(more: &[(&str, &str)]) -> Result<ForwardAuth, String> {
        let all = || BASE.iter().chain(more);
        let settings = Settings::read(|name| {
            all().rev().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })?;
        settings.service()
    }

    #[test]
    fn the_environment_alone_is_enough() {
        assert!(service(&[]).is_ok());
        assert!(
            service(&[("FORWARD_AUTH_METHOD", "x-original-method"), ("FORWARD_AUTH_URI", "x-original-url")])
                .is_ok()
        );
    }

    #[test]
    fn a_wrong_configuration_is_named_and_not_quoted() {
        for (name, value, message) in [
            ("BETTER_AUTH_SECRET", "", "SECRET_MISSING"),
            ("AUTH_ORIGIN", "", "AUTH_ORIGIN is missing"),
            ("AUTH_ORIGIN", "ftp://value-of-the-test", "origin must be"),
            ("TRUST_PROXY", "no", "needs trust_proxy"),
            ("FORWARD_AUTH_URI", "value of the test", "forwardAuth.uri"),
            ("FORWARD_AUTH_URI", "x-forwarded-method", "names of two headers"),
            ("PORT", "value-of-the-test", "PORT must be"),
            ("REDIS_URL", "value-of-the-test", "URL of the Redis feed"),
            ("DATABASE_URL", "value-of-the-test", "DATABASE_URL must be"),
            ("BETTER_SESSION_CONFIG", "/value-of-the-test", "BETTER_SESSION_CONFIG"),
        ] {
            let error = service(&[(name, value)]).err().unwrap_or_default();
            assert!(error.contains(message), "{name}: {error}");
            assert!(!error.contains("of-the-test") && !error.contains("of the test"), "{name}: {error}");
        }
    }

    #[test]
    fn the_file_has_the_options_of_the_gate() {
        let path =
            std::env::temp_dir().join(format!("better-session-forward-auth-{}.json", std::process::id()));
        let file = path.to_str().unwrap();
        let text = r#"{ "routes": { "public": ["/"] }, "originTimeout": 100, "credentialHeaders": ["authorization"], "revocation": { "maxStaleness": 2 } }"#;
        for (text, is_ok) in
            [(text, true), (r#"{ "routes": { "public": ["nowhere"] } }"#, false), ("[]", false), ("{", false)]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(service(&[("BETTER_SESSION_CONFIG", file)]).is_ok(), is_ok, "{text}");
        }
        std::fs::remove_file(&path).unwrap();
    }
}
