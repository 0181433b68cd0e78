//! What became of a request: what its body is to be read as, and what to call a failure that no server
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
pub fn body_of(content_type: &str) -> Body {
    let media = content_type.split(';').next().unwrap_or_default().trim_end();
    if media.is_empty() || media.eq_ignore_ascii_case("application/json") || ends_with_json(media) {
        Body::Json
    } else if media.eq_ignore_ascii_case("text/html") {
        Body::Page
    } else if media.starts_with("text/") || media.ends_with("xml") {
        Body::Text
    } else {
        Body::Blob
    }
}

fn ends_with_json(media: &str) -> bool {
    media.starts_with("application/") && media.ends_with("+json")
}
