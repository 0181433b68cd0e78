//! Decodes a cache value without a secret, and so without verifying it, for tools that explain a cookie.

use crate::cache::Strategy;
use crate::cache::compact;
use crate::cache::decode_text;
use crate::cache::jose_header;
use crate::json::parse;
use crate::limits::MAX_HEADER_BYTES;
use crate::prelude::*;
use crate::primitives::bytes::split_once;
use crate::time::{MAX_DATE, UnixMillis, to_instant};

/// The parts of a cache value that can be read without a key. They are not authenticated.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decoded {
    /// The encoding.
    pub strategy: Strategy,
    /// The protected header as JSON text; `None` for a compact cache.
    pub header: Option<String>,
    /// The payload or claims as JSON text; `None` for a JWE, which encrypts them.
    pub payload: Option<String>,
    /// The end of the cache's window.
    pub cache_expires_at: Option<UnixMillis>,
}

/// Decodes `value` as the encoding whose shape it has. Returns `None` if it is malformed.
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
        decoded.cache_expires_at = Some(UnixMillis::from_millis(expires_at.min(MAX_DATE)));
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
        decoded.cache_expires_at = exp.map(|seconds| UnixMillis::from_millis(to_instant(seconds * 1000.0)));
        decoded.payload = object.is_some().then_some(claims);
    }
    Some(decoded)
}
