//! RevocationState on the way and at rest: a batch is records one after the other, so that batches joined are a batch.
//!
//! | bytes | |
//! |---|---|
//! | 1 | version 1 in the high half; in the low half bits: 1 an exception follows, 2 a token follows, 4 kept |
//! | 16 | subject |
//! | 6 | `notBefore`, milliseconds since the epoch, big-endian |
//! | 4 | lifetime after `notBefore`, seconds, big-endian |
//! | 16 | the subject of the excepted token, or of the only token concerned, when there is one |
//!
//! Bits 2 and 4 are set for servers without a database only. A feed must not replace such records by a global_not_before: it
//! folds those of one user into a record on that user. `pkg/src/revocation/records.ts` reads the same format.
//!
//! A batch is taken whole or not at all.

use crate::revocation::limits::{MAX_BATCH_BYTES, MAX_LIFETIME};
use crate::revocation::subject::Subject;
use crate::time::{Seconds, UnixMillis};

const VERSION: u8 = 0x10;
const EXCEPT: u8 = 1;
const ONLY: u8 = 2;
const KEPT: u8 = 4;
const MAX_NOT_BEFORE: UnixMillis = (1 << 48) - 1;

/// Copies of the subject's sessions made at or before `not_before` are not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Whose copies.
    pub subject: Subject,
    /// Made until when, in milliseconds since the epoch.
    pub not_before: UnixMillis,
    /// For how long after `not_before` such copies can exist, in seconds.
    pub lifetime: Seconds,
    /// The subject of the one token that is spared.
    pub except: Option<Subject>,
    /// The subject of the one token that is revoked; the mark's subject is its user then. Excludes `except`.
    pub only: Option<Subject>,
    /// The feed must not replace the mark by a global_not_before.
    pub kept: bool,
}

impl Revocation {
    /// When no copy is left that the mark could be about, in milliseconds since the epoch.
    #[must_use]
    pub const fn expires(&self) -> UnixMillis {
        self.not_before.saturating_add(self.lifetime.saturating_mul(1000))
    }

    /// Appends the mark to a batch.
    pub fn write(&self, out: &mut Vec<u8>) {
        let token = match (self.only, self.except) {
            (Some(only), _) => Some((ONLY, only)),
            (None, except) => except.map(|except| (EXCEPT, except)),
        };
        let kept = if self.kept { KEPT } else { 0 };
        out.push(VERSION | kept | token.map_or(0, |(bit, _)| bit));
        out.extend_from_slice(&self.subject.0);
        let not_before = self.not_before.clamp(0, MAX_NOT_BEFORE).to_be_bytes();
        out.extend(not_before.iter().skip(2));
        let lifetime = u32::try_from(self.lifetime.clamp(0, MAX_LIFETIME)).unwrap_or(0);
        out.extend_from_slice(&lifetime.to_be_bytes());
        out.extend(token.iter().flat_map(|(_, token)| token.0));
    }
}

/// Why a batch is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchError {
    /// Longer than [`MAX_BATCH_BYTES`].
    TooLong,
    /// A record of a version that is not known here.
    UnknownVersion,
    /// It ends inside a record.
    Truncated,
    /// A lifetime longer than [`MAX_LIFETIME`].
    LifetimeTooLong,
    /// The index of a gate before a server without a database has no room left.
    IndexFull,
}

impl BatchError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "batch_too_long",
            Self::UnknownVersion => "batch_unknown_version",
            Self::Truncated => "batch_truncated",
            Self::LifetimeTooLong => "batch_lifetime_too_long",
            Self::IndexFull => "index_full",
        }
    }
}

/// Reads a batch into a list.
///
/// # Errors
/// The first fault; then none of the batch is to be used.
pub fn read(batch: &[u8]) -> Result<Vec<Revocation>, BatchError> {
    check(batch)?;
    Ok(records(batch).collect())
}

/// Checks a batch without keeping anything of it.
///
/// # Errors
/// The first fault; then none of the batch is to be used.
pub fn check(batch: &[u8]) -> Result<(), BatchError> {
    if batch.len() > MAX_BATCH_BYTES {
        return Err(BatchError::TooLong);
    }
    let mut rest = batch;
    while !rest.is_empty() {
        rest = first(rest)?.1;
    }
    Ok(())
}

/// Returns the marks of a batch, up to its first fault.
pub fn records(batch: &[u8]) -> impl Iterator<Item = Revocation> {
    let mut rest = batch;
    std::iter::from_fn(move || {
        let (mark, after) = first(rest).ok()?;
        rest = after;
        Some(mark)
    })
}

fn first(batch: &[u8]) -> Result<(Revocation, &[u8]), BatchError> {
    let (&head, after) = batch.split_first().ok_or(BatchError::Truncated)?;
    let bits = head ^ VERSION;
    if bits > (EXCEPT | ONLY | KEPT) || bits & (EXCEPT | ONLY) == (EXCEPT | ONLY) {
        return Err(BatchError::UnknownVersion);
    }
    let (record, mut rest) = after.split_first_chunk::<26>().ok_or(BatchError::Truncated)?;
    let mut token = None;
    if bits & (EXCEPT | ONLY) != 0 {
        let (subject, after) = rest.split_first_chunk::<16>().ok_or(BatchError::Truncated)?;
        token = Some(Subject(*subject));
        rest = after;
    }
    let (subject, times) = record.split_first_chunk::<16>().ok_or(BatchError::Truncated)?;
    let (not_before, lifetime) = times.split_at(6);
    let number = |bytes: &[u8]| bytes.iter().fold(0i64, |sum, byte| (sum << 8) | i64::from(*byte));
    let lifetime = number(lifetime);
    if lifetime > MAX_LIFETIME {
        return Err(BatchError::LifetimeTooLong);
    }
    let mark = Revocation {
        subject: Subject(*subject),
        not_before: number(not_before),
        lifetime,
        except: token.filter(|_| bits & EXCEPT != 0),
        only: token.filter(|_| bits & ONLY != 0),
        kept: bits & KEPT != 0,
    };
    Ok((mark, rest))
}
