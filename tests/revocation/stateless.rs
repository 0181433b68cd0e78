//! Revocation for a server without a database: no account can sign out another one, or undo a sign-out.

use better_session::revocation::entry::read;
use better_session::revocation::limits::{MAX_ENTRIES, SESSIONS_PER_USER};
use better_session::revocation::{
    AuthCall, BatchError, CallOutcome, Options, RevocationState, RevocationTarget,
};

use crate::NOW;
use crate::marks;
use crate::marks_with;
use crate::others;
use crate::token;
use crate::user;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn stateless(max_entries: usize) -> RevocationState {
    marks_with(&Options { stateless: true, max_entries, ..Options::default() })
}

fn session(user: &str, token: &str) -> RevocationTarget {
    RevocationTarget::Session { user: user.to_owned(), token: token.to_owned() }
}

/// Whether a copy made at `at` is refused to (token, user).
fn refuses_at(marks: &RevocationState, token: &str, user: &str, at: i64) -> bool {
    marks.is_revoked(token, user, at, NOW + 10_000)
}

fn refuses(marks: &RevocationState, token: &str, user: &str) -> bool {
    refuses_at(marks, token, user, NOW - 60_000)
}

fn call<'a>(path: &'a str, user_id: Option<&'a str>, body: Option<&'a str>) -> AuthCall<'a> {
    let outcome = CallOutcome::Answered(200);
    AuthCall {
        method: "POST",
        path,
        token: Some("own"),
        user_id,
        body,
        outcome,
        cached: false,
        answer: None,
        stateless: true,
    }
}

#[test]
fn a_session_is_revoked_for_its_user_only() {
    let mut marks = stateless(100);
    marks.mark(&[session("u", "t")], NOW);
    assert!(refuses(&marks, "t", "u"));
    assert!(!refuses(&marks, "t", "v") && !refuses(&marks, "t2", "u"));
}

#[test]
fn invented_tokens_fill_the_index_for_their_user_only() {
    let mut marks = stateless(usize::MAX);
    marks.mark(&[session("victim", "ended")], NOW);
    for number in 0..MAX_ENTRIES + 1000 {
        marks.mark(&[session("attacker", &number.to_string())], NOW + 1);
    }
    let most = usize::try_from(SESSIONS_PER_USER).unwrap() + 3;
    assert!(marks.index().len() <= most, "{}", marks.index().len());
    assert_eq!(marks.index().global_not_before(), None);
    assert!(!refuses(&marks, "other", "victim") && refuses(&marks, "ended", "victim"));
    assert!(!refuses(&marks, "any", "stranger"));
    assert!(refuses(&marks, "any", "attacker"), "the account that did it is asked about");
    assert!(!refuses_at(&marks, "any", "attacker", NOW + 2002), "and can sign in again");
}

#[test]
fn a_full_index_folds_sessions_into_their_users() {
    let mut marks = stateless(10);
    for number in 0..5 {
        marks.mark(&[session(&format!("u{number}"), "t")], NOW + number);
    }
    assert_eq!(marks.index().len(), 10);
    marks.mark(&[session("u5", "t"), others("u6", "spared")], NOW + 5);
    assert!(marks.index().len() <= 10);
    for number in 0..6 {
        assert!(refuses(&marks, "t", &format!("u{number}")), "u{number}: nothing that ended comes back");
    }
    assert!(refuses(&marks, "any", "u0"), "the oldest became a revocation of its user");
    assert!(!refuses(&marks, "any", "u5") && !refuses(&marks, "any", "u7"));
    assert!(refuses(&marks, "t", "u6") && !refuses(&marks, "spared", "u6"));
}

#[test]
fn with_a_user_in_every_entry_no_more_calls_are_taken_and_nothing_is_lost() {
    let mut marks = stateless(8);
    for number in 0..8 {
        assert!(marks.wants("POST", "/sign-out").is_some());
        marks.mark(&[user(&format!("u{number}"))], NOW);
    }
    for path in ["/sign-out", "/revoke-session", "/revoke-sessions", "/delete-user"] {
        assert_eq!(marks.wants("POST", path), None, "{path}");
    }
    assert!(marks.wants("POST", "/sign-in/email").is_some() && marks.wants("GET", "/get-session").is_some());
    let other_gate = stateless(8);
    let more: Vec<_> = (8..20).map(|number| user(&format!("u{number}"))).collect();
    assert_eq!(marks.take(&other_gate.batch(&more, NOW), NOW), Err(BatchError::IndexFull));
    assert!((0..8).all(|number| refuses(&marks, "t", &format!("u{number}"))));
    assert!(!refuses(&marks, "t", "stranger"));
    marks.take(&[], NOW + marks.lifetime() * 1000).unwrap();
    assert!(marks.index().is_empty() && marks.wants("POST", "/sign-out").is_some());
}

