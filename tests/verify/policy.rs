use better_session::{Authenticated, Config, SessionPolicy, Strategy, Verdict, Verifier};
use serde_json::{Value, json};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn authenticated(verifier: &Verifier, now: i64) -> Authenticated {
    match verifier.verify(&cookies(&mint(Strategy::Compact)), at(now)) {
        Verdict::Authenticated(answer) => answer,
        other => panic!("{}", outcome(&other)),
    }
}

fn session(options: Value) -> Verifier {
    verifier(&json!({ "session": options }))
}

fn outcome_of(options: Value, header: &str, now: i64) -> String {
    outcome(&session(options).verify(header, at(now)))
}

/// `SESSION` ends a week after `NOW`; the cache is made to last longer.
#[test]
fn verify_accepts_the_last_millisecond_of_the_session() {
    let members = ",\"version\":\"1\"";
    for value in [
        forge_compact(&payload(members), &(SESSION_EXPIRES * 2).to_string()),
        forge_jwt("{\"alg\":\"HS256\"}", &payload(&format!("{members},\"exp\":{}", SESSION_EXPIRES))),
    ] {
        assert_eq!(outcome(&plain().verify(&cookies(&value), at(SESSION_EXPIRES))), "authenticated");
        assert_eq!(
            outcome(&plain().verify(&cookies(&value), at(SESSION_EXPIRES + 1))),
            "stale session_expired"
        );
    }
}

#[test]
fn verify_compares_versions_as_strings() {
    let header = cookies(&plain().mint(&minting().version("2")));
    for (version, expected) in [
        (json!("2"), "authenticated"),
        (json!(2), "authenticated"), // a number is its decimal text here; Better Auth ignores it
        (json!("1"), "stale version_mismatch"),
        (json!("02"), "stale version_mismatch"),
        (json!("2 "), "stale version_mismatch"),
        (json!({ "versionFunction": true }), "authenticated"), // compared by the caller
    ] {
        assert_eq!(
            outcome_of(json!({ "cookieCache": { "version": version } }), &header, NOW),
            expected,
            "{version}"
        );
    }
    assert_eq!(outcome(&plain().verify(&header, at(NOW))), "stale version_mismatch");
}

/// Before Better Auth 1.4 a cache had no version; an empty one counts as none.
#[test]
fn verify_reads_a_missing_version_as_1() {
    for members in ["", ",\"version\":\"\"", ",\"version\":\"1\""] {
        let header = cookies(&forge_compact(&payload(members), &(NOW + 1).to_string()));
        assert_eq!(outcome(&plain().verify(&header, at(NOW))), "authenticated", "{members}");
        assert_eq!(
            outcome_of(json!({ "cookieCache": { "version": "2" } }), &header, NOW),
            "stale version_mismatch"
        );
    }
    for members in [",\"version\":null", ",\"version\":1", ",\"version\":[\"1\"]"] {
        let header = cookies(&forge_compact(&payload(members), &(NOW + 1).to_string()));
        assert_eq!(outcome(&plain().verify(&header, at(NOW))), "stale cache_malformed", "{members}");
    }
}

/// `createdAt` of `SESSION` is `NOW`.
#[test]
fn is_fresh_below_the_fresh_age_only() {
    let wide = |fresh_age: i64| session(json!({ "freshAge": fresh_age }));
    assert!(authenticated(&wide(60), NOW).fresh);
    assert!(authenticated(&wide(60), NOW + 59_999).fresh);
    assert!(!authenticated(&wide(60), NOW + 60_000).fresh);
    assert!(!authenticated(&wide(60), NOW + 60_001).fresh);
    assert!(authenticated(&wide(0), NOW + 300_000).fresh, "0 switches the rule off");
    assert!(authenticated(&plain(), NOW + 300_000).fresh, "a day by default");
    assert!(authenticated(&wide(1), NOW - 1).fresh, "a clock that runs ahead makes nothing old");
}

/// A part of a second is no zero, which would mean that every session is fresh.
#[test]
fn is_fresh_reads_parts_of_a_second() {
    let half = || session(json!({ "freshAge": 0.5 }));
    assert!(authenticated(&half(), NOW + 499).fresh);
    assert!(!authenticated(&half(), NOW + 500).fresh);
    let tiny = || session(json!({ "freshAge": 1e-9 }));
    assert!(authenticated(&tiny(), NOW).fresh);
    assert!(!authenticated(&tiny(), NOW + 1).fresh, "a millisecond is the least");
}

