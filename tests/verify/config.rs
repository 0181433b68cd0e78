use std::time::Duration;

#[cfg(feature = "gate")]
use better_session::cookie::set_cookie::{Attributes, CookieAttributes};
use better_session::{Config, CookieNames, Secret, SessionPolicy, Strategy};
use serde_json::{Value, json};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn good(options: Value) -> Config {
    read_config(&options).unwrap_or_else(|error| panic!("{options}: {error}"))
}

fn session(options: Value) -> SessionPolicy {
    good(json!({ "session": options })).policy().clone()
}

fn cache(options: Value) -> SessionPolicy {
    session(json!({ "cookieCache": options }))
}

#[test]
fn from_json_defaults_to_the_servers_defaults() {
    for options in [
        json!({}),
        json!({ "session": null, "advanced": null, "baseURL": null, "secret": null }),
        json!({ "session": { "cookieCache": {} } }),
    ] {
        let config = good(options);
        assert_eq!((config.policy(), config.names()), (&SessionPolicy::default(), &CookieNames::default()));
        #[cfg(feature = "gate")]
        assert_eq!(config.attributes(), &CookieAttributes::default());
        assert!(config.secrets().is_empty());
    }
    assert_eq!(CookieNames::default().session_token, "better-auth.session_token");
    let policy = SessionPolicy::default();
    assert_eq!(
        (policy.expires_in, policy.update_age, policy.fresh_age, policy.max_age),
        (seconds(604_800), seconds(86_400), seconds(86_400), seconds(300))
    );
}

#[test]
fn from_json_ignores_unknown_options() {
    let config = good(
        json!({ "appName": "x", "plugins": [{}], "session": { "modelName": "s", "additionalFields": { "a": 1 } }, "advanced": { "ipAddress": {} } }),
    );
    assert_eq!(config.policy(), &SessionPolicy::default());
}

#[test]
fn from_json_reads_durations() {
    let policy = session(
        json!({ "expiresIn": 3600, "updateAge": 60, "freshAge": 0, "cookieCache": { "maxAge": 120 } }),
    );
    assert_eq!((policy.expires_in, policy.update_age), (seconds(3600), seconds(60)));
    assert_eq!((policy.fresh_age, policy.max_age), (seconds(0), seconds(120)));
    let policy = session(json!({ "updateAge": 1.25, "freshAge": 2.01, "cookieCache": { "maxAge": 0.5 } }));
    assert_eq!((policy.update_age, policy.fresh_age), (millis(1250), millis(2010)));
    assert_eq!(policy.max_age, millis(500), "not the default, as for 0");
    // As `expiresIn || 7 days` on the server.
    let policy = session(json!({ "expiresIn": 0, "cookieCache": { "maxAge": 0 } }));
    assert_eq!((policy.expires_in, policy.max_age), (seconds(604_800), seconds(300)));
}

#[test]
fn from_json_reads_strategies() {
    use Strategy::{Compact, Jwe, Jwt};
    for (strategy, expected) in [
        (json!("compact"), vec![Compact]),
        (json!("base64-hmac"), vec![Compact]),
        (json!("jwt"), vec![Jwt]),
        (json!("jwe"), vec![Jwe]),
        (json!(["jwe", "compact"]), vec![Jwe, Compact]),
    ] {
        let policy = cache(json!({ "strategy": strategy }));
        assert_eq!(policy.strategies, expected);
        assert_eq!(policy.strategy(), expected[0]);
    }
}

#[test]
fn from_json_reads_versions() {
    for (version, expected) in [
        (json!("2"), Some("2")),
        (json!(""), Some("1")),
        (json!(2), Some("2")),
        (json!(1.5), Some("1.5")),
        (json!(null), Some("1")),
        (json!({ "versionFunction": true }), None),
    ] {
        assert_eq!(cache(json!({ "version": version })).version.as_deref(), expected, "{version}");
    }
}

