use better_session::json::{Malformed, parse, push_string};
use better_session::limits::MAX_JSON_DEPTH;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn parse_accepts_what_json_parse_accepts() {
    let file = vectors(include_str!("../../vectors/javascript/json.json"));
    for case in cases(&file, "cases") {
        let parsed = parse(text(case, "text"));
        assert_eq!(parsed.is_ok(), case["valid"].as_bool().unwrap(), "{case}");
        let string = parsed.ok().and_then(|value| value.string());
        assert_eq!(string.as_deref(), case["string"].as_str(), "{case}");
    }
}

#[test]
fn text_returns_the_values_text() {
    let value = parse(" {\"a\" : [1, 2.50] , \"b\":\"\\u0041\"} ").expect("JSON");
    assert_eq!(value.text(), "{\"a\" : [1, 2.50] , \"b\":\"\\u0041\"}");
    assert_eq!(value.member("a").expect("a").text(), "[1, 2.50]");
    assert_eq!(value.member("b").expect("b").text(), "\"\\u0041\"");
}

#[test]
fn parse_rejects_text_nested_too_deeply() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    for deepest in [nested(MAX_JSON_DEPTH), objects(MAX_JSON_DEPTH)] {
        assert!(parse(&deepest).is_ok());
    }
    for depth in [MAX_JSON_DEPTH + 1, 65, 128, 129, 1_000_000] {
        assert_eq!(parse(&nested(depth)), Err(Malformed));
        assert_eq!(parse(&objects(depth)), Err(Malformed));
        assert_eq!(parse(&"[".repeat(depth)), Err(Malformed));
    }
}

/// The kinds of brackets are remembered at every level, not only at the innermost.
#[test]
fn parse_rejects_mismatched_brackets() {
    assert!(parse("[{\"a\":[{\"b\":[]}]}]").is_ok());
    for crossed in
        ["[{\"a\":[{\"b\":[}]}]]", "[{\"a\":[{\"b\":[]}}]]", "[{\"a\":1]}", "{\"a\":[1}]", "[[[{]]]}"]
    {
        assert_eq!(parse(crossed), Err(Malformed), "{crossed}");
    }
    let mixed = |depth: usize| {
        let open: String = (0..depth).map(|at| if at % 3 == 0 { "[" } else { "{\"k\":" }).collect();
        let close: String = (0..depth).rev().map(|at| if at % 3 == 0 { ']' } else { '}' }).collect();
        format!("{open}null{close}")
    };
    assert!(parse(&mixed(MAX_JSON_DEPTH)).is_ok());
    assert_eq!(parse(&mixed(MAX_JSON_DEPTH + 1)), Err(Malformed));
}

/// Exactly so for what a server writes; a longer number may be off by a rounding.
#[test]
fn number_reads_numbers() {
    for (text, number) in [
        ("0", 0.0),
        ("-0", 0.0),
        ("999999999999999", 999_999_999_999_999.0),
        ("9007199254740991", 9_007_199_254_740_991.0),
        ("-1800000000", -1.8e9),
        ("1800000000000", 1.8e12),
        ("1.8e12", 1.8e12),
        ("0.1", 0.1),
        ("1800000300.25", 1_800_000_300.25),
        ("18E+08", 1.8e9),
        ("1e22", 1e22),
        ("1e-400", 0.0),
        ("0e400", 0.0),
    ] {
        assert_eq!(parse(text).expect("JSON").number(), Some(number), "{text}");
    }
    let many = format!("1{}", "0".repeat(400));
    let (down, up) = (format!("{many}e-400"), format!("0.{}25e310", "0".repeat(310)));
    for text in [
        "123456789012345678901234567890",
        "3.141592653589793238462643",
        "1.7976931348623157e300",
        "1.7e308",
        "2.5e-300",
        "2.5e-307",
        "123456789012345678901234567890e-320",
        "0.00000000000000000000000000000000000000001e-260",
        &down,
        &up,
    ] {
        let (ours, exact) =
            (parse(text).expect("JSON").number().expect("a number"), text.parse::<f64>().expect("a number"));
        assert!((ours - exact).abs() <= exact.abs() * 1e-12, "{text}: {ours}");
    }
    for infinite in ["1e400", "-1e400", "1e99999999999", &"9".repeat(400)] {
        assert_eq!(parse(infinite).expect("JSON").number(), None, "{infinite}");
    }
    assert_eq!(parse("\"1\"").expect("JSON").number(), None);
}

#[test]
fn member_returns_the_last_of_a_name() {
    let value = parse("{\"a\":1,\"\\u0061\":2,\"b\":{\"a\":3}}").expect("JSON");
    assert_eq!(value.member("a").and_then(|value| value.number()), Some(2.0));
    assert!(value.member("c").is_none());
    assert!(parse("[1]").expect("JSON").member("a").is_none());
    assert!(parse("\"a\"").expect("JSON").member("a").is_none());
}

#[test]
fn elements_returns_all_elements() {
    let texts = |text| {
        parse(text)
            .expect("JSON")
            .elements()
            .map(|list| list.iter().map(|raw| raw.text()).collect::<Vec<_>>())
    };
    assert_eq!(texts("[1, {\"a\":[2]} ,\"x\"]"), Some(vec!["1", "{\"a\":[2]}", "\"x\""]));
    assert_eq!(texts("[]"), Some(vec![]));
    assert_eq!(texts("{}"), None);
}

#[test]
fn string_replaces_a_lone_surrogate() {
    for (text, expected) in [
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83dx\ude00""#, "\u{fffd}x\u{fffd}"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
    ] {
        assert_eq!(parse(text).expect("JSON").string().as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn push_string_output_reads_back() {
    let odd: String =
        (0..0x300).filter_map(char::from_u32).chain("\u{2028}\u{2029}\u{fffd}😀".chars()).collect();
    let mut written = String::new();
    push_string(&mut written, &odd);
    assert_eq!(parse(&written).expect("JSON").string().as_deref(), Some(odd.as_str()));
    assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), odd);
}

/// `JSON.stringify` escapes the same characters in the same way.
#[test]
fn push_string_writes_as_json_stringify() {
    let mut written = String::new();
    push_string(&mut written, "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é\u{2028}");
    assert_eq!(written, "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é\u{2028}\"");
}
