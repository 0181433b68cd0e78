//! Reports of marks to the gate's feed endpoint, as the Better Auth plugin sends them: authenticated, bound to
//! a time and a nonce.
//!
//! HMAC-SHA-256 under a derived key over `"better-session marks 1\n" time "\n" nonce "\n" body`. A report
//! caught and sent again within the window changes nothing: marks are idempotent, and the feed knows the
//! nonce. Later it is refused.

use crate::cache::{decode_base64url, encode_base64url};
use crate::revocation::limits::{MAX_REPORT_BYTES, REPORT_WINDOW};
use crate::revocation::subject::{RevocationKey, RevocationKeys};
use crate::time::Millis as UnixMillis;

/// Why a report is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageError {
    /// The time, the nonce or the signature has not the shape of one.
    Malformed,
    /// The signature is not one of our secrets'.
    BadSignature,
    /// Its time is further than [`REPORT_WINDOW`] from ours.
    OutOfWindow,
    /// Its body is longer than [`MAX_REPORT_BYTES`].
    TooLong,
}

impl MessageError {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "report_malformed",
            Self::BadSignature => "report_bad_signature",
            Self::OutOfWindow => "report_out_of_window",
            Self::TooLong => "report_too_long",
        }
    }
}

/// A report as received.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// The batch.
    pub body: &'a [u8],
    /// Milliseconds since the epoch, in decimal.
    pub time: &'a str,
    /// 16 to 64 characters of base64url.
    pub nonce: &'a str,
}

impl Message<'_> {
    /// The parts that are signed.
    fn signed(&self) -> [&[u8]; 6] {
        [b"better-session marks 1\n", self.time.as_bytes(), b"\n", self.nonce.as_bytes(), b"\n", self.body]
    }

    /// Returns the signature under `key`.
    pub(super) fn sign(&self, key: &RevocationKey) -> String {
        encode_base64url(&key.reports.sign(&self.signed()))
    }

    /// Checks everything but the signature, at no cost: an old or a malformed report is refused before its MAC is
    /// computed, and before its body is read.
    pub(super) fn admit(&self, now: UnixMillis) -> Result<(), MessageError> {
        let nonce_char = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(16..=64).contains(&self.nonce.len())
            || !self.nonce.bytes().all(nonce_char)
            || self.time.len() > 16
        {
            return Err(MessageError::Malformed);
        }
        let time = self.time.parse::<UnixMillis>().map_err(|_| MessageError::Malformed)?;
        if now.abs_diff(time) > REPORT_WINDOW.unsigned_abs() {
            return Err(MessageError::OutOfWindow);
        }
        if self.body.len() > MAX_REPORT_BYTES { Err(MessageError::TooLong) } else { Ok(()) }
    }

    /// Checks shape, time and length before the signature.
    pub(super) fn verify(
        &self,
        keys: &RevocationKeys,
        signature: &str,
        now: UnixMillis,
    ) -> Result<(), MessageError> {
        self.admit(now)?;
        let signature = decode_base64url(signature).ok_or(MessageError::Malformed)?;
        if keys.iter().any(|key| key.reports.verify(&self.signed(), &signature)) {
            Ok(())
        } else {
            Err(MessageError::BadSignature)
        }
    }
}
