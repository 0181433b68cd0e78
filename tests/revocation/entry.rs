use better_session::revocation::entry::{BatchError, read};
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
    for version in [0x00, 0x0f, 0x12, 0x20, 0x21, 0xff] {
        let mut other = whole.clone();
        other[0] = version;
        assert_eq!(read(&other).unwrap_err(), BatchError::UnknownVersion, "{version}");
    }
    let mut forever = whole.clone();
    forever[23..27].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(read(&forever).unwrap_err(), BatchError::LifetimeTooLong);
    forever[23..27].copy_from_slice(&u32::try_from(MAX_LIFETIME).unwrap().to_be_bytes());
    assert!(read(&forever).is_ok());
    assert_eq!(read(&vec![0x10; MAX_BATCH_BYTES + 1]).unwrap_err(), BatchError::TooLong);
    assert_eq!(read(b"not a batch at all").unwrap_err().code(), "batch_unknown_version");
}
