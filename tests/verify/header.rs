use std::collections::BTreeMap;

use better_session::cookie::header::{pairs, percent_decode, percent_encode};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read(header: &str) -> Vec<(&str, &str, bool)> {
    pairs(header).map(|pair| (pair.name, pair.value, pair.is_well_formed())).collect()
}

#[test]
fn pairs_agree_with_the_servers_parser() {
    let file = vectors(include_str!("../../vectors/javascript/cookie-headers.json"));
    for case in cases(&file, "cases") {
        let header = text(case, "header");
        let ours: BTreeMap<String, String> = pairs(header)
            .filter(|pair| pair.is_well_formed())
            .map(|pair| (pair.name.to_owned(), percent_decode(pair.value).into_owned()))
            .collect();
        let theirs: BTreeMap<String, String> =
            serde_json::from_value::<Vec<(String, String)>>(case["cookies"].clone())
                .expect("pairs")
                .into_iter()
                .collect();
        assert_eq!(ours, theirs, "{header:?}");
    }
}

#[test]
fn pairs_keep_malformed_pairs_and_mark_them() {
    for header in
        ["a=1\n", "a=\u{a0}1", "a\u{a0}=1", "\u{feff}a=1", "a=é", "a=1\\2", "a=\u{0}", "a=\"q", "=1"]
    {
        let found = read(header);
        assert!(matches!(found.as_slice(), [(_, _, false)]), "{header:?}: {found:?}");
    }
}

#[test]
fn pairs_keep_order_and_repetitions() {
    assert_eq!(read("a=1; b=2; a=3"), [("a", "1", true), ("b", "2", true), ("a", "3", true)]);
    assert_eq!(read(""), []);
    assert_eq!(read(";;;"), []);
    assert_eq!(read("no equals sign; a=1"), [("a", "1", true)]);
}

#[test]
fn pairs_remove_one_pair_of_quotes() {
    assert_eq!(read("a=\"x\""), [("a", "x", true)]);
    assert_eq!(read("a=\"\""), [("a", "", true)]);
    assert_eq!(read("a=\"\"x\"\""), [("a", "\"x\"", false)]);
    assert_eq!(read("a=\""), [("a", "\"", false)]);
}

#[test]
fn percent_decode_decodes_as_javascript() {
    let file = vectors(include_str!("../../vectors/javascript/percent.json"));
    for case in cases(&file, "decode") {
        assert_eq!(percent_decode(text(case, "text")), text(case, "decoded"), "{case}");
    }
}

#[test]
fn percent_encode_encodes_as_javascript() {
    let file = vectors(include_str!("../../vectors/javascript/percent.json"));
    for case in cases(&file, "encode") {
        assert_eq!(percent_encode(text(case, "text")), text(case, "encoded"), "{case}");
    }
}
