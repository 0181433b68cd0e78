//! The index against the plainest thing that could be right, and the reader against anything at all.

use better_session::revocation::entry::{BatchError, read};
use better_session::revocation::{RevocationState, RevocationTarget};
use proptest::prelude::*;

use crate::{NOW, marks, marks_with};

const SKEW: i64 = 2000;

/// Few names, so that marks meet.
fn name() -> impl Strategy<Value = String> {
    (0..4u8).prop_map(|number| format!("n{number}"))
}

fn target() -> impl Strategy<Value = RevocationTarget> {
    prop_oneof![
        4 => name().prop_map(RevocationTarget::Token),
        4 => (name(), proptest::option::of(name())).prop_map(|(id, except)| RevocationTarget::User { id, except }),
        1 => Just(RevocationTarget::Everybody),
    ]
}

/// What a list of marks says of a copy, in one line.
fn plainly(made: &[(RevocationTarget, i64)], token: &str, user: &str, updated_at: i64) -> bool {
    made.iter().any(|(target, at)| {
        let about = match target {
            RevocationTarget::Token(marked) => marked == token,
            RevocationTarget::User { id, except } => id == user && except.as_deref() != Some(token),
            RevocationTarget::Session { user: id, token: only } => id == user && only == token,
            RevocationTarget::Everybody => true,
        };
        about && updated_at <= at + SKEW
    })
}

fn taken(made: &[(RevocationTarget, i64)], order: &[usize], now: i64) -> RevocationState {
    let mut marks = marks();
    for at in order {
        let (target, when) = &made[at % made.len()];
        let batch = marks.batch(std::slice::from_ref(target), *when);
        marks.take(&batch, now).unwrap();
    }
    marks
}

proptest! {
    #[test]
    fn the_index_says_what_the_list_of_marks_says(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..12),
        token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        let order: Vec<_> = (0..made.len()).collect();
        let marks = taken(&made, &order, NOW);
        prop_assert_eq!(marks.is_revoked(&token, &user, NOW + made_at, NOW), plainly(&made, &token, &user, NOW + made_at));
    }

    #[test]
    fn order_and_repetition_change_nothing(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..8),
        shuffled in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(),
        again in proptest::collection::vec(0..8usize, 0..8),
        token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        let forth = taken(&made, &(0..8).collect::<Vec<_>>(), NOW);
        let back = taken(&made, &[shuffled, again].concat(), NOW);
        let is_revoked = |marks: &RevocationState| marks.is_revoked(&token, &user, NOW + made_at, NOW);
        prop_assert_eq!(is_revoked(&forth), is_revoked(&back));
        prop_assert_eq!(forth.index().len(), back.index().len());
    }

    /// However full, a mark is never lost: its subject is marked, or everybody is.
    #[test]
    fn at_the_bound_it_fails_towards_asking(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..40),
        max_entries in 1..5usize, token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let mut marks = marks_with(&better_session::revocation::Options { max_entries, ..Default::default() });
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        for (target, when) in &made {
            let batch = marks.batch(std::slice::from_ref(target), *when);
            marks.take(&batch, NOW).unwrap();
        }
        prop_assert!(marks.index().len() <= max_entries);
        if plainly(&made, &token, &user, NOW + made_at) {
            prop_assert!(marks.is_revoked(&token, &user, NOW + made_at, NOW));
        }
    }

    #[test]
    fn any_bytes_are_a_batch_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match read(&bytes) {
            Ok(marks) => {
                let length: usize = marks.iter().map(|mark| if mark.except.is_some() { 43 } else { 27 }).sum();
                prop_assert_eq!(bytes.len(), length);
            }
            Err(fault) => prop_assert_ne!(fault, BatchError::TooLong),
        }
    }

    #[test]
    fn a_batch_with_bytes_changed_is_never_half_taken(
        targets in proptest::collection::vec(target(), 1..6), at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let mut marks = marks();
        let mut batch = marks.batch(&targets, NOW);
        let at = at.index(batch.len());
        batch[at] = to;
        if marks.take(&batch, NOW).is_err() {
            prop_assert!(marks.index().is_empty() && marks.index().global_not_before().is_none());
        }
    }
}
