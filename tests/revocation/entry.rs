use better_session::revocation::entry::{BatchError, read};
use better_session::revocation::limits::{MAX_BATCH_BYTES, MAX_LIFETIME};

use crate::NOW;
use crate::marks;
use crate::others;
use crate::token;
use crate::user;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const RECORD: usize = 27;

#[test]
fn a_batch_reads_as_it_was_written() {
    let batch = marks().batch(&[token("t"), others("u", "t")], NOW);
    assert_eq!(batch.len(), RECORD + RECORD + 16);
    let read = read(&batch).unwrap();
    assert_eq!(read.len(), 2);
    assert!(read.iter().all(|mark| mark.not_before == NOW && mark.lifetime == marks().lifetime()));
    assert_eq!(read[0].except, None);
    assert_eq!(read[1].except, Some(read[0].subject), "an excepted token is the subject of that token");
}

#[test]
fn batches_joined_are_a_batch() {
    let (one, two) = (marks().batch(&[token("t")], NOW), marks().batch(&[others("u", "x")], NOW + 1));
    let joined = read(&[one.clone(), two.clone()].concat()).unwrap();
    assert_eq!(joined, [read(&one).unwrap(), read(&two).unwrap()].concat());
    assert_eq!(read(&[]).unwrap(), []);
}

#[test]
fn marks_show_neither_token_nor_user() {
    let batch = marks().batch(&[token("a-session-token"), others("a-user-id", "a-session-token")], NOW);
    for secret in ["a-session-token", "a-user-id", "a secret of the tests"] {
        assert!(!batch.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    let other = better_session::revocation::RevocationState::new(
        &crate::keys(&["another secret"]),
        &Default::default(),
    );
    assert_ne!(batch, other.batch(&[token("a-session-token"), others("a-user-id", "a-session-token")], NOW));
    // A token and a user that are spelt alike are not the same subject.
    let alike = read(&marks().batch(&[token("same"), user("same")], NOW)).unwrap();
    assert_ne!(alike[0].subject, alike[1].subject);
    assert!(!format!("{:?} {:?}", alike[0], marks()).contains("same"));
}

#[test]
fn garbage_is_refused_by_its_fault() {
    let whole = marks().batch(&[token("t"), others("u", "x")], NOW);
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
