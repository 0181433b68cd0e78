#[cfg(all(feature = "std", not(target_arch = "wasm32")))]
use better_session::UnixMillis;
use better_session::time::parse_iso;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// JavaScript's own `Date` is the judge, behind Better Auth's pattern for dates.
#[test]
fn parse_iso_reads_dates_as_the_server_does() {
    let file = vectors(include_str!("../../vectors/javascript/iso-dates.json"));
    for case in cases(&file, "cases") {
        assert_eq!(parse_iso(text(case, "text")), case["millis"].as_i64(), "{case}");
    }
}

#[test]
fn parse_iso_rejects_truncated_dates() {
    let whole = "2027-01-15T08:00:00.000Z";
    assert_eq!(parse_iso(whole), Some(NOW));
    for length in 0..whole.len() {
        assert_eq!(parse_iso(&whole[..length]), None, "{length}");
    }
}

#[test]
fn parse_iso_accepts_fractions_of_any_length() {
    let long = format!("2027-01-15T08:00:00.{}Z", "9".repeat(100_000));
    assert_eq!(parse_iso(&long), Some(NOW + 999));
}

// There `SystemTime` cannot lie before the epoch.
#[cfg(all(feature = "std", not(target_arch = "wasm32")))]
#[test]
fn unix_millis_converts_system_time_both_ways() {
    use std::time::{Duration, UNIX_EPOCH};
    let (later, earlier) = (Duration::from_micros(1_234_567), Duration::from_millis(1));
    assert_eq!(UnixMillis::from(UNIX_EPOCH + later), at(1234));
    assert_eq!(UnixMillis::from(UNIX_EPOCH - earlier), at(-1));
    for millis in [0, 1, -1, NOW, -NOW] {
        let time = std::time::SystemTime::try_from(at(millis)).expect("in range");
        assert_eq!(UnixMillis::from(time), at(millis));
    }
}

#[test]
fn unix_millis_arithmetic_saturates() {
    use std::time::Duration;
    assert_eq!(at(NOW).saturating_add(Duration::from_millis(1)), at(NOW + 1));
    assert_eq!(at(NOW).saturating_sub(Duration::from_secs(1)), at(NOW - 1000));
    assert_eq!(at(NOW).saturating_add(Duration::MAX), at(i64::MAX));
    assert_eq!(at(-NOW).saturating_sub(Duration::MAX), at(i64::MIN));
    assert_eq!(at(NOW).to_string(), NOW.to_string());
}
