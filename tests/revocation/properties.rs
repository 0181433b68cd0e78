//! Properties of the index, compared with a linear search, and of the batch parser, with arbitrary bytes.

use better_session::revocation::entry::{BatchError, read};
use better_session::revocation::{RevocationState, RevocationTarget};
use proptest::prelude::*;

use crate::{NOW, state, state_with};

const SKEW: i64 = 2000;

/// Generates few names, so that revocations share subjects.
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

/// Returns whether any revocation of a list covers a cache, by a linear search.
fn is_revoked_by_any(made: &[(RevocationTarget, i64)], token: &str, user: &str, updated_at: i64) -> bool {
    made.iter().any(|(target, at)| {
        let covers = match target {
            RevocationTarget::Token(revoked) => revoked == token,
            RevocationTarget::User { id, except } => id == user && except.as_deref() != Some(token),
            RevocationTarget::Session { user: id, token: only } => id == user && only == token,
            RevocationTarget::Everybody => true,
        };
        covers && updated_at <= at + SKEW
    })
}

fn applied(made: &[(RevocationTarget, i64)], order: &[usize], now: i64) -> RevocationState {
    let mut state = state();
    for at in order {
        let (target, when) = &made[at % made.len()];
        let batch = state.batch(std::slice::from_ref(target), *when);
        state.apply(&batch, now).unwrap();
    }
    state
}

proptest! {
    #[test]
    fn is_revoked_equals_a_linear_search(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..12),
        token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        let order: Vec<_> = (0..made.len()).collect();
        let state = applied(&made, &order, NOW);
        prop_assert_eq!(state.is_revoked(&token, &user, NOW + made_at, NOW), is_revoked_by_any(&made, &token, &user, NOW + made_at));
    }

    #[test]
    fn apply_is_independent_of_order_and_repetition(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..8),
        shuffled in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle(),
        again in proptest::collection::vec(0..8usize, 0..8),
        token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        let forth = applied(&made, &(0..8).collect::<Vec<_>>(), NOW);
        let back = applied(&made, &[shuffled, again].concat(), NOW);
        let is_revoked = |state: &RevocationState| state.is_revoked(&token, &user, NOW + made_at, NOW);
        prop_assert_eq!(is_revoked(&forth), is_revoked(&back));
        prop_assert_eq!(forth.index().len(), back.index().len());
    }

    /// At any capacity, either the subject is revoked or everybody is.
    #[test]
    fn apply_at_capacity_loses_no_revocation(
        made in proptest::collection::vec((target(), -100_000..0i64), 1..40),
        max_entries in 1..5usize, token in name(), user in name(), made_at in -110_000..0i64,
    ) {
        let mut state = state_with(&better_session::revocation::Options { max_entries, ..Default::default() });
        let made: Vec<_> = made.into_iter().map(|(target, ago)| (target, NOW + ago)).collect();
        for (target, when) in &made {
            let batch = state.batch(std::slice::from_ref(target), *when);
            state.apply(&batch, NOW).unwrap();
        }
        prop_assert!(state.index().len() <= max_entries);
        if is_revoked_by_any(&made, &token, &user, NOW + made_at) {
            prop_assert!(state.is_revoked(&token, &user, NOW + made_at, NOW));
        }
    }

    #[test]
    fn read_accepts_or_rejects_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        match read(&bytes) {
            Ok(revocations) => {
                let length: usize = revocations.iter().map(|revocation| if revocation.except.is_some() { 43 } else { 27 }).sum();
                prop_assert_eq!(bytes.len(), length);
            }
            Err(fault) => prop_assert_ne!(fault, BatchError::TooLong),
        }
    }

    #[test]
    fn apply_of_a_changed_batch_is_complete_or_has_no_effect(
        targets in proptest::collection::vec(target(), 1..6), at in any::<prop::sample::Index>(), to in any::<u8>(),
    ) {
        let mut state = state();
        let mut batch = state.batch(&targets, NOW);
        let at = at.index(batch.len());
        batch[at] = to;
        if state.apply(&batch, NOW).is_err() {
            prop_assert!(state.index().is_empty() && state.index().global_not_before().is_none());
        }
    }
}
