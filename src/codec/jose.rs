//! The protected header that JWS and JWE share (RFC 7515 §4.1, RFC 7516 §4.1).

use super::decode_text;
use crate::json::{Raw, parse};
use crate::limits::MAX_JOSE_HEADER_BYTES;

/// Decodes a header's segment; nothing when it is not a JSON object within the bound.
pub(crate) fn header_text(segment: &str) -> Option<String> {
    if segment.len() > MAX_JOSE_HEADER_BYTES {
        return None;
    }
    let text = decode_text(segment)?;
    parse(&text).ok().filter(|value| value.is_object())?;
    Some(text)
}

/// Whether a header is one that the server's reader goes on with: the algorithm that the *configuration*
/// asks for, and no extension that must be understood.
pub(crate) fn is_plain(header: Raw<'_>, alg: &str) -> bool {
    header.member("alg").is_some_and(|value| value.is_string(alg)) && header.member("crit").is_none()
}
