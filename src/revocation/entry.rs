//! The binary format of stored and transmitted revocations. A batch is a sequence of records, so the concatenation of
//! batches is a batch.
//!
//! | bytes | |
//! |---|---|
//! | 1 | high half: version 1; low half, flags: 1 an excepted token follows, 2 an only token follows, 4 stateless |
//! | 16 | subject |
//! | 6 | `notBefore`, milliseconds since the epoch, big-endian |
//! | 4 | lifetime after `notBefore`, seconds, big-endian |
//! | 16 | the subject of the excepted or the only token, if a flag says so |
//!
//! Flags 2 and 4 are set only for servers without a database. A feed must not replace such records by a global
//! `notBefore`; it merges the records of one user into a record of that user. `pkg/src/revocation/records.ts` reads the
//! same format.
//!
//! A batch is applied completely or not at all.

use crate::prelude::*;
use crate::revocation::limits::{MAX_BATCH_BYTES, MAX_LIFETIME};
use crate::revocation::subject::Subject;
use crate::time::{Millis, Seconds};

const VERSION: u8 = 0x10;
const EXCEPT: u8 = 1;
const ONLY: u8 = 2;
const STATELESS: u8 = 4;
const MAX_NOT_BEFORE: Millis = (1 << 48) - 1;

/// Revokes the subject's session caches that were written at or before `not_before`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// The token, user or everybody whose caches are revoked.
    pub subject: Subject,
    /// Caches written at or before this instant are revoked, in milliseconds since the epoch.
    pub not_before: Millis,
    /// How long after `not_before` such caches can still be accepted, in seconds.
    pub lifetime: Seconds,
    /// The subject of the token that stays valid.
    pub except: Option<Subject>,
    /// The subject of the only token that is revoked; `subject` is then its user. Excludes `except`.
    pub only: Option<Subject>,
    /// The server has no database: a feed must not replace the revocation by a global `not_before`.
    pub stateless: bool,
}

impl Revocation {
    /// Returns when the last cache that the revocation covers has expired, in milliseconds since the epoch.
    #[must_use]
    pub const fn expires(&self) -> Millis {
        self.not_before.saturating_add(self.lifetime.saturating_mul(1000))
    }

    /// Appends the record to a batch.
    pub fn write(&self, out: &mut Vec<u8>) {
        let token = match (self.only, self.except) {
            (Some(only), _) => Some((ONLY, only)),
            (None, except) => except.map(|except| (EXCEPT, except)),
        };
        let stateless = if self.stateless { STATELESS } else { 0 };
        out.push(VERSION | stateless | token.map_or(0, |(flag, _)| flag));
        out.extend_from_slice(&self.subject.0);
        let not_before = self.not_before.clamp(0, MAX_NOT_BEFORE).to_be_bytes();
        out.extend(not_before.iter().skip(2));
        let lifetime = self.lifetime.clamp(0, MAX_LIFETIME).to_be_bytes();
        out.extend(lifetime.iter().skip(4));
        out.extend(token.iter().flat_map(|(_, token)| token.0));
    }
}

/// Reason for rejecting a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchError {
    /// Longer than [`MAX_BATCH_BYTES`].
    TooLong,
    /// A record has an unknown version.
    UnknownVersion,
    /// The batch ends inside a record.
    Truncated,
    /// A lifetime is longer than [`MAX_LIFETIME`].
    LifetimeTooLong,
    /// The index has no room left; only in front of a server without a database.
    IndexFull,
}

impl BatchError {
    /// Returns the stable code.
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

/// Parses a batch.
///
/// # Errors
/// Returns the first error; none of the batch may be used then.
pub fn read(batch: &[u8]) -> Result<Vec<Revocation>, BatchError> {
    check(batch)?;
    Ok(records(batch).collect())
}

/// Checks a batch without storing its records.
///
/// # Errors
/// Returns the first error; none of the batch may be used then.
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

/// Returns the records of a batch, up to its first error.
pub fn records(batch: &[u8]) -> impl Iterator<Item = Revocation> {
    let mut rest = batch;
    core::iter::from_fn(move || {
        let (revocation, after) = first(rest).ok()?;
        rest = after;
        Some(revocation)
    })
}

fn first(batch: &[u8]) -> Result<(Revocation, &[u8]), BatchError> {
    let (&head, after) = batch.split_first().ok_or(BatchError::Truncated)?;
    let flags = head ^ VERSION;
    if flags > (EXCEPT | ONLY | STATELESS) || flags & (EXCEPT | ONLY) == (EXCEPT | ONLY) {
        return Err(BatchError::UnknownVersion);
    }
    let (subject, after) = after.split_first_chunk::<16>().ok_or(BatchError::Truncated)?;
    let (not_before, after) = after.split_first_chunk::<6>().ok_or(BatchError::Truncated)?;
    let (lifetime, mut rest) = after.split_first_chunk::<4>().ok_or(BatchError::Truncated)?;
    let mut token = None;
    if flags & (EXCEPT | ONLY) != 0 {
        let (subject, after) = rest.split_first_chunk::<16>().ok_or(BatchError::Truncated)?;
        token = Some(Subject(*subject));
        rest = after;
    }
    let lifetime = Seconds::from(u32::from_be_bytes(*lifetime));
    if lifetime > MAX_LIFETIME {
        return Err(BatchError::LifetimeTooLong);
    }
    let revocation = Revocation {
        subject: Subject(*subject),
        not_before: not_before.iter().fold(0, |sum, byte| (sum << 8) | Millis::from(*byte)),
        lifetime,
        except: token.filter(|_| flags & EXCEPT != 0),
        only: token.filter(|_| flags & ONLY != 0),
        stateless: flags & STATELESS != 0,
    };
    Ok((revocation, rest))
}