#[test]
fn entries_live_out_their_time_and_leave_nothing() {
    let mut marks = stateless(100);
    marks.mark(&[session("u", "t"), session("u", "t2")], NOW);
    let late = NOW + 100_000;
    marks.mark(&[session("u", "t2"), session("v", "t")], late);
    let end = NOW + marks.lifetime() * 1000;
    marks.take(&[], end - 1).unwrap();
    assert!(marks.is_revoked("t", "u", NOW, end - 1));
    marks.take(&[], end).unwrap();
    assert_eq!(marks.index().len(), 4, "u with t2, v with t");
    marks.take(&[], end + 100_000).unwrap();
    assert!(marks.index().is_empty());
}

#[test]
fn nothing_holds_for_everybody() {
    let mut marks = stateless(100);
    assert!(marks.mark(&[RevocationTarget::Everybody], NOW).is_empty());
    let foreign = crate::marks().batch(&[RevocationTarget::Everybody], NOW);
    marks.take(&foreign, NOW).unwrap();
    assert!(
        !marks.raise_global_not_before(NOW, NOW),
        "a feed that dropped something cannot be answered from"
    );
    assert!(!refuses(&marks, "t", "u"));
    assert!(marks.raise_global_not_before(NOW, NOW + marks.lifetime() * 1000 + 1));
}

#[test]
fn a_call_revokes_within_its_callers_account() {
    let recorded = |call: &AuthCall<'_>, token: &str, user: &str| {
        let mut marks = stateless(100);
        marks.record(call, NOW);
        refuses(&marks, token, user)
    };
    let named = Some(r#"{"token":"theirs","sessionToken":"theirs","userId":"victim"}"#);
    let revoke = call("/revoke-session", Some("attacker"), named);
    assert!(recorded(&revoke, "theirs", "attacker") && !recorded(&revoke, "theirs", "victim"));
    for path in ["/revoke-sessions", "/revoke-session", "/sign-out", "/delete-user"] {
        assert!(!recorded(&call(path, None, named), "theirs", "victim"), "{path} of an unknown caller");
    }
    assert!(recorded(&call("/revoke-sessions", Some("u"), None), "t", "u"));
    assert!(recorded(&call("/sign-out", Some("u"), None), "own", "u"));
    for path in ["/admin/revoke-user-session", "/admin/ban-user", "/admin/revoke-user-sessions"] {
        let by_admin = call(path, Some("admin"), named);
        assert!(recorded(&by_admin, "theirs", "victim"), "{path}");
        let lost = AuthCall { outcome: CallOutcome::Lost, ..by_admin };
        assert!(!recorded(&lost, "theirs", "victim"), "{path}: anybody can lose an answer");
        assert!(!recorded(&call(path, Some("admin"), None), "theirs", "victim"), "{path}");
    }
}

#[test]
fn records_of_both_kinds_of_servers_are_read_by_both() {
    let batch = stateless(100).batch(&[session("u", "t"), user("v"), others("w", "t"), token("x")], NOW);
    let heads: Vec<_> = [0, 43, 70, 113].map(|at: usize| batch[at]).to_vec();
    assert_eq!(heads, [0x16, 0x14, 0x15, 0x14]);
    assert_eq!(read(&batch).unwrap().iter().filter(|mark| mark.kept).count(), 4);
    let mut stateful = marks();
    stateful.take(&batch, NOW).unwrap();
    assert!(refuses(&stateful, "t", "anybody"), "with a database a token is a token");
    let mut marks = stateless(100);
    marks.take(&crate::marks().batch(&[token("t"), user("v")], NOW), NOW).unwrap();
    assert!(refuses(&marks, "t", "anybody") && refuses(&marks, "any", "v"));
}
