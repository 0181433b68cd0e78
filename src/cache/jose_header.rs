//! The protected header that JWS and JWE share (RFC 7515 §4.1, RFC 7516 §4.1).

use crate::cache::decode_text;
use crate::json::{Raw, parse};
use crate::limits::MAX_JOSE_HEADER_BYTES;
use crate::prelude::*;

/// Decodes a header's segment. Returns `None` if it is too long or not text.
pub(crate) fn header_text(segment: &str) -> Option<String> {
    if segment.len() > MAX_JOSE_HEADER_BYTES { None } else { decode_text(segment) }
}

/// Parses a header or payload. Returns `None` if it is not a JSON object.
pub(crate) fn object(text: &str) -> Option<Raw<'_>> {
    parse(text).ok().filter(|value| value.is_object())
}

/// Returns whether a member is present and equal to the string `expected`.
pub(crate) fn is(member: Option<Raw<'_>>, expected: &str) -> bool {
    member.is_some_and(|value| value.is_string(expected))
}
