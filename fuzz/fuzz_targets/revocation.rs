//! Revocations: batches of any bytes, and sequences of calls compared with a linear search.
#![no_main]

use better_session::Secret;
use better_session::keyring::Keys;
use better_session::revocation::entry::{BatchError, read};
use better_session::revocation::{Message, Options, RevocationState, RevocationTarget};
use better_session_fuzz::NOW;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const SKEW: i64 = 2000;

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys::new(&[Secret::versioned(1, "a secret of the fuzzer")]).unwrap());

fuzz_target!(|data: &[u8]| {
    batch(data);
    let Some((first, calls)) = data.split_first() else { return };
    sequence(calls, usize::from(first & 7) + 1, first & 8 != 0);
    if first & 0x70 == 0 {
        message(calls);
    }
});

/// A batch is applied completely or not at all, and has one form.
fn batch(data: &[u8]) {
    let mut state = RevocationState::new(&KEYS, &Options::default());
    let applied = state.apply(data, NOW);
    match read(data) {
        Ok(revocations) => {
            let mut written = Vec::new();
            revocations.iter().for_each(|revocation| revocation.write(&mut written));
            assert_eq!(written, data, "one form");
            assert_eq!(applied, Ok(()));
            assert!(state.index().len() <= revocations.len());
        }
        Err(error) => {
            assert_eq!(applied, Err(error));
            assert_ne!(error, BatchError::IndexFull);
            assert!(state.index().is_empty() && state.index().global_not_before().is_none(), "not at all");
        }
    }
}

/// Applies revocations of few names, three bytes each, to an index of `max_entries`. A revoked cache is never accepted; with a
/// database and enough room no other is refused.
fn sequence(calls: &[u8], max_entries: usize, stateless: bool) {
    let mut state = RevocationState::new(&KEYS, &Options { max_entries, stateless, ..Options::default() });
    let mut made: Vec<(RevocationTarget, i64)> = Vec::new();
    let (mut full, mut now) = (false, NOW);
    for call in calls.chunks_exact(3).take(64) {
        let [kind, who, when] = *call else { return };
        let name = |number: u8| format!("n{}", number & 3);
        now += i64::from(kind >> 4) * 500;
        let target = match kind & 7 {
            0..=2 => RevocationTarget::Token(name(who)),
            3 | 4 => {
                RevocationTarget::User { id: name(who), except: (who & 16 != 0).then(|| name(who >> 2)) }
            }
            5 if stateless => RevocationTarget::Session { user: name(who), token: name(who >> 2) },
            5 | 6 => RevocationTarget::User { id: name(who), except: None },
            _ if stateless => continue,
            _ => RevocationTarget::Everybody,
        };
        let at = now - i64::from(when) * 100;
        let batch = state.batch(std::slice::from_ref(&target), at);
        if state.apply(&batch, now).is_err() {
            full = true;
            break;
        }
        made.push((target, at));
        assert!(stateless || state.index().len() <= max_entries);
    }
    let exact = !stateless && !full && made.len() <= max_entries;
    for (token, user, ago) in [("n0", "n1", 0), ("n1", "n0", 500), ("n2", "n3", 10_000), ("n3", "n2", 25_000)]
    {
        let updated_at = now - ago;
        let expected = made.iter().any(|(target, at)| covers(target, token, user) && updated_at <= at + SKEW);
        let revoked = state.is_revoked(token, user, updated_at, now);
        assert!(revoked || !expected, "a revoked cache is accepted");
        assert!(!exact || revoked == expected, "a cache is refused that nothing revokes");
    }
}

fn covers(target: &RevocationTarget, token: &str, user: &str) -> bool {
    match target {
        RevocationTarget::Token(revoked) => revoked == token,
        RevocationTarget::User { id, except } => id == user && except.as_deref() != Some(token),
        RevocationTarget::Session { user: id, token: only } => id == user && only == token,
        RevocationTarget::Everybody => true,
    }
}

/// A signed message is accepted as it was signed, and not with another body.
fn message(body: &[u8]) {
    let state = RevocationState::new(&KEYS, &Options::default());
    let time = NOW.to_string();
    let message = Message { body, time: &time, nonce: "0123456789abcdef" };
    let signature = state.sign_message(&message);
    assert_eq!(state.verify_message(&message, &signature, NOW), Ok(()));
    let longer = [body, &[0]].concat();
    assert!(state.verify_message(&Message { body: &longer, ..message }, &signature, NOW).is_err());
    if let Ok(text) = std::str::from_utf8(body) {
        assert!(state.verify_message(&Message { body, time: text, nonce: text }, text, NOW).is_err());
    }
}
