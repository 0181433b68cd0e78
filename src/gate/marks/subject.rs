//! Whom a mark is about: a keyed hash of a session token, of a user's id, or of "everybody".
//!
//! HMAC-SHA-256 under a key of its own, derived by HKDF from the secret, over one kind byte and the id, cut to
//! 16 bytes (RFC 2104 §5). Without the key a subject says nothing, and nobody can make one. 16 bytes are
//! enough: two of 100,000 marks collide with a probability of 10⁻²⁹, and a collision only makes the gate ask
//! the origin about somebody it need not have asked about.

use hmac::{KeyInit as _, Mac as _};

use crate::keys::{HmacSha256, Keys};

const SUBJECT_INFO: &[u8] = b"revocation marks: subjects";
const REPORT_INFO: &[u8] = b"revocation marks: reports";

/// A hashed subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(pub(super) [u8; 16]);

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(…)")
    }
}

/// What is hashed into a subject, besides the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session token.
    Token = 1,
    /// A user's id.
    User = 2,
    /// Everybody; the id is empty.
    Everybody = 3,
}

/// The keys of one secret.
#[derive(Clone)]
pub(super) struct MarkKey {
    subjects: HmacSha256,
    pub(super) reports: HmacSha256,
}

impl MarkKey {
    /// One for every secret, the current one first.
    pub(super) fn all(keys: &Keys) -> Vec<Self> {
        let key = |info| {
            let derive =
                move |key: &crate::keys::Key| HmacSha256::new_from_slice(key.derive_for(info).as_ref());
            // HMAC takes keys of any length: every secret yields one.
            keys.all().filter_map(move |(key, _)| derive(key).ok())
        };
        key(SUBJECT_INFO)
            .zip(key(REPORT_INFO))
            .map(|(subjects, reports)| Self { subjects, reports })
            .collect()
    }

    pub(super) fn subject(&self, kind: Kind, id: &str) -> Subject {
        let mut mac = self.subjects.clone();
        mac.update(&[kind as u8]);
        mac.update(id.as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut cut = [0; 16];
        cut.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Subject(cut)
    }
}
