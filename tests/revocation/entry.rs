use better_session::revocation::entry::{BatchError, Revocation, read};
use better_session::revocation::limits::{MAX_BATCH_BYTES, MAX_LIFETIME};

use crate::NOW;
use crate::state;
use crate::token;
use crate::user;
use crate::user_except;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RECORD: usize = 27;

#[test]
fn read_returns_the_records_of_a_written_batch() {
    let batch = state().batch(&[token("t"), user_except("u", "t")], NOW);
    assert_eq!(batch.len(), RECORD + RECORD + 16);
    let read = read(&batch).unwrap();
    assert_eq!(read.len(), 2);
    assert!(
        read.iter()
            .all(|revocation| revocation.not_before == NOW && revocation.lifetime == state().lifetime())
    );
    assert_eq!(read[0].except, None);
    assert_eq!(read[1].except, Some(read[0].subject), "an excepted token is the subject of that token");
}

#[test]
fn read_accepts_concatenated_batches() {
    let (one, two) = (state().batch(&[token("t")], NOW), state().batch(&[user_except("u", "x")], NOW + 1));
    let joined = read(&[one.clone(), two.clone()].concat()).unwrap();
    assert_eq!(joined, [read(&one).unwrap(), read(&two).unwrap()].concat());
    assert_eq!(read(&[]).unwrap(), []);
}

#[test]
fn batch_contains_neither_token_nor_user() {
    let batch = state().batch(&[token("a-session-token"), user_except("a-user-id", "a-session-token")], NOW);
    for secret in ["a-session-token", "a-user-id", "a secret of the tests"] {
        assert!(!batch.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    let other = better_session::revocation::RevocationState::new(
        &crate::keys(&["another secret"]),
        &Default::default(),
    );
    assert_ne!(
        batch,
        other.batch(&[token("a-session-token"), user_except("a-user-id", "a-session-token")], NOW)
    );
    // A token and a user with the same text are different subjects.
    let alike = read(&state().batch(&[token("same"), user("same")], NOW)).unwrap();
    assert_ne!(alike[0].subject, alike[1].subject);
    assert!(!format!("{:?} {:?}", alike[0], state()).contains("same"));
}

#[test]
fn read_rejects_malformed_batches_with_their_error() {
    let whole = state().batch(&[token("t"), user_except("u", "x")], NOW);
    for cut in (1..whole.len()).filter(|cut| *cut != RECORD) {
        assert_eq!(read(&whole[..cut]).unwrap_err(), BatchError::Truncated, "{cut}");
    }
    for version in [0x00, 0x0f, 0x12, 0x13, 0x17, 0x18, 0x20, 0x21, 0xff] {
        let mut other = whole.clone();
        other[0] = version;
        assert_eq!(read(&other).unwrap_err(), BatchError::UnknownVersion, "{version}");
    }
    let mut both = state().batch(&[user_except("u", "x")], NOW);
    for head in [0x13, 0x17] {
        both[0] = head;
        assert_eq!(
            read(&both).unwrap_err(),
            BatchError::UnknownVersion,
            "excepts a token and is about one only"
        );
    }
    let mut forever = whole.clone();
    forever[23..27].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(read(&forever).unwrap_err(), BatchError::LifetimeTooLong);
    forever[23..27].copy_from_slice(&u32::try_from(MAX_LIFETIME).unwrap().to_be_bytes());
    assert!(read(&forever).is_ok());
    assert_eq!(read(&vec![0x10; MAX_BATCH_BYTES + 1]).unwrap_err(), BatchError::TooLong);
    assert_eq!(read(b"not a batch at all").unwrap_err().code(), "batch_unknown_version");
}

/// A record has an excepted token, an only token or neither, and is of a server with or without a database.
#[test]
fn read_returns_each_kind_of_record_as_it_was_written() {
    let of = |target| read(&state().batch(&[target], NOW)).unwrap()[0];
    let (subject, other) = (of(token("t")).subject, of(token("other")).subject);
    let plain =
        Revocation { subject, not_before: NOW, lifetime: 300, except: None, only: None, stateless: false };
    for stateless in [false, true] {
        for (except, only) in [(None, None), (Some(other), None), (None, Some(other))] {
            let written = Revocation { except, only, stateless, ..plain };
            let mut batch = Vec::new();
            written.write(&mut batch);
            assert_eq!(batch.len(), if except.or(only).is_some() { RECORD + 16 } else { RECORD });
            assert_eq!(read(&batch).unwrap(), [written]);
        }
    }
}

#[test]
fn write_clamps_a_date_and_a_lifetime_to_what_a_record_can_hold() {
    let subject = read(&state().batch(&[token("t")], NOW)).unwrap()[0].subject;
    for (not_before, lifetime, expected) in [
        (i64::MAX, i64::MAX, ((1 << 48) - 1, MAX_LIFETIME)),
        ((1 << 48) - 1, MAX_LIFETIME, ((1 << 48) - 1, MAX_LIFETIME)),
        (1 << 40, 1, (1 << 40, 1)),
        (-1, -1, (0, 0)),
    ] {
        let mut batch = Vec::new();
        Revocation { subject, not_before, lifetime, except: None, only: None, stateless: false }
            .write(&mut batch);
        let read = read(&batch).unwrap()[0];
        assert_eq!((read.not_before, read.lifetime), expected);
    }
}

#[test]
fn read_accepts_a_batch_of_the_maximum_length() {
    let (short, long) = (state().batch(&[token("t")], NOW), state().batch(&[user_except("u", "x")], NOW));
    let longs =
        (0..RECORD).find(|count| (MAX_BATCH_BYTES - count * long.len()).is_multiple_of(RECORD)).unwrap();
    let shorts = (MAX_BATCH_BYTES - longs * long.len()) / RECORD;
    let batch = [short.repeat(shorts), long.repeat(longs)].concat();
    assert_eq!(batch.len(), MAX_BATCH_BYTES);
    assert_eq!(read(&batch).unwrap().len(), shorts + longs);
}

#[test]
fn debug_of_a_subject_shows_no_byte() {
    let revocation = read(&state().batch(&[token("t")], NOW)).unwrap()[0];
    assert_eq!(format!("{:?}", revocation.subject), "Subject(…)");
}
