use better_session::time::parse_iso;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// JavaScript's own `Date` is the judge, behind Better Auth's pattern for dates.
#[test]
fn reads_dates_as_the_server_does() {
    let file = vectors(include_str!("../../vectors/javascript/iso-dates.json"));
    for case in cases(&file, "cases") {
        assert_eq!(parse_iso(text(case, "text")), case["millis"].as_i64(), "{case}");
    }
}

#[test]
fn refuses_what_is_cut_short() {
    let whole = "2027-01-15T08:00:00.000Z";
    assert_eq!(parse_iso(whole), Some(NOW));
    for length in 0..whole.len() {
        assert_eq!(parse_iso(&whole[..length]), None, "{length}");
    }
}

#[test]
fn takes_a_fraction_of_any_length() {
    let long = format!("2027-01-15T08:00:00.{}Z", "9".repeat(100_000));
    assert_eq!(parse_iso(&long), Some(NOW + 999));
}
