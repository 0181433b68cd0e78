//! Reports of marks to the gate's feed endpoint, as the Better Auth plugin sends them: authenticated, bound to
//! a time and a nonce.
//!
//! HMAC-SHA-256 under a derived key over `"better-session marks 1\n" time "\n" nonce "\n" body`. A report
//! caught and sent again within the window changes nothing: marks are idempotent, and the feed knows the
//! nonce. Later it is refused.

use super::limits::REPORT_WINDOW;
use super::subject::{MarkKey, MarkKeys};
use crate::codec::{decode_base64url, encode_base64url};
use crate::time::UnixMillis;

/// Why a report is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFault {
    /// The time, the nonce or the signature has not the shape of one.
    Malformed,
    /// The signature is not one of our secrets'.
    BadSignature,
    /// Its time is further than [`REPORT_WINDOW`] from ours.
    OutOfWindow,
}

impl ReportFault {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "report_malformed",
            Self::BadSignature => "report_bad_signature",
            Self::OutOfWindow => "report_out_of_window",
        }
    }
}

/// A report as received.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The batch.
    pub body: &'a [u8],
    /// Milliseconds since the epoch, in decimal.
    pub time: &'a str,
    /// 16 to 64 characters of base64url.
    pub nonce: &'a str,
}

impl Report<'_> {
    /// The parts that are signed.
    fn signed(&self) -> [&[u8]; 6] {
        [b"better-session marks 1\n", self.time.as_bytes(), b"\n", self.nonce.as_bytes(), b"\n", self.body]
    }

    /// Returns the signature under `key`.
    pub(super) fn sign(&self, key: &MarkKey) -> String {
        encode_base64url(&key.reports.sign(&self.signed()))
    }

    /// Checks shape and signature before the time: what is not authentic is told nothing of our clock.
    pub(super) fn verify(
        &self,
        keys: &MarkKeys,
        signature: &str,
        now: UnixMillis,
    ) -> Result<(), ReportFault> {
        let nonce_char = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(16..=64).contains(&self.nonce.len())
            || !self.nonce.bytes().all(nonce_char)
            || self.time.len() > 16
        {
            return Err(ReportFault::Malformed);
        }
        let time = self.time.parse::<UnixMillis>().map_err(|_| ReportFault::Malformed)?;
        let signature = decode_base64url(signature).ok_or(ReportFault::Malformed)?;
        if !keys.iter().any(|key| key.reports.verify(&self.signed(), &signature)) {
            return Err(ReportFault::BadSignature);
        }
        if now.abs_diff(time) > REPORT_WINDOW.unsigned_abs() { Err(ReportFault::OutOfWindow) } else { Ok(()) }
    }
}
