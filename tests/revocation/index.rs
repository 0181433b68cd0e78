use better_session::revocation::Revocation;
use better_session::revocation::entry::read;
use better_session::revocation::index::Index;
use better_session::revocation::limits::MAX_ENTRIES;

use crate::NOW;
use crate::state;
use crate::token;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Returns a revocation of the token `name` with a lifetime of 300 s.
fn revocation(name: &str, not_before: i64) -> Revocation {
    Revocation { not_before, lifetime: 300, ..read(&state().batch(&[token(name)], NOW)).unwrap()[0] }
}

fn revocation_except(name: &str, except: &str, not_before: i64) -> Revocation {
    Revocation { except: Some(revocation(except, 0).subject), ..revocation(name, not_before) }
}

fn not_before(index: &Index, subject: &str, token: &str) -> Option<i64> {
    index.not_before(revocation(subject, 0).subject, revocation(token, 0).subject)
}

#[test]
fn not_before_is_the_newest_in_any_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 2, 3]] {
        let mut index = Index::default();
        order.iter().for_each(|after| {
            index.insert(&revocation("t", NOW + after), NOW);
        });
        assert_eq!(not_before(&index, "t", "t"), Some(NOW + 3));
        assert_eq!(index.len(), 1);
    }
    assert_eq!(not_before(&Index::default(), "t", "t"), None);
}

#[test]
fn not_before_of_an_excepted_token_ignores_its_own_revocation_only() {
    let all =
        [revocation_except("u", "a", NOW + 1), revocation_except("u", "b", NOW + 2), revocation("u", NOW)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut index = Index::default();
        order.iter().chain(&order).for_each(|at| {
            index.insert(&all[*at], NOW);
        });
        assert_eq!(not_before(&index, "u", "a"), Some(NOW + 2));
        assert_eq!(not_before(&index, "u", "b"), Some(NOW + 1));
        assert_eq!(not_before(&index, "u", "c"), Some(NOW + 2));
    }
    let mut index = Index::default();
    index.insert(&all[1], NOW);
    assert_eq!(not_before(&index, "u", "b"), None);
}

#[test]
fn expire_removes_expired_entries_and_keeps_renewed_ones() {
    let mut index = Index::default();
    index.insert(&revocation("old", NOW), NOW);
    index.insert(&revocation("renewed", NOW), NOW);
    index.insert(&revocation("renewed", NOW + 100_000), NOW);
    index.insert(&revocation("gone", NOW - 300_000), NOW);
    assert_eq!(index.len(), 2, "an expired revocation is not inserted");
    index.expire(NOW + 299_999);
    assert_eq!(index.len(), 2);
    index.expire(NOW + 300_000);
    assert_eq!((index.len(), not_before(&index, "renewed", "x")), (1, Some(NOW + 100_000)));
    index.expire(NOW + 400_000);
    assert!(index.is_empty());
}

/// The order of expiry ends in the year 4199; entries that expire later are kept.
#[test]
fn expire_ends_at_any_time() {
    for now in [1 << 47, (1 << 46) + 1, (1 << 46) - 1, NOW] {
        let mut index = Index::default();
        index.insert(&revocation("t", now), now);
        index.expire(now);
        assert_eq!(not_before(&index, "t", "t"), Some(now), "{now}");
    }
}

#[test]
fn insert_at_capacity_raises_the_global_not_before() {
    let mut index = Index::with_capacity(3);
    for (name, after) in [("c", 3), ("a", 1), ("b", 2)] {
        index.insert(&revocation(name, NOW + after), NOW);
    }
    assert_eq!(index.global_not_before(), None);
    index.insert(&revocation("d", NOW + 4), NOW);
    assert_eq!((index.len(), index.global_not_before()), (3, Some(NOW + 1)));
    assert_eq!(not_before(&index, "a", "a"), None, "its slot is reused; the global `not_before` covers it");
    index.insert(&revocation("b", NOW + 9), NOW);
    assert_eq!(
        (index.len(), index.global_not_before()),
        (3, Some(NOW + 1)),
        "a known subject needs no new slot"
    );
    index.insert(&revocation("e", NOW + 5), NOW);
    assert_eq!(index.global_not_before(), Some(NOW + 3), "b is no longer the oldest");
    index.insert(&revocation("late", NOW - 7), NOW);
    assert_eq!(
        index.global_not_before(),
        Some(NOW + 3),
        "the new entry itself was the oldest, and the global `not_before` never decreases"
    );
    assert_eq!(index.len(), 3);
}

#[test]
fn insert_returns_whether_the_revocation_was_known() {
    let session = |at| Revocation { only: Some(revocation("session", 0).subject), ..revocation("user", at) };
    let user = |at| revocation("user", at);
    let mut index = Index::stateless(9);
    for (revocation, is_known) in [
        (session(NOW), false),
        (session(NOW), true),
        (session(NOW - 1), true),
        (session(NOW + 1), false),
        (user(NOW), false),
        (user(NOW), true),
        (user(NOW + 1), false),
    ] {
        assert_eq!(index.insert(&revocation, NOW), is_known, "{revocation:?}");
    }
    let except = |token, at| revocation_except("user", token, at);
    let mut index = Index::default();
    for (revocation, is_known) in [
        (except("first", NOW), false),
        (except("first", NOW), true),
        (except("second", NOW), false),
        (except("second", NOW + 1), false),
        (except("second", NOW + 1), true),
        (user(NOW + 1), false),
        (user(NOW + 1), true),
        (user(NOW), true),
    ] {
        assert_eq!(index.insert(&revocation, NOW), is_known, "{revocation:?}");
    }
}

#[test]
fn is_overfull_of_a_server_without_a_database_is_true_an_eighth_beyond_the_limit() {
    let mut index = Index::stateless(16);
    for number in 1..=25 {
        assert_eq!(index.is_overfull(), index.len() > 16 + 16 / 8 + 1, "{number}");
        index.insert(&revocation(&format!("u{number}"), NOW), NOW);
    }
    assert_eq!((index.len(), index.is_overfull()), (20, true));
}

#[test]
fn with_capacity_is_limited_to_max_entries() {
    let mut index = Index::with_capacity(usize::MAX);
    let some = revocation("t", NOW);
    let state = state();
    for number in 0..MAX_ENTRIES + 10 {
        let subject = read(&state.batch(&[token(&number.to_string())], NOW)).unwrap()[0].subject;
        index.insert(&Revocation { subject, ..some }, NOW);
    }
    assert_eq!((index.len(), index.global_not_before()), (MAX_ENTRIES, Some(NOW)));
}

#[test]
fn insert_accepts_an_exception_for_each_of_max_entries_again_and_again() {
    let mut index = Index::default();
    let names: Vec<_> = (0..MAX_ENTRIES).map(|user| token(&format!("u{user}"))).collect();
    let users = read(&state().batch(&names, NOW)).unwrap();
    let [first, second] = ["first", "second"].map(|name| Some(revocation(name, 0).subject));
    for round in 0..2 {
        let at = NOW + round * 1_000_000;
        index.expire(at);
        assert!(index.is_empty());
        for user in &users {
            index.insert(&Revocation { not_before: at, lifetime: 300, except: first, ..*user }, at);
            index.insert(&Revocation { not_before: at + 1, lifetime: 300, except: second, ..*user }, at);
        }
        assert_eq!((index.len(), index.global_not_before()), (MAX_ENTRIES, None));
        for user in ["u0", "u77777"] {
            assert_eq!(not_before(&index, user, "first"), Some(at + 1));
            assert_eq!(not_before(&index, user, "second"), Some(at));
        }
    }
}
