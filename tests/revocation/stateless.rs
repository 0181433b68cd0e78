//! Revocation for a server without a database: an account can neither sign out another one nor undo a sign-out.

use better_session::revocation::entry::read;
use better_session::revocation::limits::{MAX_ENTRIES, SESSIONS_PER_USER};
use better_session::revocation::{
    AuthCall, BatchError, CallOutcome, Options, RevocationState, RevocationTarget, required_inputs,
};

use crate::NOW;
use crate::state;
use crate::state_with;
use crate::token;
use crate::user;
use crate::user_except;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The default of `clockSkew` in milliseconds.
const SKEW: i64 = 2000;

fn stateless(max_entries: usize) -> RevocationState {
    state_with(&Options { stateless: true, max_entries, ..Options::default() })
}

fn session(user: &str, token: &str) -> RevocationTarget {
    RevocationTarget::Session { user: user.to_owned(), token: token.to_owned() }
}

/// Returns whether a cache of this token and user, written at `at`, is revoked.
fn refuses_at(state: &RevocationState, token: &str, user: &str, at: i64) -> bool {
    state.is_revoked(token, user, at, NOW + 10_000)
}

fn refuses(state: &RevocationState, token: &str, user: &str) -> bool {
    refuses_at(state, token, user, NOW - 60_000)
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
        cache_verified: false,
        response: None,
        stateless: true,
    }
}

#[test]
fn is_revoked_of_a_single_session_matches_its_user_only() {
    let mut state = stateless(100);
    state.revoke(&[session("u", "t")], NOW);
    assert!(refuses(&state, "t", "u"));
    assert!(!refuses(&state, "t", "v") && !refuses(&state, "t2", "u"));
}

/// Each of many sessions of many users has its own time, although their hashes share places in the table.
#[test]
fn is_revoked_of_many_sessions_uses_the_time_of_each() {
    let mut state = stateless(usize::MAX);
    let sessions = i64::from(SESSIONS_PER_USER);
    let time = |number: i64| NOW + number % sessions * 2 * SKEW;
    let names = |number: i64| (format!("user {}", number / sessions), format!("session {number}"));
    for number in 0..1000 * sessions {
        let (user, token) = names(number);
        state.revoke(&[session(&user, &token)], time(number));
    }
    for number in 0..1000 * sessions {
        let (user, token) = names(number);
        let at = time(number);
        assert!(state.is_revoked(&token, &user, at, at), "{token}");
        assert!(
            !state.is_revoked(&token, &user, at + SKEW + 1, at + SKEW + 1),
            "{token} is not revoked later"
        );
        assert!(!state.is_revoked(&format!("other {number}"), &user, at, at), "another session of {user}");
    }
}

/// Who can write to the feed reads the subjects in it, and can compute others from them.
#[test]
fn apply_of_a_computed_subject_leaves_other_entries_as_they_are() {
    let mut state = stateless(100);
    let all = state.batch(&[user("u")], NOW);
    let one = state.batch(&[session("u", "t")], NOW);
    let [subject, token] = read(&one).map(|read| [read[0].subject, read[0].only.unwrap()]).unwrap();
    state.apply(&all, NOW).unwrap();
    state.apply(&one, NOW).unwrap();
    let computed = joined(&one[1..17], &one[27..43]);
    for plain in [true, false] {
        // The entry of the session itself, or a session of that name.
        let mut forged = one.clone();
        forged[1..17].copy_from_slice(&computed);
        forged[0] = if plain { 0x14 } else { forged[0] };
        forged.truncate(if plain { 27 } else { forged.len() });
        forged[22] = forged[22].wrapping_add(1);
        state.apply(&forged, NOW + 1_000).unwrap();
        state.apply(&state.batch(&[user("v"), session("w", "x")], NOW), NOW + 1_000).unwrap();
        assert!(refuses(&state, "another", "u"), "{plain}");
    }
    assert_ne!(subject, token);
}

/// A session stays revoked when a record in its place comes and goes.
#[test]
fn apply_of_a_computed_session_keeps_the_session() {
    let mut state = stateless(4);
    let one = state.batch(&[session("u", "t")], NOW);
    state.apply(&one, NOW).unwrap();
    let mut forged = state.batch(&[session("q", "z")], NOW);
    forged[1..17].copy_from_slice(&joined(&one[1..17], &one[27..43]));
    state.apply(&forged, NOW).unwrap();
    for other in ["v", "w"] {
        state.apply(&state.batch(&[user(other)], NOW), NOW).unwrap();
        assert!(refuses(&state, "t", "u"), "{other}");
    }
}

fn joined(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter().zip(other).map(|(one, other)| one ^ other).collect()
}

#[test]
fn revoke_of_many_tokens_fills_the_index_for_their_user_only() {
    let mut state = stateless(usize::MAX);
    state.revoke(&[session("victim", "ended")], NOW);
    for number in 0..MAX_ENTRIES + 1000 {
        state.revoke(&[session("attacker", &number.to_string())], NOW + 1);
    }
    let most = usize::try_from(SESSIONS_PER_USER).unwrap() + 3;
    assert!(state.index().len() <= most, "{}", state.index().len());
    assert_eq!(state.index().global_not_before(), None);
    assert!(!refuses(&state, "other", "victim") && refuses(&state, "ended", "victim"));
    assert!(!refuses(&state, "any", "stranger"));
    assert!(refuses(&state, "any", "attacker"), "the account that sent the calls is revoked");
    assert!(!refuses_at(&state, "any", "attacker", NOW + 2002), "and can sign in again");
}

