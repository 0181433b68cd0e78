use better_session::revocation::{BatchError, Options, RevocationState, RevocationTarget, Staleness};

use crate::NOW;
use crate::keys;
use crate::state;
use crate::state_with;
use crate::token;
use crate::user;
use crate::user_except;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SKEW: i64 = 2000;

fn revoked(targets: &[RevocationTarget]) -> RevocationState {
    let mut state = state();
    state.revoke(targets, NOW);
    state
}

/// Returns whether a cache of this token and user, a minute old, is revoked.
fn refuses(state: &RevocationState, token: &str, user: &str) -> bool {
    state.is_revoked(token, user, NOW - 60_000, NOW)
}

#[test]
fn is_revoked_in_an_empty_index_is_false() {
    assert!(!refuses(&state(), "t", "u"));
}

#[test]
fn is_revoked_matches_the_subject_only() {
    let token_only = revoked(&[token("t")]);
    assert!(
        refuses(&token_only, "t", "u") && !refuses(&token_only, "t2", "u") && !refuses(&token_only, "u", "t")
    );
    let whole_user = revoked(&[user("u")]);
    assert!(
        refuses(&whole_user, "t", "u") && refuses(&whole_user, "t2", "u") && !refuses(&whole_user, "t", "u2")
    );
    let all_others = revoked(&[user_except("u", "t")]);
    assert!(!refuses(&all_others, "t", "u") && refuses(&all_others, "t2", "u"));
    let everybody = revoked(&[RevocationTarget::Everybody]);
    assert!(refuses(&everybody, "t", "u") && refuses(&everybody, "t2", "u2"));
}

#[test]
fn is_revoked_applies_an_exception_to_its_own_revocation_only() {
    let both = revoked(&[user_except("u", "t"), token("t")]);
    assert!(refuses(&both, "t", "u"));
    let mut twice = revoked(&[user_except("u", "t")]);
    twice.revoke(&[user_except("u", "t2")], NOW + 10);
    assert!(refuses(&twice, "t", "u") && refuses(&twice, "t2", "u"));
}

/// The origin's clock may be ahead, so a revocation covers caches dated up to `clockSkew` after it, and no later ones.
#[test]
fn is_revoked_covers_the_clock_skew() {
    for target in [token("t"), user("u"), RevocationTarget::Everybody] {
        let state = revoked(&[target]);
        let is_revoked = |updated_at| state.is_revoked("t", "u", updated_at, NOW + 10_000);
        assert!(is_revoked(NOW - 60_000) && is_revoked(NOW) && is_revoked(NOW + SKEW));
        assert!(
            !is_revoked(NOW + SKEW + 1),
            "a cache written after it is accepted, so that a new sign-in works"
        );
    }
}

#[test]
fn is_revoked_of_a_cache_dated_beyond_the_clock_skew_is_true() {
    let state = revoked(&[token("t")]);
    assert!(state.is_revoked("t", "u", NOW + 2 * SKEW, NOW));
    assert!(!state.is_revoked("other", "u", NOW + 2 * SKEW, NOW));
    let earlier = NOW - 10 * SKEW;
    let mut state = state_with(&Options::default());
    state.revoke(&[token("t")], earlier);
    assert!(!state.is_revoked("t", "u", NOW + SKEW, NOW), "as far ahead as the clocks may differ");
    assert!(state.is_revoked("t", "u", NOW + SKEW + 1, NOW));
}

#[test]
fn debug_shows_the_size_and_no_subject() {
    let text = format!("{:?}", revoked(&[token("t"), user("u")]));
    assert!(text.starts_with("RevocationState { len: 2, freshness: FeedFreshness"), "{text}");
}

#[test]
fn apply_reduces_a_not_before_in_the_future_to_the_clock_skew() {
    let batch = state().batch(&[token("t"), RevocationTarget::Everybody], NOW + 1_000_000_000);
    let mut state = state();
    state.apply(&batch, NOW).unwrap();
    assert!(state.is_revoked("t", "u", NOW + 2 * SKEW, NOW + 60_000));
    assert!(!state.is_revoked("t", "u", NOW + 2 * SKEW + 1, NOW + 60_000));
}

