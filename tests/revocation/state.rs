use better_session::revocation::{BatchError, Options, RevocationState, RevocationTarget, Staleness};

use crate::NOW;
use crate::keys;
use crate::marks;
use crate::marks_with;
use crate::others;
use crate::token;
use crate::user;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const SKEW: i64 = 2000;

fn marked(targets: &[RevocationTarget]) -> RevocationState {
    let mut marks = marks();
    marks.mark(targets, NOW);
    marks
}

/// Whether a copy that is a minute old is refused to (token, user).
fn refuses(marks: &RevocationState, token: &str, user: &str) -> bool {
    marks.is_revoked(token, user, NOW - 60_000, NOW)
}

#[test]
fn without_marks_every_copy_is_believed() {
    assert!(!refuses(&marks(), "t", "u"));
}

#[test]
fn a_mark_is_about_its_subject_only() {
    let token_only = marked(&[token("t")]);
    assert!(
        refuses(&token_only, "t", "u") && !refuses(&token_only, "t2", "u") && !refuses(&token_only, "u", "t")
    );
    let whole_user = marked(&[user("u")]);
    assert!(
        refuses(&whole_user, "t", "u") && refuses(&whole_user, "t2", "u") && !refuses(&whole_user, "t", "u2")
    );
    let all_others = marked(&[others("u", "t")]);
    assert!(!refuses(&all_others, "t", "u") && refuses(&all_others, "t2", "u"));
    let everybody = marked(&[RevocationTarget::Everybody]);
    assert!(refuses(&everybody, "t", "u") && refuses(&everybody, "t2", "u2"));
}

#[test]
fn an_exception_is_from_its_own_mark_only() {
    let both = marked(&[others("u", "t"), token("t")]);
    assert!(refuses(&both, "t", "u"));
    let mut twice = marked(&[others("u", "t")]);
    twice.mark(&[others("u", "t2")], NOW + 10);
    assert!(refuses(&twice, "t", "u") && refuses(&twice, "t2", "u"));
}

/// The origin's clock may be behind or ahead: a mark reaches `clockSkew` past its own time, and no further.
#[test]
fn a_mark_reaches_as_far_as_the_clocks_may_be_apart() {
    for target in [token("t"), user("u"), RevocationTarget::Everybody] {
        let marks = marked(&[target]);
        let is_revoked = |updated_at| marks.is_revoked("t", "u", updated_at, NOW + 10_000);
        assert!(is_revoked(NOW - 60_000) && is_revoked(NOW) && is_revoked(NOW + SKEW));
        assert!(
            !is_revoked(NOW + SKEW + 1),
            "what the origin made after it is believed: nobody is locked out"
        );
    }
}

#[test]
fn a_copy_dated_beyond_the_clocks_proves_nothing_of_its_age() {
    let marks = marked(&[token("t")]);
    assert!(marks.is_revoked("t", "u", NOW + 2 * SKEW, NOW));
    assert!(!marks.is_revoked("other", "u", NOW + 2 * SKEW, NOW));
}

#[test]
fn a_mark_from_the_future_is_held_at_what_the_clocks_may_be_apart() {
    let batch = marks().batch(&[token("t"), RevocationTarget::Everybody], NOW + 1_000_000_000);
    let mut marks = marks();
    marks.take(&batch, NOW).unwrap();
    assert!(marks.is_revoked("t", "u", NOW + 2 * SKEW, NOW + 60_000));
    assert!(!marks.is_revoked("t", "u", NOW + 2 * SKEW + 1, NOW + 60_000));
}

#[test]
fn gates_understand_each_other_and_strangers_do_not() {
    let batch = marks().batch(&[token("t"), RevocationTarget::Everybody], NOW);
    let mut other_gate = marks();
    other_gate.take(&batch, NOW).unwrap();
    assert!(refuses(&other_gate, "t", "u"));
    let mut stranger = RevocationState::new(&keys(&["another secret"]), &Options::default());
    stranger.take(&batch, NOW).unwrap();
    assert!(!refuses(&stranger, "t", "u"), "another server's marks, even on everybody, are not ours");
}

#[test]
fn while_secrets_rotate_old_and_new_gates_understand_each_other() {
    let gate = |secrets: &[&str]| RevocationState::new(&keys(secrets), &Options::default());
    for (from, to) in [(["new", "old"].as_slice(), ["old"].as_slice()), (&["old"], &["new", "old"])] {
        for target in [token("t"), others("u", "spared"), RevocationTarget::Everybody] {
            let mut reader = gate(to);
            reader.take(&gate(from).batch(std::slice::from_ref(&target), NOW), NOW).unwrap();
            assert!(refuses(&reader, "t", "u"), "{from:?} to {to:?}");
            assert_eq!(refuses(&reader, "spared", "u"), target == RevocationTarget::Everybody);
        }
    }
}

#[test]
fn marks_live_as_long_as_a_copy_could() {
    let lifetime = |max_age, grace, clock_skew| {
        marks_with(&Options { max_age, grace, clock_skew, ..Options::default() }).lifetime()
    };
    assert_eq!(lifetime(3600, 0, 2000), 3600 + 15 + 4);
    assert_eq!(lifetime(60, 0, 2000), 300 + 15 + 4, "the server falls back to 300 s for browser sessions");
    assert_eq!(lifetime(3600, 600, 0), 3600 + 600 + 15, "grace prolongs what is believed");
    assert_eq!(lifetime(i64::MAX, 0, 0), 400 * 86_400);
    let mut marks = marked(&[token("t")]);
    let end = NOW + marks.lifetime() * 1000;
    marks.take(&[], end - 1).unwrap();
    assert_eq!(marks.index().len(), 1);
    marks.take(&[], end).unwrap();
    assert_eq!(marks.index().len(), 0);
}

