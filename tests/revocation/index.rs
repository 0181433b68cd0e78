use better_session::revocation::Revocation;
use better_session::revocation::entry::read;
use better_session::revocation::index::Index;
use better_session::revocation::limits::MAX_ENTRIES;

use crate::NOW;
use crate::marks;
use crate::token;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A mark on the token `name`, that lives 300 s.
fn mark(name: &str, not_before: i64) -> Revocation {
    Revocation { not_before, lifetime: 300, ..read(&marks().batch(&[token(name)], NOW)).unwrap()[0] }
}

fn sparing(name: &str, spared: &str, not_before: i64) -> Revocation {
    Revocation { except: Some(mark(spared, 0).subject), ..mark(name, not_before) }
}

fn until(index: &Index, subject: &str, by: &str) -> Option<i64> {
    index.not_before(mark(subject, 0).subject, mark(by, 0).subject)
}

#[test]
fn the_newest_mark_counts_in_any_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 2, 3]] {
        let mut index = Index::default();
        order.iter().for_each(|after| index.insert(&mark("t", NOW + after), NOW));
        assert_eq!(until(&index, "t", "t"), Some(NOW + 3));
        assert_eq!(index.len(), 1);
    }
    assert_eq!(until(&Index::default(), "t", "t"), None);
}

#[test]
fn each_mark_spares_its_own_exception_only() {
    let all = [sparing("u", "a", NOW + 1), sparing("u", "b", NOW + 2), mark("u", NOW)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut index = Index::default();
        order.iter().chain(&order).for_each(|at| index.insert(&all[*at], NOW));
        assert_eq!(until(&index, "u", "a"), Some(NOW + 2));
        assert_eq!(until(&index, "u", "b"), Some(NOW + 1));
        assert_eq!(until(&index, "u", "c"), Some(NOW + 2));
    }
    let mut index = Index::default();
    index.insert(&all[1], NOW);
    assert_eq!(until(&index, "u", "b"), None);
}

#[test]
fn what_has_expired_is_forgotten_and_what_was_renewed_is_not() {
    let mut index = Index::default();
    index.insert(&mark("old", NOW), NOW);
    index.insert(&mark("renewed", NOW), NOW);
    index.insert(&mark("renewed", NOW + 100_000), NOW);
    index.insert(&mark("gone", NOW - 300_000), NOW);
    assert_eq!(index.len(), 2, "a mark that has expired is not taken in");
    index.expire(NOW + 299_999);
    assert_eq!(index.len(), 2);
    index.expire(NOW + 300_000);
    assert_eq!((index.len(), until(&index, "renewed", "x")), (1, Some(NOW + 100_000)));
    index.expire(NOW + 400_000);
    assert!(index.is_empty());
}

#[test]
fn at_the_bound_the_oldest_mark_holds_for_everybody() {
    let mut index = Index::with_capacity(3);
    for (name, after) in [("c", 3), ("a", 1), ("b", 2)] {
        index.insert(&mark(name, NOW + after), NOW);
    }
    assert_eq!(index.global_not_before(), None);
    index.insert(&mark("d", NOW + 4), NOW);
    assert_eq!((index.len(), index.global_not_before()), (3, Some(NOW + 1)));
    assert_eq!(until(&index, "a", "a"), None, "its place is taken; the global_not_before covers it");
    index.insert(&mark("b", NOW + 9), NOW);
    assert_eq!(
        (index.len(), index.global_not_before()),
        (3, Some(NOW + 1)),
        "a known subject needs no place"
    );
    index.insert(&mark("e", NOW + 5), NOW);
    assert_eq!(index.global_not_before(), Some(NOW + 3), "b is not the oldest any more");
    index.insert(&mark("late", NOW - 7), NOW);
    assert_eq!(
        index.global_not_before(),
        Some(NOW + 3),
        "the newcomer itself was the oldest; the global_not_before never sinks"
    );
    assert_eq!(index.len(), 3);
}

#[test]
fn no_capacity_is_beyond_the_bound() {
    let mut index = Index::with_capacity(usize::MAX);
    let some = mark("t", NOW);
    let marks = marks();
    for number in 0..MAX_ENTRIES + 10 {
        let subject = read(&marks.batch(&[token(&number.to_string())], NOW)).unwrap()[0].subject;
        index.insert(&Revocation { subject, ..some }, NOW);
    }
    assert_eq!((index.len(), index.global_not_before()), (MAX_ENTRIES, Some(NOW)));
}
