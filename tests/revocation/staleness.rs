use better_session::revocation::Staleness::{self, Fresh, MustAwait, RefreshInBackground, Unreachable};
use better_session::revocation::staleness::FeedFreshness;

use crate::NOW;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn read_at(started: i64, age: i64) -> FeedFreshness {
    let mut freshness = FeedFreshness::new(500, 1000);
    freshness.begin(started);
    freshness.succeed(started, age, started + 50);
    freshness
}

#[test]
fn staleness_before_the_first_read_is_await() {
    assert_eq!(FeedFreshness::new(500, 1000).staleness(NOW), MustAwait);
}

#[test]
fn staleness_goes_from_fresh_over_refresh_to_await() {
    let freshness = read_at(NOW, 0);
    for (after, expected) in
        [(0, Fresh), (499, Fresh), (500, RefreshInBackground), (999, RefreshInBackground), (1000, MustAwait)]
    {
        assert_eq!(freshness.staleness(NOW + after), expected, "{after}");
    }
    assert_eq!(freshness.staleness(NOW + 3_600_000), MustAwait, "an isolate that was idle for an hour");
}

#[test]
fn staleness_includes_the_age_of_the_feeds_response() {
    let freshness = read_at(NOW, 400);
    assert_eq!(freshness.staleness(NOW + 599), RefreshInBackground);
    assert_eq!(freshness.staleness(NOW + 600), MustAwait);
}

#[test]
fn staleness_after_a_response_older_than_the_limit_is_unreachable() {
    let freshness = read_at(NOW, 1000);
    assert_eq!(freshness.staleness(NOW + 60), Unreachable);
    assert_eq!(freshness.staleness(NOW + 600), MustAwait);
}

#[test]
fn staleness_after_a_failure_changes_only_once_the_index_is_too_old() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    freshness.fail(NOW + 600, NOW + 700);
    assert_eq!(freshness.staleness(NOW + 700), Fresh, "the next read waits for its time");
    freshness.begin(NOW + 1100);
    freshness.fail(NOW + 1100, NOW + 1200);
    assert_eq!(
        freshness.staleness(NOW + 1200),
        Unreachable,
        "requests do not wait for a feed that has just failed"
    );
    assert_eq!(freshness.staleness(NOW + 1700), MustAwait, "the read is retried after the interval");
    freshness.begin(NOW + 1700);
    freshness.succeed(NOW + 1700, 0, NOW + 1750);
    assert_eq!(freshness.staleness(NOW + 1750), Fresh);
}

#[test]
fn staleness_during_a_background_read_is_fresh() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    assert_eq!(freshness.staleness(NOW + 650), Fresh);
    assert!(freshness.is_reading(NOW + 650));
    freshness.succeed(NOW + 600, 400, NOW + 700);
    assert!(!freshness.is_reading(NOW + 700));
}

/// A cancelled request never reports the end of its read.
#[test]
fn is_reading_ends_after_max_staleness() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    assert_eq!(freshness.staleness(NOW + 1200), MustAwait);
    assert!(freshness.is_reading(NOW + 1599));
    assert!(!freshness.is_reading(NOW + 1600));
}

#[test]
fn staleness_ignores_an_older_response_that_arrives_in_the_same_millisecond() {
    let mut freshness = FeedFreshness::new(500, 1000);
    freshness.succeed(NOW, 0, NOW);
    freshness.succeed(NOW - 400, 0, NOW);
    assert_eq!(freshness.staleness(NOW + 700), RefreshInBackground);
}

#[test]
fn staleness_ignores_an_older_response_that_arrives_later() {
    let mut freshness = read_at(NOW + 500, 0);
    freshness.succeed(NOW, 0, NOW + 600);
    assert_eq!(freshness.staleness(NOW + 1400), RefreshInBackground);
}

#[test]
fn staleness_after_the_clock_is_set_back_is_await() {
    let mut freshness = read_at(NOW, 0);
    assert_eq!(freshness.staleness(NOW - 1), MustAwait);
    assert_eq!(freshness.staleness(NOW - 3_600_000), MustAwait);
    freshness.begin(NOW - 3_600_000);
    freshness.succeed(NOW - 3_600_000, 0, NOW - 3_600_000);
    assert_eq!(freshness.staleness(NOW - 3_600_000), Fresh, "the new clock counts");
}

#[test]
fn staleness_codes_are_stable() {
    assert_eq!(
        [Fresh, RefreshInBackground, MustAwait, Unreachable].map(Staleness::code),
        ["fresh", "refresh", "await", "unreachable"]
    );
}