/// The server's `maxAge` may be longer than the one the gate was given: then a mark is forgotten before the copy.
#[test]
fn a_copy_that_outlives_the_marks_is_not_believed() {
    let mut marks = marked(&[token("t")]);
    let forgotten = NOW + marks.lifetime() * 1000;
    marks.take(&[], forgotten).unwrap();
    assert!(marks.index().is_empty());
    assert!(marks.is_revoked("t", "u", NOW, forgotten) && marks.is_revoked("t", "u", NOW + SKEW, forgotten));
    let oldest = NOW - (300 + 15) * 1000;
    assert!(!marks.is_revoked("other", "u", oldest, NOW), "as old as a copy can be under the options");
    let patient = marks_with(&Options { grace: 600, ..Options::default() });
    assert!(!patient.is_revoked("other", "u", oldest - 600_000, NOW));
}

#[test]
fn a_mark_from_elsewhere_lives_as_long_as_one_made_here() {
    let batch = marks().batch(&[token("t")], NOW);
    let mut patient = marks_with(&Options { grace: 600, ..Options::default() });
    patient.take(&batch, NOW).unwrap();
    patient.take(&[], NOW + 900_000).unwrap();
    assert!(patient.is_revoked("t", "u", NOW, NOW + 900_000));
    assert_eq!(patient.index().len(), 1);
}

#[test]
fn a_read_moves_the_cursor_and_the_freshness() {
    let mut marks = marks();
    assert_eq!((marks.cursor(), marks.standing(NOW)), ("", Staleness::MustAwait));
    let batch = marks.batch(&[token("t")], NOW);
    marks.freshness().begin(NOW);
    marks.read(&batch, "epoch.7", NOW, 0, NOW + 30).unwrap();
    assert_eq!((marks.cursor(), marks.standing(NOW + 30)), ("epoch.7", Staleness::Fresh));
    assert!(refuses(&marks, "t", "u"));
}

#[test]
fn garbage_counts_as_a_read_that_failed_and_leaves_everything_as_it_was() {
    let mut marks = marks();
    let mut batch = marks.batch(&[token("t"), token("t2")], NOW);
    batch.pop();
    marks.freshness().begin(NOW);
    assert_eq!(marks.read(&batch, "epoch.7", NOW, 0, NOW + 30), Err(BatchError::Truncated));
    assert_eq!((marks.cursor(), marks.standing(NOW + 30)), ("", Staleness::Unreachable));
    assert!(marks.index().is_empty(), "no half of a batch");
}

#[test]
fn a_floor_of_the_feed_holds_for_everybody() {
    let mut marks = marks();
    marks.raise_global_not_before(NOW - 30_000, NOW);
    assert!(marks.is_revoked("t", "u", NOW - 30_000, NOW));
    assert!(!marks.is_revoked("t", "u", NOW - 30_000 + 2 * SKEW + 1, NOW));
}

/// A lookup that read the database before a revocation may answer after it; one that began after it arrived cannot.
#[test]
fn a_lookup_is_overtaken_by_what_arrives_while_it_is_under_way() {
    let mut marks = marks();
    marks.mark(&[token("t"), user("u")], NOW);
    let arrived = marks.arrived();
    let overtaken = |marks: &RevocationState, token, user| marks.overtaken(token, user, arrived, NOW);
    assert!(!overtaken(&marks, "t", Some("u")), "known before, in the same millisecond");
    let again = marks.batch(&[token("t"), user("u")], NOW);
    marks.take(&again, NOW + 10).unwrap();
    assert!(!overtaken(&marks, "t", Some("u")), "it comes back from the feed");
    marks.mark(&[others("u", "spared")], NOW + 20);
    assert!(overtaken(&marks, "t", Some("u")));
    assert!(!overtaken(&marks, "t", None) && !overtaken(&marks, "t", Some("v")));
    assert!(!overtaken(&marks, "spared", Some("u")));
    let arrived = marks.arrived();
    let old = marks.batch(&[token("t")], NOW + 1000);
    marks.take(&old, NOW + 9000).unwrap();
    assert!(marks.overtaken("t", None, arrived, NOW + 1000 + SKEW), "the clocks may be apart");
    assert!(!marks.overtaken("t", None, arrived, NOW + 1001 + SKEW), "surely before the lookup");
    marks.mark(&[RevocationTarget::Everybody], NOW + 9000);
    assert!(marks.overtaken("anybody", None, arrived, NOW + 9000));
    assert!(marks.overtaken("anybody", None, marks.arrived() + 1, NOW + 9000), "another index's count");
}

#[test]
fn more_arrivals_than_are_remembered_overtake_everybody() {
    let mut marks = marks();
    for n in 0..4097 {
        marks.mark(&[token(&n.to_string())], NOW);
    }
    assert!(marks.overtaken("somebody", None, 0, NOW));
    assert!(!marks.overtaken("somebody", None, 1, NOW));
}
