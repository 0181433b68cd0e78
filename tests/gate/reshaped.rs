//! Responses to a lookup whose body is not Better Auth's own format.

use better_session::gate::action::{Access, Action, Source};
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn set_cookies(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; HttpOnly\nother=1; Path=/")
}

#[test]
fn resume_accepts_a_reshaped_body_if_the_response_sets_a_cache_for_the_token() {
    let kit = Kit::new(CACHED, ROUTES);
    let stale = token_cookie(&kit.verifier);
    let there = url("/account");
    let request = get(&there, &stale);
    let set = set_cookies("better-auth.session_data", &cache(&kit.verifier, NOW));
    let resume = |body, set_cookies| {
        let outcome = LookupOutcome::Answered { status: 200, body, set_cookies };
        kit.resume(&request, outcome, None)
    };
    for body in [r#"{"user":{"id":"u1"},"roles":[]}"#, " {}\n", r#"{"session":{},"user":{}}"#] {
        let action = resume(body, &set);
        assert!(
            matches!(&action, Action::Next { access: Access::Session(session, Source::Origin), .. } if session.cache.is_none()),
            "{body}: {action:?}"
        );
        assert_eq!(rejected(&resume(body, "")), (503, "ORIGIN_UNAVAILABLE"), "{body}");
    }
    assert_eq!(rejected(&resume("null", &set)), (401, "UNAUTHORIZED"));
    let opaque = GateRequest { other_credential: true, ..request };
    let outcome = LookupOutcome::Answered { status: 200, body: "{}", set_cookies: &set };
    assert_eq!(
        rejected(&kit.resume(&opaque, outcome, None)),
        (503, "ORIGIN_UNAVAILABLE"),
        "the response may be about the key's session"
    );
    for body in ["", "<html>", "[]", "true"] {
        assert_eq!(rejected(&resume(body, &set)), (503, "ORIGIN_UNAVAILABLE"), "{body}");
    }
    let own = set_cookies("better-auth.session_data", "");
    let forged = set.replace("session_data=", "session_data=x");
    let expired = set_cookies("better-auth.session_data", &cache(&kit.verifier, NOW - 400_000));
    for set in [&own, &forged, &expired] {
        assert_eq!(rejected(&resume("{}", set)), (503, "ORIGIN_UNAVAILABLE"), "{set}");
    }
}

/// The origin has just set the cache.
#[test]
fn resume_with_a_reshaped_body_leads_to_no_refresh() {
    let kit = Kit::new(r#"{"cookieCache":{"enabled":true,"maxAge":300,"refreshCache":true}}"#, ROUTES);
    let (there, stale) = (url("/account"), token_cookie(&kit.verifier));
    let set = set_cookies("better-auth.session_data", &cache(&kit.verifier, NOW - 270_000));
    let outcome = LookupOutcome::Answered { status: 200, body: "{}", set_cookies: &set };
    let action = kit.resume(&get(&there, &stale), outcome, None);
    assert!(
        matches!(&action, Action::Next { access: Access::Session(session, Source::Origin), .. } if !session.refresh_due),
        "{action:?}"
    );
}

#[test]
fn resume_rejects_a_reshaped_body_with_the_cache_of_another_token() {
    let kit = Kit::new(CACHED, ROUTES);
    let other =
        format!("better-auth.session_token={}", kit.verifier.sign("another-session-token-----------"));
    let there = url("/account");
    let request = get(&there, &other);
    let set = set_cookies("better-auth.session_data", &cache(&kit.verifier, NOW));
    let theirs = format!("{set}\n{}; Path=/", token_cookie(&kit.verifier));
    for set_cookies in [&set, &theirs] {
        let outcome = LookupOutcome::Answered { status: 200, body: "{}", set_cookies };
        assert_eq!(rejected(&kit.resume(&request, outcome, None)), (503, "ORIGIN_UNAVAILABLE"));
    }
}

#[test]
fn resume_reads_dates_of_database_drivers() {
    let kit = Kit::new(CACHED, ROUTES);
    let stale = token_cookie(&kit.verifier);
    let there = url("/account");
    let request = get(&there, &stale);
    let whole = answer();
    let with = |date: &str| whole.replacen("2026-09-28T13:33:20.000Z", date, 1);
    for date in [
        "2026-12-30 03:04:05",
        "2026-12-30 03:04:05.123456",
        "2026-12-30 03:04:05+00",
        "2026-12-30 03:04:05.1-0330",
        "2026-12-30T03:04:05+05:30",
        "2026-12-30",
        "2026-09-21T14:13:20.000Z",  // NOW
        "2026-09-21T13:13:21-01:00", // a second later
        "2026-09-21T15:13:21+01:00",
    ] {
        assert_eq!(source(&kit.resume(&request, ok(&with(date)), None)), Source::Origin, "{date}");
    }
    let number = whole.replacen("\"2026-09-28T13:33:20.000Z\"", "4102542245000", 1);
    assert_eq!(source(&kit.resume(&request, ok(&number), None)), Source::Origin);
    for date in [
        "2020-12-30 03:04:05",
        "2020-12-30",
        "2026-12-30 03:04",
        "2026-12-30 03:04:05 UTC",
        "2026-09-21T13:13:19-01:00", // a second before NOW
        "2026-09-21T15:13:19+01:00",
        "soon",
        "",
    ] {
        assert_eq!(
            rejected(&kit.resume(&request, ok(&with(date)), None)),
            (503, "ORIGIN_UNAVAILABLE"),
            "{date}"
        );
    }
}
