//! The outcome of a request: how to read its body, and the code of a failure that no server
//! described.

use super::text::Text;

/// A failure that no server described: `error.status` is 0 and `error.code` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// No response: offline, DNS, refused, or refused by CORS (a page is not told which).
    Network = 0,
    /// `fetchOptions.timeout` passed, or the caller's own `AbortSignal.timeout`.
    Timeout = 1,
    /// The caller's signal, or a request that cannot be built: nothing was sent, or nobody waits for it.
    Aborted = 2,
    /// A response with a good status and invalid content: half a JSON, an HTML page.
    InvalidResponse = 3,
    /// `revokeSession` by id, or verified: the user has no such session.
    SessionNotFound = 4,
    /// `revokeSession` verified: the server accepted it and still lists the session.
    SessionStillActive = 5,
    /// Property names that are not a path, or a `$fetch` path that leaves the base URL: nothing was sent.
    InvalidPath = 6,
}

/// Returns the fault of a request that failed before it had a response.
pub fn fault_of(caller_aborted: bool, caller_timed_out: bool, own_timer_fired: bool) -> Fault {
    match (caller_aborted, caller_timed_out, own_timer_fired) {
        (true, false, _) => Fault::Aborted,
        (true, true, _) | (_, _, true) => Fault::Timeout,
        _ => Fault::Network,
    }
}

/// How the body of a successful response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// `application/json`, `application/*+json`, or no type given: JSON, dates revived; empty is `null`.
    Json,
    /// Other text: parsed if it is JSON.
    Text,
    /// An HTML page: a proxy's error page, a redirect to a login form.
    Page,
    /// Anything else: a `Blob`.
    Blob,
}

/// Returns how a body with this `content-type` is read; an empty one is JSON, as in Better Auth's client.
pub fn body_of(content_type: &[u8]) -> Body {
    let mut media = Text::new();
    for byte in content_type.iter().take_while(|&&byte| byte != b';') {
        media.push(byte.to_ascii_lowercase());
    }
    let media = media.trim_ascii();
    if media.is_empty() || media.ends_with(b"/json") || media.ends_with(b"+json") {
        Body::Json
    } else if media == b"text/html" {
        Body::Page
    } else if media.ends_with(b"xml") || media.starts_with(b"text/") {
        Body::Text
    } else {
        Body::Blob
    }
}
