//! Messages that report revocations to the gate's feed endpoint, as the Better Auth plugin sends them: authenticated, and
//! bound to a time and a nonce.
//!
//! The signature is HMAC-SHA-256 under a derived key over `"better-session marks 1\n" time "\n" nonce "\n" body`.
//! Replaying a message within the window has no effect, because revocations are idempotent and the feed stores the
//! nonce; after the window it is rejected.

use crate::cache::{decode_base64url, encode_base64url};
use crate::prelude::*;
use crate::revocation::limits::{MAX_MESSAGE_BYTES, MESSAGE_WINDOW};
use crate::revocation::subject::{RevocationKey, RevocationKeys};
use crate::time::Millis;

/// Reason for rejecting a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageError {
    /// The time, the nonce or the signature is malformed.
    Malformed,
    /// No configured secret made the signature.
    BadSignature,
    /// The time differs from the reader's clock by more than [`MESSAGE_WINDOW`].
    OutOfWindow,
    /// The body is longer than [`MAX_MESSAGE_BYTES`].
    TooLong,
}

impl MessageError {
    /// Returns the stable code.
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

/// A message as received.
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
    /// Returns the signed parts.
    fn signed_parts(&self) -> [&[u8]; 6] {
        [b"better-session marks 1\n", self.time.as_bytes(), b"\n", self.nonce.as_bytes(), b"\n", self.body]
    }

    /// Returns the signature under `key`.
    pub(super) fn sign(&self, key: &RevocationKey) -> String {
        encode_base64url(&key.messages.sign(&self.signed_parts()))
    }

    /// Checks everything except the signature, so that an old or malformed message is rejected before its MAC is computed
    /// and its body is read.
    pub(super) fn check(&self, now: Millis) -> Result<(), MessageError> {
        let is_nonce_char = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(16..=64).contains(&self.nonce.len())
            || !self.nonce.bytes().all(is_nonce_char)
            || self.time.len() > 16
        {
            return Err(MessageError::Malformed);
        }
        let time = self.time.parse::<Millis>().map_err(|_| MessageError::Malformed)?;
        if now.abs_diff(time) > MESSAGE_WINDOW.unsigned_abs() {
            return Err(MessageError::OutOfWindow);
        }
        if self.body.len() > MAX_MESSAGE_BYTES { Err(MessageError::TooLong) } else { Ok(()) }
    }

    /// Verifies the message: format, time and length first, then the signature.
    pub(super) fn verify(
        &self,
        keys: &RevocationKeys,
        signature: &str,
        now: Millis,
    ) -> Result<(), MessageError> {
        self.check(now)?;
        let signature = decode_base64url(signature).ok_or(MessageError::Malformed)?;
        if keys.iter().any(|key| key.messages.verify(&self.signed_parts(), &signature)) {
            Ok(())
        } else {
            Err(MessageError::BadSignature)
        }
    }
}
