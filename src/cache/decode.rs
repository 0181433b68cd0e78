//! Takes a cache value apart without a secret. It proves nothing: for tools and pages that explain a cookie.

use crate::cache::Strategy;
use crate::cache::compact;
use crate::cache::decode_text;
use crate::cache::jose_header;
use crate::json::parse;
use crate::limits::MAX_HEADER_BYTES;
use crate::primitives::bytes::split_once;
use crate::time::{MAX_DATE, UnixMillis, to_instant};

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
    let strategy = Strategy::of_shape(value)?;
    let mut decoded = Decoded { strategy, header: None, payload: None, cache_expires_at: None };
    if strategy == Strategy::Compact {
        let (payload, expires_at) = compact::peek(value)?;
        parse(&payload).ok()?;
        decoded.cache_expires_at = Some(expires_at.min(MAX_DATE));
        decoded.payload = Some(payload);
        return Some(decoded);
    }
    let (header, rest) = split_once(value, b'.')?;
    let header = jose_header::header_text(header)?;
    jose_header::object(&header)?;
    decoded.header = Some(header);
    if strategy == Strategy::Jwt {
        let (claims, _) = split_once(rest, b'.')?;
        let claims = decode_text(claims).unwrap_or_default();
        let object = jose_header::object(&claims);
        let exp = object.and_then(|object| object.member("exp")?.number());
        decoded.cache_expires_at = exp.map(|seconds| to_instant(seconds * 1000.0));
        decoded.payload = object.is_some().then_some(claims);
    }
    Some(decoded)
}
