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
fn what_was_never_read_is_awaited() {
    assert_eq!(FeedFreshness::new(500, 1000).standing(NOW), MustAwait);
}

#[test]
fn an_index_ages_from_fresh_over_refresh_to_await() {
    let freshness = read_at(NOW, 0);
    for (after, expected) in
        [(0, Fresh), (499, Fresh), (500, RefreshInBackground), (999, RefreshInBackground), (1000, MustAwait)]
    {
        assert_eq!(freshness.standing(NOW + after), expected, "{after}");
    }
    assert_eq!(freshness.standing(NOW + 3_600_000), MustAwait, "an isolate idle for an hour");
}

#[test]
fn the_age_of_the_feeds_own_answer_counts() {
    let freshness = read_at(NOW, 400);
    assert_eq!(freshness.standing(NOW + 599), RefreshInBackground);
    assert_eq!(freshness.standing(NOW + 600), MustAwait);
}

#[test]
fn an_answer_older_than_the_bound_is_no_answer() {
    let freshness = read_at(NOW, 1000);
    assert_eq!(freshness.standing(NOW + 60), Unreachable);
    assert_eq!(freshness.standing(NOW + 600), MustAwait);
}

#[test]
fn a_failure_matters_only_once_the_index_is_too_old() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    freshness.fail(NOW + 600, NOW + 700);
    assert_eq!(freshness.standing(NOW + 700), Fresh, "the next read waits for its time");
    freshness.begin(NOW + 1100);
    freshness.fail(NOW + 1100, NOW + 1200);
    assert_eq!(freshness.standing(NOW + 1200), Unreachable, "nobody waits for a feed that just failed");
    assert_eq!(freshness.standing(NOW + 1700), MustAwait, "it is tried again after the interval");
    freshness.begin(NOW + 1700);
    freshness.succeed(NOW + 1700, 0, NOW + 1750);
    assert_eq!(freshness.standing(NOW + 1750), Fresh);
}

#[test]
fn only_one_read_runs_in_the_background() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    assert_eq!(freshness.standing(NOW + 650), Fresh);
    assert!(freshness.reading(NOW + 650));
    freshness.succeed(NOW + 600, 400, NOW + 700);
    assert!(!freshness.reading(NOW + 700));
}

/// A request that is cancelled takes its read with it.
#[test]
fn a_read_that_never_ends_is_given_up() {
    let mut freshness = read_at(NOW, 0);
    freshness.begin(NOW + 600);
    assert_eq!(freshness.standing(NOW + 1200), MustAwait);
    assert!(freshness.reading(NOW + 1599));
    assert!(!freshness.reading(NOW + 1600));
}

#[test]
fn answers_that_overtake_each_other_do_not_make_it_older() {
    let mut freshness = read_at(NOW + 500, 0);
    freshness.succeed(NOW, 0, NOW + 600);
    assert_eq!(freshness.standing(NOW + 1400), RefreshInBackground);
}

#[test]
fn a_clock_set_back_makes_nothing_fresh() {
    let mut freshness = read_at(NOW, 0);
    assert_eq!(freshness.standing(NOW - 1), MustAwait);
    assert_eq!(freshness.standing(NOW - 3_600_000), MustAwait);
    freshness.begin(NOW - 3_600_000);
    freshness.succeed(NOW - 3_600_000, 0, NOW - 3_600_000);
    assert_eq!(freshness.standing(NOW - 3_600_000), Fresh, "it goes on by the clock that there is");
}

#[test]
fn codes_are_stable() {
    assert_eq!(
        [Fresh, RefreshInBackground, MustAwait, Unreachable].map(Staleness::code),
        ["fresh", "refresh", "await", "unreachable"]
    );
}
