//! The outcome of a request: how to read its body, and the code of a failure that no server
//! described.

/// A failure with no status of its own: `error.status` is 0 and `error.code` says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// No answer: offline, DNS, refused, or refused by CORS (a page is not told which).
    Network = 0,
    /// `fetchOptions.timeout` passed, or the caller's own `AbortSignal.timeout`.
    Timeout = 1,
    /// The caller's signal, or an `onRequest` that threw: nothing was sent, or nobody waits for it.
    Aborted = 2,
    /// An answer with a good status that is not what it says it is: half a JSON, an HTML page.
    InvalidResponse = 3,
    /// `revokeSession` by id, or verified: no such session among the user's own.
    SessionNotFound = 4,
    /// `revokeSession` verified: the server said yes and the session is still listed.
    SessionStillActive = 5,
    /// Property names that are no path, or a `$fetch` path that leaves the base URL: nothing was sent.
    InvalidPath = 6,
}

/// Names a request that failed before it had an answer.
pub fn fault_of(caller_aborted: bool, caller_timed_out: bool, own_timer_fired: bool) -> Fault {
    match (caller_aborted, caller_timed_out, own_timer_fired) {
        (true, false, _) => Fault::Aborted,
        (true, true, _) | (_, _, true) => Fault::Timeout,
        _ => Fault::Network,
    }
}

/// How the body of a successful answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// `application/json`, `application/*+json`, or no type given: JSON, dates revived; empty is `null`.
    Json,
    /// Other text: JSON when it is JSON, else the text.
    Text,
    /// A page for people where data was asked for: a proxy's error page, a redirect to a login form.
    Page,
    /// Anything else is handed over as a `Blob`.
    Blob,
}

/// Reads a `content-type`; an empty one is JSON, as in Better Auth's client.
pub fn body_of(content_type: &[u8]) -> Body {
    let end = content_type.iter().position(|&byte| byte == b';').unwrap_or(content_type.len());
    let media = content_type.get(..end).unwrap_or_default().trim_ascii();
    if media.is_empty() || has_end(media, b"/json") || has_end(media, b"+json") {
        Body::Json
    } else if media.eq_ignore_ascii_case(b"text/html") {
        Body::Page
    } else if has_end(media, b"xml")
        || media.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"text/"))
    {
        Body::Text
    } else {
        Body::Blob
    }
}

fn has_end(media: &[u8], end: &[u8]) -> bool {
    media
        .len()
        .checked_sub(end.len())
        .and_then(|at| media.get(at..))
        .is_some_and(|last| last.eq_ignore_ascii_case(end))
}