#[test]
fn from_json_reads_refresh_cache() {
    for (refresh, expected) in [
        (json!(true), Some(120_960)), // a fifth of seven days: the server's default without a database
        (json!(false), None),
        (json!({}), Some(120_960)),
        (json!({ "updateAge": 30 }), Some(30)),
        (json!({ "updateAge": 0 }), Some(0)),
    ] {
        assert_eq!(
            cache(json!({ "refreshCache": refresh })).refresh_cache,
            expected.map(seconds),
            "{refresh}"
        );
    }
    assert_eq!(cache(json!({ "refreshCache": true })).max_age, seconds(604_800));
    assert_eq!(cache(json!({ "refreshCache": false })).max_age, seconds(300));
    let chosen = cache(json!({ "refreshCache": true, "maxAge": 300 }));
    assert_eq!((chosen.max_age, chosen.refresh_cache), (seconds(300), Some(seconds(60))));
}

#[test]
fn from_json_prefers_use_secure_cookies_to_base_url() {
    for (options, expected) in [
        (json!({}), None),
        (json!({ "baseURL": "https://example.com" }), Some(true)),
        (json!({ "baseURL": "http://localhost:3000" }), Some(false)),
        (json!({ "baseURL": "HTTPS://example.com" }), Some(true)), // the server reads the parsed URL
        (json!({ "baseURL": "auto" }), Some(false)),
        (json!({ "baseURL": "http://localhost", "advanced": { "useSecureCookies": true } }), Some(true)),
        (json!({ "baseURL": "https://x", "advanced": { "useSecureCookies": false } }), Some(false)),
        (json!({ "baseURL": { "allowedHosts": ["*"], "protocol": "https" } }), Some(true)),
        (json!({ "baseURL": { "allowedHosts": ["*"], "protocol": "http" } }), Some(false)),
        (json!({ "baseURL": { "allowedHosts": ["*"], "protocol": "auto" } }), None),
        (json!({ "baseURL": { "allowedHosts": ["*"] } }), None),
    ] {
        assert_eq!(good(options.clone()).names().secure, expected, "{options}");
    }
}

#[test]
fn from_json_reads_names() {
    let names = |advanced: Value| good(json!({ "advanced": advanced })).names().clone();
    assert_eq!(names(json!({ "cookiePrefix": "app" })), CookieNames::with_prefix("app", None));
    assert_eq!(names(json!({ "cookiePrefix": "" })), CookieNames::default());
    let named = names(
        json!({ "cookiePrefix": "app", "cookies": { "session_token": { "name": "sid" }, "session_data": { "attributes": {} }, "other": { "name": "x" } } }),
    );
    assert_eq!(
        (named.session_token.as_str(), named.session_data.as_str(), named.dont_remember.as_str()),
        ("sid", "app.session_data", "app.dont_remember")
    );
}

#[test]
fn from_json_reads_secrets() {
    let reads = |options: Value, expected: Vec<Secret>| same_keys(good(options).secrets().to_vec(), expected);
    assert!(reads(json!({ "secret": "a" }), vec![Secret::new("a")]));
    let list = vec![Secret::versioned(2, "b"), Secret::versioned(1, "a")];
    assert!(reads(json!({ "secrets": "2:b,1:a" }), list.clone()));
    let listed = json!({ "secrets": [{ "version": 2, "value": "b" }, { "version": 1, "value": "a" }], "secret": "legacy" });
    assert!(reads(listed, [list, vec![Secret::new("legacy")]].concat()));
}

