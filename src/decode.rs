//! Takes a cache value apart without a secret. It proves nothing: for tools and pages that explain a cookie.

use crate::codec::{Strategy, compact, decode_base64url, jose};
use crate::json::parse;
use crate::limits::MAX_HEADER_BYTES;
use crate::time::{MAX_DATE, UnixMillis};

/// What can be read without a key.
#[derive(Clone, PartialEq)]
pub struct Decoded {
    /// The encoding.
    pub strategy: Strategy,
    /// The protected header as JSON text; a compact cache has none.
    pub header: Option<String>,
    /// The payload or claims as JSON text; a JWE's are encrypted.
    pub payload: Option<String>,
    /// End of the cache's window.
    pub cache_expires_at: Option<UnixMillis>,
}

/// Reads `value` as the encoding that it looks like; nothing when it is none of the three.
#[must_use]
pub fn decode(value: &str) -> Option<Decoded> {
    if value.len() > MAX_HEADER_BYTES {
        return None;
    }
    match Strategy::of_shape(value)? {
        strategy @ Strategy::Compact => {
            let (payload, expires_at) = compact::peek(value)?;
            parse(&payload).ok()?;
            let cache_expires_at = Some(expires_at.clamp(-MAX_DATE, MAX_DATE));
            Some(Decoded { strategy, header: None, payload: Some(payload), cache_expires_at })
        }
        strategy @ Strategy::Jwt => {
            let mut segments = value.split('.');
            let header = jose::header_text(segments.next()?)?;
            let claims = decode_base64url(segments.next()?).and_then(|bytes| String::from_utf8(bytes).ok());
            let payload = claims.filter(|claims| claims.starts_with('{') && parse(claims).is_ok());
            let exp = payload.as_ref().and_then(|claims| parse(claims).ok()?.member("exp")?.number());
            #[allow(clippy::cast_possible_truncation)] // saturates
            let millis = exp.map(|seconds| ((seconds * 1000.0) as UnixMillis).clamp(-MAX_DATE, MAX_DATE));
            Some(Decoded { strategy, header: Some(header), payload, cache_expires_at: millis })
        }
        strategy @ Strategy::Jwe => {
            let header = jose::header_text(value.split('.').next()?)?;
            Some(Decoded { strategy, header: Some(header), payload: None, cache_expires_at: None })
        }
    }
}
