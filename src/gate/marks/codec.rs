//! Marks on the way and at rest: a batch is records one after the other, so that batches joined are a batch.
//!
//! | bytes | |
//! |---|---|
//! | 1 | version 1 in the high half; in the low half 1 when an exception follows |
//! | 16 | subject |
//! | 6 | `notBefore`, milliseconds since the epoch, big-endian |
//! | 4 | lifetime after `notBefore`, seconds, big-endian |
//! | 16 | the excepted token's subject, when there is one |
//!
//! A batch is taken whole or not at all.

use super::limits::{MAX_BATCH_BYTES, MAX_LIFETIME};
use super::subject::Subject;
use crate::time::{Seconds, UnixMillis};

const PLAIN: u8 = 0x10;
const EXCEPTING: u8 = 0x11;
const MAX_NOT_BEFORE: UnixMillis = (1 << 48) - 1;

/// Copies of the subject's sessions made at or before `not_before` are not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Whose copies.
    pub subject: Subject,
    /// Made until when, in milliseconds since the epoch.
    pub not_before: UnixMillis,
    /// For how long after `not_before` such copies can exist, in seconds.
    pub lifetime: Seconds,
    /// The subject of the one token that is spared.
    pub except: Option<Subject>,
}

impl Mark {
    /// When no copy is left that the mark could be about, in milliseconds since the epoch.
    #[must_use]
    pub const fn expires(&self) -> UnixMillis {
        self.not_before.saturating_add(self.lifetime.saturating_mul(1000))
    }

    /// Appends the mark to a batch.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(if self.except.is_some() { EXCEPTING } else { PLAIN });
        out.extend_from_slice(&self.subject.0);
        let not_before = self.not_before.clamp(0, MAX_NOT_BEFORE).to_be_bytes();
        out.extend(not_before.iter().skip(2));
        let lifetime = u32::try_from(self.lifetime.clamp(0, MAX_LIFETIME)).unwrap_or(0);
        out.extend_from_slice(&lifetime.to_be_bytes());
        out.extend(self.except.iter().flat_map(|except| except.0));
    }
}

/// Why a batch is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchFault {
    /// Longer than [`MAX_BATCH_BYTES`].
    TooLong,
    /// A record of a version that is not known here.
    UnknownVersion,
    /// It ends inside a record.
    Truncated,
    /// A lifetime longer than [`MAX_LIFETIME`].
    LifetimeTooLong,
}

impl BatchFault {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "batch_too_long",
            Self::UnknownVersion => "batch_unknown_version",
            Self::Truncated => "batch_truncated",
            Self::LifetimeTooLong => "batch_lifetime_too_long",
        }
    }
}

/// Reads a batch.
///
/// # Errors
/// The first fault; then none of the batch is to be used.
pub fn read(batch: &[u8]) -> Result<Vec<Mark>, BatchFault> {
    if batch.len() > MAX_BATCH_BYTES {
        return Err(BatchFault::TooLong);
    }
    let mut rest = batch;
    let mut marks = Vec::with_capacity(batch.len() / 27);
    while let Some((&head, after)) = rest.split_first() {
        let (record, after) = after.split_first_chunk::<26>().ok_or(match head {
            PLAIN | EXCEPTING => BatchFault::Truncated,
            _ => BatchFault::UnknownVersion,
        })?;
        let (except, after) = match head {
            PLAIN => (None, after),
            EXCEPTING => {
                let (except, after) = after.split_first_chunk::<16>().ok_or(BatchFault::Truncated)?;
                (Some(Subject(*except)), after)
            }
            _ => return Err(BatchFault::UnknownVersion),
        };
        marks.push(fields(record, except)?);
        rest = after;
    }
    Ok(marks)
}

fn fields(record: &[u8; 26], except: Option<Subject>) -> Result<Mark, BatchFault> {
    let (subject, times) = record.split_first_chunk::<16>().ok_or(BatchFault::Truncated)?;
    let (not_before, lifetime) = times.split_at(6);
    let number = |bytes: &[u8]| bytes.iter().fold(0i64, |sum, byte| (sum << 8) | i64::from(*byte));
    let lifetime = number(lifetime);
    if lifetime > MAX_LIFETIME {
        return Err(BatchFault::LifetimeTooLong);
    }
    Ok(Mark { subject: Subject(*subject), not_before: number(not_before), lifetime, except })
}
