//! The modules' messages have the types from which `pkg/src/protocol/` is generated.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

#[allow(dead_code)]
#[path = "../../../tests/gate/support.rs"]
mod support;

use std::collections::BTreeSet;

use better_session::gate::action::Action;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
use better_session::verdict::{StaleReason, UnauthenticatedReason, Verdict};
use better_session::{Config, ConfigError};
use better_session_protocol::typescript::{ActionLine, ConfigurationFault, SerializedVerdict};
use better_session_protocol::{action, config_error, verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use support::*;

/// Reads `json` as a `T` without unknown members, and requires that writing it gives the same members.
fn exactly<T: DeserializeOwned + Serialize>(json: &str) -> Value {
    let read: T = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let written = serde_json::to_value(read).expect("value");
    assert_eq!(written, serde_json::from_str::<Value>(json).expect("JSON"));
    written
}

/// Reads an action: its line, and the verdict that follows.
fn kind(action: &Action) -> String {
    let text = action::to_text(action);
    let (line, rest) = text.split_once('\n').expect("a line");
    let line = exactly::<ActionLine>(line);
    if !rest.is_empty() && line["do"] != "answer" {
        exactly::<SerializedVerdict>(rest);
    }
    let names: Vec<&str> = line.as_object().expect("object").keys().map(String::as_str).collect();
    format!("{} {}", line["do"].as_str().expect("kind"), names.join(" "))
}

#[test]
fn every_action_of_the_gate_has_the_generated_type() {
    let routes = ROUTES.replace("{\"routes\"", "{\"graceWhenOriginIsDown\":600,\"routes\"").replace(
        "{\"public\"",
        r#"{"optional":["/greeting"],"when":["/account/admin","/account/*","/api/auth/list-sessions"],"public""#,
    );
    let kit = Kit::new(CACHED, &routes);
    let cached = cookie(&kit.verifier, NOW);
    let expired = cookie(&kit.verifier, NOW - 400_000);
    let (page, public) = (url("/account"), url("/docs/a"));
    let browser = GateRequest { accept: "text/html", fetch_mode: "navigate", ..get(&page, "") };
    let body = answer();
    let kinds: BTreeSet<String> = [
        kit.start(&get(&url(GET_SESSION), &cached)),
        kit.start(&get(&url("/api/auth/list-sessions"), &cached)),
        kit.start(&get(&page, &cached)),
        kit.start(&get(&url("/account/admin"), &cached)),
        kit.start(&get(&url("/greeting"), "")),
        kit.resume(&get(&url("/greeting"), &expired), ok("null"), None),
        kit.start(&get(&public, "")),
        kit.start(&get(&page, &expired)),
        kit.start(&get(&page, "")),
        kit.start(&browser),
        kit.start(&get(&url("/danger"), &cached)),
        kit.start(&get(&url("/a%00b"), &cached)),
        kit.resume(&get(&page, &expired), ok(&body), None),
        kit.resume(&get(&page, &expired), LookupOutcome::Lost, None),
        kit.resume(
            &GateRequest { origin_up: Some(false), ..get(&page, &expired) },
            LookupOutcome::Lost,
            None,
        ),
        kit.resume(&GateRequest { origin_up: Some(true), ..get(&page, &expired) }, LookupOutcome::Lost, None),
    ]
    .iter()
    .map(kind)
    .collect();
    for expected in ["answer", "forward", "ask", "probe", "next", "deny"] {
        assert!(kinds.iter().any(|kind| kind.starts_with(expected)), "no {expected} among {kinds:?}");
    }
    for member in ["location", "nobody", "when"] {
        assert!(kinds.iter().any(|kind| kind.contains(member)), "no {member} among {kinds:?}");
    }
}

#[test]
fn every_verdict_has_the_generated_type() {
    let kit = Kit::new(CACHED, "{}");
    let cached = cookie(&kit.verifier, NOW);
    exactly::<SerializedVerdict>(&verdict::verdict(&kit.verdict(&get("/", &cached))));
    for &reason in StaleReason::ALL {
        let stale = Verdict::Stale { reason, token: TOKEN.to_owned() };
        exactly::<SerializedVerdict>(&verdict::verdict(&stale));
    }
    for &reason in UnauthenticatedReason::ALL {
        exactly::<SerializedVerdict>(&verdict::verdict(&Verdict::Unauthenticated { reason }));
    }
}

#[test]
fn the_error_of_a_configuration_has_the_generated_type() {
    let error: ConfigError =
        Config::from_json("{}").and_then(better_session::Verifier::new).expect_err("an error");
    exactly::<ConfigurationFault>(&config_error(&error));
}
