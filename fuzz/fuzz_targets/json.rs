//! The JSON reader and writers, compared with `serde_json`.
#![no_main]

use better_session::json::{Raw, parse, push_integer, push_string};
use better_session::limits::MAX_JSON_DEPTH;
use better_session_fuzz::is_beyond_serde;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match (parse(text), serde_json::from_str::<Value>(text)) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(ours.text(), text.trim_matches([' ', '\t', '\n', '\r']));
            compare(ours, &theirs);
        }
        (Err(_), Ok(theirs)) => assert!(depth(&theirs) > MAX_JSON_DEPTH, "only its depth is refused"),
        (Ok(_), Err(error)) => assert!(is_beyond_serde(&error), "{error}"),
        (Err(_), Err(_)) => {}
    }
    let mut written = String::new();
    push_string(&mut written, text);
    assert_eq!(parse(&written).ok().and_then(Raw::string).as_deref(), Some(text));
    assert_eq!(serde_json::from_str::<String>(&written).ok().as_deref(), Some(text));
    if let Some(bytes) = data.first_chunk() {
        let (number, mut digits) = (i64::from_le_bytes(*bytes), String::new());
        push_integer(&mut digits, number);
        assert_eq!(digits, number.to_string());
    }
});

/// Asserts that both libraries read the same value.
fn compare(ours: Raw<'_>, theirs: &Value) {
    match theirs {
        Value::Null => assert!(ours.is_literal("null")),
        Value::Bool(flag) => assert!(ours.is_literal(if *flag { "true" } else { "false" })),
        Value::String(text) => assert_eq!(ours.string().as_deref(), Some(text.as_str())),
        Value::Number(number) => {
            let (one, two) = (ours.number(), number.as_f64().expect("a double"));
            // Within a few roundings, but at the ends of the range of a double.
            let is_near = one.is_some_and(|one| (one - two).abs() <= two.abs() * 1e-12);
            assert!(
                is_near || !(1e-305..1e305).contains(&two.abs()) && two != 0.0 || one == Some(two),
                "{one:?} {two}"
            );
        }
        Value::Array(items) => {
            let elements = ours.elements().expect("an array");
            assert_eq!(elements.len(), items.len());
            for (ours, theirs) in elements.into_iter().zip(items) {
                compare(ours, theirs);
            }
        }
        Value::Object(members) => {
            assert!(ours.is_object());
            for (name, theirs) in members {
                compare(ours.member(name).expect("the member"), theirs);
            }
        }
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