#[test]
fn apply_has_an_effect_only_under_the_same_secret() {
    let batch = state().batch(&[token("t"), RevocationTarget::Everybody], NOW);
    let mut other_gate = state();
    other_gate.apply(&batch, NOW).unwrap();
    assert!(refuses(&other_gate, "t", "u"));
    let mut other_server = RevocationState::new(&keys(&["another secret"]), &Options::default());
    other_server.apply(&batch, NOW).unwrap();
    assert!(!refuses(&other_server, "t", "u"), "a revocation of another server, even of everybody");
}

#[test]
fn apply_during_a_rotation_has_an_effect_at_old_and_new_gates() {
    let gate = |secrets: &[&str]| RevocationState::new(&keys(secrets), &Options::default());
    for (from, to) in [(["new", "old"].as_slice(), ["old"].as_slice()), (&["old"], &["new", "old"])] {
        for target in [token("t"), user_except("u", "excepted"), RevocationTarget::Everybody] {
            let mut reader = gate(to);
            reader.apply(&gate(from).batch(std::slice::from_ref(&target), NOW), NOW).unwrap();
            assert!(refuses(&reader, "t", "u"), "{from:?} to {to:?}");
            assert_eq!(refuses(&reader, "excepted", "u"), target == RevocationTarget::Everybody);
        }
    }
}

#[test]
fn lifetime_is_that_of_the_longest_accepted_cache() {
    let lifetime = |max_age, grace, clock_skew| {
        state_with(&Options { max_age, grace, clock_skew, ..Options::default() }).lifetime()
    };
    assert_eq!(lifetime(3600, 0, 2000), 3600 + 15 + 4);
    assert_eq!(lifetime(60, 0, 2000), 300 + 15 + 4, "the server's fallback for browser sessions is 300 s");
    assert_eq!(lifetime(3600, 600, 0), 3600 + 600 + 15, "grace prolongs the acceptance of a cache");
    assert_eq!(lifetime(i64::MAX, 0, 0), 400 * 86_400);
    let mut state = revoked(&[token("t")]);
    let end = NOW + state.lifetime() * 1000;
    state.apply(&[], end - 1).unwrap();
    assert_eq!(state.index().len(), 1);
    state.apply(&[], end).unwrap();
    assert_eq!(state.index().len(), 0);
}

/// If the server's `maxAge` is longer than the gate's, a revocation expires before the cache.
#[test]
fn is_revoked_of_a_cache_older_than_the_lifetime_is_true() {
    let mut state = revoked(&[token("t")]);
    let forgotten = NOW + state.lifetime() * 1000;
    state.apply(&[], forgotten).unwrap();
    assert!(state.index().is_empty());
    assert!(state.is_revoked("t", "u", NOW, forgotten) && state.is_revoked("t", "u", NOW + SKEW, forgotten));
    let oldest = NOW - (300 + 15) * 1000;
    assert!(!state.is_revoked("other", "u", oldest, NOW), "as old as a cache can be under these options");
    let with_grace = state_with(&Options { grace: 600, ..Options::default() });
    assert!(!with_grace.is_revoked("other", "u", oldest - 600_000, NOW));
}

#[test]
fn apply_prolongs_a_revocation_to_the_own_lifetime() {
    let batch = state().batch(&[token("t")], NOW);
    let mut with_grace = state_with(&Options { grace: 600, ..Options::default() });
    with_grace.apply(&batch, NOW).unwrap();
    with_grace.apply(&[], NOW + 900_000).unwrap();
    assert!(with_grace.is_revoked("t", "u", NOW, NOW + 900_000));
    assert_eq!(with_grace.index().len(), 1);
}

#[test]
fn read_updates_the_cursor_and_the_staleness() {
    let mut state = state();
    assert_eq!((state.cursor(), state.staleness(NOW)), ("", Staleness::MustAwait));
    let batch = state.batch(&[token("t")], NOW);
    state.freshness().begin(NOW);
    state.read(&batch, "epoch.7", NOW, 0, NOW + 30).unwrap();
    assert_eq!((state.cursor(), state.staleness(NOW + 30)), ("epoch.7", Staleness::Fresh));
    assert!(refuses(&state, "t", "u"));
}

