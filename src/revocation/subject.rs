//! Whom a mark is about: a keyed hash of a session token, of a user's id, or of "everybody".
//!
//! SipHash-2-4 with 128 bits out (Aumasson and Bernstein, 2012), the keyed pseudorandom function for short
//! input that RFC 9018 builds DNS cookies on, over one kind byte and the id; the key comes out of the secret by
//! HKDF. Without it a subject says nothing, and nobody can make one. HMAC-SHA-256 in its place took 2.3 µs of
//! the 3 that a look-up had (two hashes, core.wasm in Node).
//!
//! 16 bytes are enough: two of 100,000 marks collide with a probability of 10⁻²⁹, and a collision only makes
//! the gate ask the origin about somebody it need not have asked about.

use siphasher::sip128::{Hasher128 as _, SipHasher24};
use std::hash::Hasher as _;

use crate::primitives::crypto::hmac::HmacSha256;
use crate::primitives::crypto::keyring::{Key, Keys};

/// A hashed subject.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Subject(pub(super) [u8; 16]);

impl Subject {
    /// The subject of one token of one user, from the subjects of both.
    pub(super) fn joined(self, token: Self) -> Self {
        let mut joined = self.0;
        joined.iter_mut().zip(token.0).for_each(|(byte, other)| *byte ^= other);
        Self(joined)
    }

    /// Subjects are uniform, and nobody without the secret can choose one: the first bytes serve as a hash.
    pub(super) fn hash(self) -> u64 {
        self.0.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
    }
}

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

/// The keys of every secret.
pub(super) struct RevocationKeys {
    pub(super) current: RevocationKey,
    older: Vec<RevocationKey>,
}

impl RevocationKeys {
    pub(super) fn new(keys: &Keys) -> Self {
        let older =
            keys.all().filter(|(_, current)| !current).map(|(key, _)| RevocationKey::new(key)).collect();
        Self { current: RevocationKey::new(&keys.current), older }
    }

    /// Returns the keys of every secret, those of the current one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &RevocationKey> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

/// The keys of one secret.
pub(super) struct RevocationKey {
    subjects: SipHasher24,
    pub(super) reports: HmacSha256,
}

impl RevocationKey {
    fn new(key: &Key) -> Self {
        Self { subjects: SipHasher24::new_with_key(&key.gate.subjects), reports: key.gate.reports.clone() }
    }

    pub(super) fn subject(&self, kind: Kind, id: &str) -> Subject {
        let mut hasher = self.subjects;
        hasher.write(&[kind as u8]);
        hasher.write(id.as_bytes());
        Subject(hasher.finish128().as_bytes())
    }
}