#[test]
fn is_fresh_is_false_without_created_at() {
    let text = payload("").replace(
        "\"createdAt\":\"2027-01-15T08:00:00.000Z\",\"updatedAt\":\"2027-01-15T08:00:00.000Z\",\"ipAddress\"",
        "\"ipAddress\"",
    );
    let header = cookies(&forge_compact(&text, &(NOW + 1).to_string()));
    let fresh = |verifier: Verifier| match verifier.verify(&header, at(NOW)) {
        Verdict::Authenticated(answer) => answer.fresh,
        other => panic!("{}", outcome(&other)),
    };
    assert!(!fresh(plain()));
    assert!(fresh(session(json!({ "freshAge": 0 }))));
}

/// `expiresAt - expiresIn + updateAge <= now`, to the millisecond.
#[test]
fn is_refresh_due_from_update_age_on() {
    let due = |update_age: i64, now: i64| {
        authenticated(&session(json!({ "updateAge": update_age })), now).refresh_due
    };
    assert!(!due(100, NOW + 99_999));
    assert!(due(100, NOW + 100_000));
    assert!(due(100, NOW + 100_001));
    assert!(due(0, NOW));
    assert!(!due(86_400, NOW + 300_000));
    let longer = session(json!({ "expiresIn": 1_209_600, "updateAge": 604_800 }));
    assert!(authenticated(&longer, NOW).refresh_due, "half of a fortnight is over");
}

/// Without a database: less than `updateAge` is left of the cache.
#[test]
fn is_refresh_due_with_refresh_cache_below_its_update_age() {
    let due = |refresh: Value, now: i64| {
        authenticated(&session(json!({ "cookieCache": { "maxAge": 300, "refreshCache": refresh } })), now)
            .refresh_due
    };
    assert!(!due(json!(true), NOW + 240_000), "a fifth is left by default");
    assert!(due(json!(true), NOW + 240_001));
    assert!(!due(json!({ "updateAge": 10 }), NOW + 290_000));
    assert!(due(json!({ "updateAge": 10 }), NOW + 290_001));
    assert!(!due(json!(false), NOW + 300_000), "off: the other rule counts");
    let hour = session(json!({ "cookieCache": { "maxAge": 3600, "refreshCache": {} } }));
    assert!(authenticated(&hour, NOW).refresh_due, "a fifth of an hour is more than the five minutes minted");
}

#[test]
fn verify_ignores_a_disabled_cache() {
    let header = cookies(&mint(Strategy::Compact));
    assert_eq!(
        outcome_of(json!({ "cookieCache": { "enabled": false } }), &header, NOW),
        "stale cache_absent"
    );
    assert_eq!(outcome_of(json!({ "cookieCache": { "enabled": true } }), &header, NOW), "authenticated");
}

#[test]
fn verify_does_not_overflow_at_extreme_times() {
    for now in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        for strategy in STRATEGIES {
            let verdict = outcome(&plain().verify(&cookies(&mint(strategy)), at(now)));
            assert_eq!(verdict, if now < NOW { "authenticated" } else { "stale cache_expired" }, "{now}");
        }
    }
}

/// As on the server: `enabled`, else on only with the options that a server without a database has by default.
#[test]
fn cache_enabled_defaults_as_on_the_server() {
    let read = |session: Value| {
        Config::from_json(&json!({ "session": session }).to_string()).expect("good options").policy().clone()
    };
    for (options, expected) in [
        (json!({}), false),
        (json!(null), false),
        (json!({ "enabled": null }), false),
        (json!({ "enabled": true }), true),
        (json!({ "enabled": false }), false),
        (json!({ "strategy": "compact", "maxAge": 300, "version": "2" }), false),
        (json!({ "strategy": "jwe" }), false),
        (json!({ "refreshCache": true }), false),
        (json!({ "strategy": "jwt", "refreshCache": true }), false),
        (json!({ "strategy": ["compact", "jwe"], "refreshCache": true }), false),
        (json!({ "strategy": "jwe", "refreshCache": false }), false),
        (json!({ "strategy": "jwe", "refreshCache": true }), true),
        (json!({ "strategy": ["jwe", "compact"], "refreshCache": { "updateAge": 60 } }), true),
        (json!({ "strategy": "jwe", "refreshCache": true, "enabled": false }), false),
    ] {
        assert_eq!(read(json!({ "cookieCache": options })).cache_enabled, expected, "{options}");
    }
    assert!(!SessionPolicy::default().cache_enabled && !read(json!({})).cache_enabled);
}