#[test]
fn revoke_at_capacity_merges_sessions_into_their_users() {
    let mut state = stateless(10);
    for number in 0..5 {
        state.revoke(&[session(&format!("u{number}"), "t")], NOW + number);
    }
    assert_eq!(state.index().len(), 10);
    state.revoke(&[session("u5", "t"), user_except("u6", "excepted")], NOW + 5);
    assert!(state.index().len() <= 10);
    for number in 0..6 {
        assert!(refuses(&state, "t", &format!("u{number}")), "u{number}: every ended session stays revoked");
    }
    assert!(refuses(&state, "any", "u0"), "the oldest became a revocation of its user");
    assert!(!refuses(&state, "any", "u5") && !refuses(&state, "any", "u7"));
    assert!(refuses(&state, "t", "u6") && !refuses(&state, "excepted", "u6"));
}

#[test]
fn required_inputs_of_calls_that_end_sessions_are_the_callers_user() {
    let user = |state: &RevocationState, method, path| state.required_inputs(method, path).unwrap().user;
    let without_database = stateless(8);
    for (method, path, expected) in [
        ("POST", "/sign-out", true),
        ("POST", "/revoke-own-kind", true),
        ("GET", "/revoke-own-kind", false),
        ("POST", "/passkey/add", required_inputs("POST", "/passkey/add").user),
    ] {
        assert_eq!(user(&without_database, method, path), expected, "{method} {path}");
        assert_eq!(
            user(&state(), method, path),
            required_inputs(method, path).user,
            "{method} {path}, with a database"
        );
    }
}

#[test]
fn required_inputs_of_a_full_index_rejects_calls_that_end_sessions() {
    let mut state = stateless(8);
    for number in 0..8 {
        assert!(state.required_inputs("POST", "/sign-out").is_some());
        state.revoke(&[user(&format!("u{number}"))], NOW);
    }
    for path in ["/sign-out", "/revoke-session", "/revoke-sessions", "/delete-user"] {
        assert_eq!(state.required_inputs("POST", path), None, "{path}");
    }
    assert!(
        state.required_inputs("POST", "/sign-in/email").is_some()
            && state.required_inputs("GET", "/get-session").is_some()
    );
    let other_gate = stateless(8);
    let more: Vec<_> = (8..20).map(|number| user(&format!("u{number}"))).collect();
    assert_eq!(state.apply(&other_gate.batch(&more, NOW), NOW), Err(BatchError::IndexFull));
    assert!((0..8).all(|number| refuses(&state, "t", &format!("u{number}"))));
    assert!(!refuses(&state, "t", "stranger"));
    state.apply(&[], NOW + state.lifetime() * 1000).unwrap();
    assert!(state.index().is_empty() && state.required_inputs("POST", "/sign-out").is_some());
}

#[test]
fn apply_removes_sessions_and_users_when_they_expire() {
    let mut state = stateless(100);
    state.revoke(&[session("u", "t"), session("u", "t2")], NOW);
    let late = NOW + 100_000;
    state.revoke(&[session("u", "t2"), session("v", "t")], late);
    let end = NOW + state.lifetime() * 1000;
    state.apply(&[], end - 1).unwrap();
    assert!(state.is_revoked("t", "u", NOW, end - 1));
    state.apply(&[], end).unwrap();
    assert_eq!(state.index().len(), 4, "u with t2, v with t");
    state.apply(&[], end + 100_000).unwrap();
    assert!(state.index().is_empty());
}

#[test]
fn revoke_of_everybody_has_no_effect() {
    let mut state = stateless(100);
    assert!(state.revoke(&[RevocationTarget::Everybody], NOW).is_empty());
    let foreign = crate::state().batch(&[RevocationTarget::Everybody], NOW);
    state.apply(&foreign, NOW).unwrap();
    assert!(
        !state.raise_global_not_before(NOW, NOW),
        "the index must not be used after the feed dropped revocations"
    );
    assert!(!refuses(&state, "t", "u"));
    assert!(!state.raise_global_not_before(NOW, NOW + state.lifetime() * 1000));
    assert!(state.raise_global_not_before(NOW, NOW + state.lifetime() * 1000 + 1));
}

#[test]
fn record_revokes_within_the_callers_account_only() {
    let recorded = |call: &AuthCall<'_>, token: &str, user: &str| {
        let mut state = stateless(100);
        state.record(call, NOW);
        refuses(&state, token, user)
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
        assert!(!recorded(&lost, "theirs", "victim"), "{path}: any client can abort a call");
        assert!(!recorded(&call(path, Some("admin"), None), "theirs", "victim"), "{path}");
    }
}

#[test]
fn apply_accepts_records_of_servers_with_and_without_a_database() {
    let batch = stateless(100).batch(&[session("u", "t"), user("v"), user_except("w", "t"), token("x")], NOW);
    let heads: Vec<_> = [0, 43, 70, 113].map(|at: usize| batch[at]).to_vec();
    assert_eq!(heads, [0x16, 0x14, 0x15, 0x14]);
    assert_eq!(read(&batch).unwrap().iter().filter(|revocation| revocation.stateless).count(), 4);
    let mut stateful = state();
    stateful.apply(&batch, NOW).unwrap();
    assert!(refuses(&stateful, "t", "other"), "with a database a token is revoked for any user");
    let mut state = stateless(100);
    state.apply(&crate::state().batch(&[token("t"), user("v")], NOW), NOW).unwrap();
    assert!(refuses(&state, "t", "other") && refuses(&state, "any", "v"));
}
