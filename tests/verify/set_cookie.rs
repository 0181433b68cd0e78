use std::time::Duration;

use better_session::cookie::session_cookies::{CookieNames, Lookup, read};
use better_session::cookie::set_cookie::Attributes;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn attributes(options: &Value) -> Attributes {
    let text = |key: &str| options[key].as_str().map(str::to_owned);
    let mut attributes = Attributes::default();
    attributes.domain = text("domain");
    attributes.path = text("path");
    attributes.same_site = text("sameSite");
    attributes.http_only = options["httpOnly"].as_bool().unwrap_or(false);
    attributes.secure = options["secure"].as_bool();
    attributes.partitioned = options["partitioned"].as_bool().unwrap_or(false);
    attributes
}

/// `serializeCookie` of better-call wrote the vectors.
#[test]
fn line_equals_the_servers() {
    let file = vectors(include_str!("../../vectors/javascript/set-cookie.json"));
    for case in cases(&file, "cases") {
        let options = &case["attributes"];
        let line = attributes(options).line(
            text(case, "name"),
            text(case, "value"),
            options["maxAge"].as_u64().map(Duration::from_secs),
        );
        assert_eq!(line, text(case, "line"));
    }
}

/// Better Auth's own session store wrote the vectors.
#[test]
fn chunked_splits_as_the_server_does() {
    let file = vectors(include_str!("../../vectors/javascript/chunks.json"));
    for case in cases(&file, "cases") {
        let length = usize::try_from(case["length"].as_u64().unwrap()).unwrap();
        let value = &"Ab0_-".repeat(length / 5 + 1)[..length];
        let lines = Attributes::default().chunked(text(case, "name"), value, Some(Duration::from_secs(300)));
        assert_eq!(Some(lines.len() as u64), case["lines"].as_u64(), "{case}");
        let digest: String =
            Sha256::digest(lines.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, text(case, "sha256"), "{case}");
    }
}

#[test]
fn chunked_lines_read_back() {
    let name = CookieNames::default().session_data;
    for length in [1, 3976, 3977, 40_000] {
        let value = "Ab0_-".repeat(length / 5 + 1);
        let lines = Attributes::default().chunked(&name, &value, None);
        let header: Vec<&str> = lines.iter().map(|line| line.split(';').next().unwrap()).collect();
        assert_eq!(
            read(&CookieNames::default(), &header.join("; "), None).cache,
            Lookup::Valid(value.as_str().into())
        );
    }
}

#[test]
fn line_clamps_max_age() {
    let line = |age| Attributes::default().line("a", "b", Some(Duration::from_secs(age)));
    assert!(line(34_560_001).starts_with("a=b; Max-Age=34560000;"));
    assert!(line(0).starts_with("a=b; Max-Age=0;"));
    assert!(line(u64::MAX).starts_with("a=b; Max-Age=34560000;"));
}

#[test]
fn chunked_returns_no_lines_if_the_name_is_too_long() {
    assert!(
        Attributes::default().chunked(&"n".repeat(4050), "value", Some(Duration::from_secs(300))).is_empty()
    );
}