#[test]
fn read_of_a_malformed_batch_counts_as_failed_and_changes_nothing() {
    let mut state = state();
    let mut batch = state.batch(&[token("t"), token("t2")], NOW);
    batch.pop();
    state.freshness().begin(NOW);
    assert_eq!(state.read(&batch, "epoch.7", NOW, 0, NOW + 30), Err(BatchError::Truncated));
    assert_eq!((state.cursor(), state.staleness(NOW + 30)), ("", Staleness::Unreachable));
    assert!(state.index().is_empty(), "no part of the batch is applied");
}

#[test]
fn raise_global_not_before_revokes_everybody() {
    let mut state = state();
    state.raise_global_not_before(NOW - 30_000, NOW);
    assert!(state.is_revoked("t", "u", NOW - 30_000, NOW));
    assert!(!state.is_revoked("t", "u", NOW - 30_000 + 2 * SKEW + 1, NOW));
}

/// A feed repeats its floor with every read.
#[test]
fn raise_global_not_before_overtakes_lookups_once() {
    let mut state = state();
    state.raise_global_not_before(NOW, NOW);
    let arrived = state.arrival_count();
    state.raise_global_not_before(NOW, NOW + 500);
    assert_eq!(state.arrival_count(), arrived, "the same floor again");
    assert!(!state.is_overtaken("t", Some("u"), arrived, NOW + 100));
    state.raise_global_not_before(NOW + 600, NOW + 700);
    assert!(state.is_overtaken("t", Some("u"), arrived, NOW + 100), "a new one");
}

/// A lookup that read the database before a revocation may complete after it; one that started after its arrival cannot.
#[test]
fn is_overtaken_by_a_revocation_that_arrives_during_the_lookup() {
    let mut state = state();
    state.revoke(&[token("t"), user("u")], NOW);
    let arrived = state.arrival_count();
    let is_overtaken = |state: &RevocationState, token, user| state.is_overtaken(token, user, arrived, NOW);
    assert!(!is_overtaken(&state, "t", Some("u")), "known before the lookup, in the same millisecond");
    let again = state.batch(&[token("t"), user("u")], NOW);
    state.apply(&again, NOW + 10).unwrap();
    assert!(!is_overtaken(&state, "t", Some("u")), "the same revocation, read from the feed");
    state.revoke(&[user_except("u", "excepted")], NOW + 20);
    assert!(is_overtaken(&state, "t", Some("u")));
    assert!(!is_overtaken(&state, "t", None) && !is_overtaken(&state, "t", Some("v")));
    assert!(!is_overtaken(&state, "excepted", Some("u")));
    let arrived = state.arrival_count();
    let old = state.batch(&[token("t")], NOW + 1000);
    state.apply(&old, NOW + 9000).unwrap();
    assert!(state.is_overtaken("t", None, arrived, NOW + 1000 + SKEW), "within the clock skew");
    assert!(!state.is_overtaken("t", None, arrived, NOW + 1001 + SKEW), "certainly before the lookup");
    state.revoke(&[RevocationTarget::Everybody], NOW + 9000);
    assert!(state.is_overtaken("other", None, arrived, NOW + 9000));
    assert!(
        state.is_overtaken("other", None, state.arrival_count() + 1, NOW + 9000),
        "the count of another index"
    );
}

/// Each revocation that arrives during a lookup counts, whatever its place among them.
#[test]
fn is_overtaken_by_each_of_several_revocations_that_arrive_during_the_lookup() {
    let mut state = state();
    let arrived = state.arrival_count();
    for n in 0..5 {
        state.revoke(&[token(&n.to_string())], NOW);
    }
    for n in 0..5 {
        assert!(state.is_overtaken(&n.to_string(), None, arrived, NOW), "revocation {n}");
        let later = state.is_overtaken(&n.to_string(), None, arrived + 3, NOW);
        assert_eq!(later, n >= 3, "revocation {n} and a lookup that began after the third");
    }
    assert!(!state.is_overtaken("other", None, arrived, NOW));
}

#[test]
fn is_overtaken_after_more_arrivals_than_are_kept_is_true() {
    let mut state = state();
    for n in 0..4097 {
        state.revoke(&[token(&n.to_string())], NOW);
    }
    assert!(state.is_overtaken("other", None, 0, NOW));
    assert!(!state.is_overtaken("other", None, 1, NOW));
}
