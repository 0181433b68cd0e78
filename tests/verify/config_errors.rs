//! Options that are refused, and the option that each error names.

use better_session::Config;
use serde_json::json;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn from_json_error_names_the_option() {
    for (options, path) in [
        (json!({ "secret": 1 }), "secret"),
        (json!({ "secrets": 1 }), "secrets"),
        (json!({ "secrets": [{ "version": 1 }] }), "secrets"),
        (json!({ "secrets": [{ "version": 1.5, "value": "a" }] }), "secrets"),
        (json!({ "secrets": [{ "version": -1, "value": "a" }] }), "secrets"),
        (json!({ "secrets": [{ "version": "1", "value": "a" }] }), "secrets"),
        (json!({ "acceptOldSecrets": "yes" }), "acceptOldSecrets"),
        (json!({ "baseURL": 1 }), "baseURL"),
        (json!({ "baseURL": { "protocol": 1 } }), "baseURL.protocol"),
        (json!({ "session": { "expiresIn": "7d" } }), "session.expiresIn"),
        (json!({ "session": { "updateAge": -1 } }), "session.updateAge"),
        (json!({ "session": { "freshAge": 1e300 } }), "session.freshAge"),
        (json!({ "session": { "cookieCache": { "enabled": 1 } } }), "session.cookieCache.enabled"),
        (json!({ "session": { "cookieCache": { "maxAge": [] } } }), "session.cookieCache.maxAge"),
        (json!({ "session": { "cookieCache": { "strategy": "jws" } } }), "session.cookieCache.strategy"),
        (json!({ "session": { "cookieCache": { "strategy": [] } } }), "session.cookieCache.strategy"),
        (json!({ "session": { "cookieCache": { "strategy": [1] } } }), "session.cookieCache.strategy"),
        (json!({ "session": { "cookieCache": { "version": true } } }), "session.cookieCache.version"),
        (json!({ "session": { "cookieCache": { "refreshCache": 1 } } }), "session.cookieCache.refreshCache"),
        (
            json!({ "session": { "cookieCache": { "refreshCache": { "updateAge": "1" } } } }),
            "session.cookieCache.refreshCache.updateAge",
        ),
        (json!({ "advanced": { "useSecureCookies": "true" } }), "advanced.useSecureCookies"),
        (json!({ "advanced": { "cookiePrefix": 1 } }), "advanced.cookiePrefix"),
        (
            json!({ "advanced": { "cookies": { "session_token": { "name": 1 } } } }),
            "advanced.cookies.session_token.name",
        ),
        #[cfg(feature = "gate")]
        (
            json!({ "advanced": { "crossSubDomainCookies": { "enabled": 1 } } }),
            "advanced.crossSubDomainCookies.enabled",
        ),
        #[cfg(feature = "gate")]
        (
            json!({ "advanced": { "defaultCookieAttributes": { "secure": 1 } } }),
            "advanced.defaultCookieAttributes.secure",
        ),
        #[cfg(feature = "gate")]
        (
            json!({ "advanced": { "defaultCookieAttributes": { "path": 1 } } }),
            "advanced.defaultCookieAttributes.path",
        ),
    ] {
        let error = read_config(&options).expect_err(path);
        assert_eq!(error.code, "OPTION_INVALID", "{options}");
        assert!(error.to_string().starts_with(&format!("{path} must be ")), "{options}: {error}");
    }
    assert_eq!(read_config(&json!({ "secrets": "none" })).expect_err("secrets").code, "SECRETS_MALFORMED");
}

#[test]
fn refuses_what_is_not_an_object() {
    for text in ["", "{", "[", "{} {}", "null", "[]", "1", "\"options\""] {
        let error = Config::from_json(text).expect_err(text);
        assert_eq!(
            (error.code, error.to_string().as_str()),
            ("OPTION_INVALID", "options must be an object of JSON values"),
            "{text}"
        );
    }
}

#[test]
fn refuses_a_part_that_is_not_an_object() {
    for options in [
        json!({ "session": 1 }),
        json!({ "session": [] }),
        json!({ "session": { "cookieCache": true } }),
        json!({ "advanced": "x" }),
        json!({ "advanced": { "cookies": [] } }),
    ] {
        assert_eq!(read_config(&options).expect_err("a wrong shape").code, "OPTION_INVALID", "{options}");
    }
}

#[test]
fn from_json_error_contains_no_secret() {
    for options in [
        json!({ "secret": SECRET, "session": { "expiresIn": SECRET } }),
        json!({ "secrets": SECRET }),
        json!({ "secrets": [SECRET] }),
    ] {
        let error = read_config(&options).expect_err("wrong");
        assert!(!format!("{error} {error:?}").contains(SECRET));
    }
}
