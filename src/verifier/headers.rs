//! Verifies the `Cookie` fields of an `http::HeaderMap`.

use crate::prelude::*;
use crate::time::UnixMillis;
use crate::verdict::Verdict;
use crate::verifier::Verifier;

impl Verifier {
    /// Verifies the `Cookie` fields of a request's headers, joined with `"; "` (RFC 9113 §8.2.3), as [`Self::verify`] does.
    /// Without a `Cookie` field the reason is `no_cookie`.
    #[must_use]
    pub fn verify_headers(&self, headers: &http::HeaderMap, now: UnixMillis) -> Verdict {
        self.verify(&cookie_header(headers), now)
    }
}

/// Joins the `Cookie` fields. Bytes that are not UTF-8 are replaced by U+FFFD, which makes their cookie malformed.
fn cookie_header(headers: &http::HeaderMap) -> alloc::borrow::Cow<'_, str> {
    let text = |value: &'_ http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut fields = headers.get_all(http::header::COOKIE).iter();
    match (fields.next(), fields.next()) {
        (Some(only), None) => String::from_utf8_lossy(only.as_bytes()),
        _ => headers.get_all(http::header::COOKIE).iter().map(text).collect::<Vec<_>>().join("; ").into(),
    }
}