#[cfg(feature = "gate")]
#[test]
fn reads_attributes() {
    let attributes = |options: Value| good(options).attributes().session_data.clone();
    let cross = json!({ "baseURL": "https://app.example.com:8443/x", "advanced": { "crossSubDomainCookies": { "enabled": true } } });
    assert_eq!(attributes(cross).domain.as_deref(), Some("app.example.com"));
    let named =
        json!({ "advanced": { "crossSubDomainCookies": { "enabled": true, "domain": ".example.com" } } });
    assert_eq!(attributes(named).domain.as_deref(), Some(".example.com"));
    let unnamed = json!({ "baseURL": "https://app.example.com", "advanced": { "crossSubDomainCookies": { "enabled": true, "domain": "" } } });
    assert_eq!(attributes(unnamed).domain.as_deref(), Some("app.example.com"));
    let dynamic = json!({ "baseURL": { "allowedHosts": ["*"] }, "advanced": { "crossSubDomainCookies": { "enabled": true } } });
    assert_eq!(attributes(dynamic).domain, None);
    let off =
        json!({ "advanced": { "crossSubDomainCookies": { "enabled": false, "domain": ".example.com" } } });
    assert_eq!(attributes(off).domain, None);
    let overrides = json!({ "advanced": { "defaultCookieAttributes": { "sameSite": "none", "secure": true, "partitioned": true, "httpOnly": false, "path": "/x", "domain": "y" } } });
    let mut expected = Attributes::default();
    (expected.domain, expected.path) = (Some("y".into()), Some("/x".into()));
    (expected.same_site, expected.http_only) = (Some("none".into()), false);
    (expected.secure, expected.partitioned) = (Some(true), true);
    assert_eq!(attributes(overrides), expected);
}

#[cfg(feature = "gate")]
#[test]
fn attributes_of_one_cookie_outweigh_those_of_all() {
    let attributes = good(json!({ "advanced": {
        "defaultCookieAttributes": { "sameSite": "none", "secure": true },
        "cookies": { "session_token": { "attributes": { "sameSite": "strict", "secure": false } } },
    } }))
    .attributes()
    .clone();
    assert_eq!(attributes.session_data.same_site.as_deref(), Some("none"));
    assert_eq!(attributes.session_data.secure, Some(true));
    assert_eq!(attributes.session_token.same_site.as_deref(), Some("strict"));
    assert_eq!(attributes.session_token.secure, Some(false));
}

#[test]
fn builder_returns_the_same_configuration_as_from_json() {
    let mut policy = SessionPolicy::default();
    policy.cache_enabled = true;
    policy.max_age = seconds(60);
    let built = Config::builder()
        .secrets(Secret::parse_list("2:b,1:a").expect("a list"))
        .secret("legacy")
        .cookie_prefix("app")
        .base_url("https://app.example")
        .session(policy)
        .build();
    let read = good(json!({
        "secrets": "2:b,1:a", "secret": "legacy", "baseURL": "https://app.example",
        "advanced": { "cookiePrefix": "app" }, "session": { "cookieCache": { "enabled": true, "maxAge": 60 } },
    }));
    assert_eq!((built.policy(), built.names()), (read.policy(), read.names()));
    assert!(same_keys(built.secrets().to_vec(), read.secrets().to_vec()));
}

#[test]
fn builder_prefers_secure_cookies_to_base_url_in_any_order() {
    let secure = |builder: better_session::ConfigBuilder| builder.build().names().secure;
    let builder = Config::builder;
    assert_eq!(secure(builder()), None);
    assert_eq!(secure(builder().base_url("http://localhost:3000")), Some(false));
    assert_eq!(secure(builder().base_url("https://x").secure_cookies(false)), Some(false));
    assert_eq!(secure(builder().secure_cookies(true).base_url("http://x").cookie_prefix("p")), Some(true));
    assert_eq!(secure(builder().cookie_names(CookieNames::with_prefix("p", Some(true)))), Some(true));
}

#[test]
fn strategy_parses_its_names_and_displays_one() {
    for strategy in STRATEGIES {
        assert_eq!(strategy.to_string().parse(), Ok(strategy));
    }
    assert_eq!("base64-hmac".parse(), Ok(Strategy::Compact));
    for other in ["", "JWT", "jwt ", "none"] {
        assert!(other.parse::<Strategy>().is_err(), "{other}");
    }
}
