//! From `authClient.signIn.email(…)` to `POST /sign-in/email`: the path and method rules of Better Auth's own client.
//! Text is bytes: paths are ASCII.

use super::text::Text;

/// Paths of calls that are a POST without a body as well.
const BODILESS_POST: &str = "/sign-out /revoke-sessions /revoke-other-sessions /delete-user /sign-in/anonymous \
    /delete-anonymous-user /admin/stop-impersonating /two-factor/send-otp /siwe/nonce /siwe/get-nonce /device/code";

/// Calls that are found under `authClient.session` as well.
const SESSION_CALLS: &str =
    "getSession listSessions revokeSession revokeOtherSessions revokeSessions signOut updateSession";

/// Returns the path of the endpoint that property names joined by `/` stand for: `signIn/email` is `/sign-in/email`, and
/// `session/listSessions` is `/list-sessions`.
///
/// A name is one segment of the path: ASCII letters, digits, `-` and `_`, with a letter or digit among them. Anything
/// else, and a path of more than `MAX_TEXT` bytes, is `None`, so that no name leaves the server's base path, whatever a
/// page indexes the client with.
pub fn path_of(property_path: &[u8]) -> Option<Text> {
    let names = property_path
        .strip_prefix(b"session/")
        .filter(|rest| listed(SESSION_CALLS, rest))
        .unwrap_or(property_path);
    let mut path = Text::new();
    path.push(b'/');
    let mut previous = b'/';
    // The name has no letter or digit so far.
    let mut is_empty = true;
    for (at, &c) in names.iter().enumerate() {
        if c.is_ascii_alphanumeric() {
            let next_is_lower = names.get(at.saturating_add(1)).is_some_and(u8::is_ascii_lowercase);
            if !is_empty && starts_word(previous, c, next_is_lower) {
                path.push(b'-');
            }
            path.push(c.to_ascii_lowercase());
            is_empty = false;
        } else if c == b'/' && !is_empty {
            path.push(c);
            is_empty = true;
        } else if !matches!(c, b'-' | b'_') {
            return None;
        }
        previous = c;
    }
    (!is_empty && !path.is_too_long()).then_some(path)
}

/// Returns whether `c` begins a word: after a byte that is not alphanumeric, at a capital after a small letter or a digit,
/// at the last capital of a run (`SSOLogin` is `sso-login`), and at a digit after a capital.
fn starts_word(previous: u8, c: u8, next_is_lower: bool) -> bool {
    if c.is_ascii_uppercase() {
        !previous.is_ascii_uppercase() || next_is_lower
    } else {
        !previous.is_ascii_alphanumeric() || previous.is_ascii_uppercase() && c.is_ascii_digit()
    }
}

/// Returns whether a call without an explicit method is a POST: it has a body, or the endpoint accepts nothing else.
pub fn is_post(path: &[u8], has_body: bool) -> bool {
    has_body || listed(BODILESS_POST, path)
}

/// Returns whether `list`, words with a space between them, contains `word`.
fn listed(list: &str, word: &[u8]) -> bool {
    list.as_bytes().split(|&c| c == b' ').any(|listed| listed == word)
}
