//! The index against the plainest thing that could be right, and the reader against anything at all.

use better_session::revocation::entry::{BatchFault, read};
use better_session::revocation::{Marks, Target};
use proptest::prelude::*;

use crate::{NOW, marks, marks_with};

const SKEW: i64 = 2000;

/// Few names, so that marks meet.
fn name() -> impl Strategy<Value = String> {
    (0..4u8).prop_map(|number| format!("n{number}"))
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        4 => name().prop_map(Target::Token),
        4 => (name(), proptest::option::of(name())).prop_map(|(id, except)| Target::User { id, except }),
        1 => Just(Target::Everybody),
    ]
}

/// What a list of marks says of a copy, in one line.
fn plainly(made: &[(Target, i64)], token: &str, user: &str, updated_at: i64) -> bool {
    made.iter().any(|(target, at)| {
        let about = match target {
            Target::Token(marked) => marked == token,
            Target::User { id, except } => id == user && except.as_deref() != Some(token),
            Target::Session { user: id, token: only } => id == user && only == token,
            Target::Everybody => true,
        };
        about && updated_at <= at + SKEW
    })
}

fn taken(made: &[(Target, i64)], order: &[usize], now: i64) -> Marks {
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
        prop_assert_eq!(marks.judges(&token, &user, NOW + made_at, NOW), plainly(&made, &token, &user, NOW + made_at));
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
        let judges = |marks: &Marks| marks.judges(&token, &user, NOW + made_at, NOW);
        prop_assert_eq!(judges(&forth), judges(&back));
        prop_assert_eq!(forth.index().len(), back.index().len());
    }

    /// However full, a mark is never lost: its subject is marked, or everybody is.
    #[test]
    fn at_the_bound_it_fails_towards_asking(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..40),
        max_marks in 1..5usize, token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let mut marks = marks_with(&better_session::revocation::Options { max_marks, ..Default::default() });
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        for (target, when) in &made {
            let batch = marks.batch(std::slice::from_ref(target), *when);
            marks.take(&batch, NOW).unwrap();
        }
        prop_assert!(marks.index().len() <= max_marks);
        if plainly(&made, &token, &user, NOW + made_at) {
            prop_assert!(marks.judges(&token, &user, NOW + made_at, NOW));
        }
    }

    #[test]
    fn any_bytes_are_a_batch_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match read(&bytes) {
            Ok(marks) => {
                let length: usize = marks.iter().map(|mark| if mark.except.is_some() { 43 } else { 27 }).sum();
                prop_assert_eq!(bytes.len(), length);
            }
            Err(fault) => prop_assert_ne!(fault, BatchFault::TooLong),
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
            prop_assert!(marks.index().is_empty() && marks.index().floor().is_none());
        }
    }
}
