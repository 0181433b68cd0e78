//! From `authClient.signIn.email(…)` to `POST /sign-in/email`: the path and method rules of Better Auth's
//! own client, and which calls change whose session the page holds. Text is bytes: paths are ASCII.

use alloc::vec::Vec;

/// Calls with no body that are a POST all the same.
const BODILESS_POST: &str = "/sign-out /revoke-sessions /revoke-other-sessions /delete-user /sign-in/anonymous \
    /delete-anonymous-user /admin/stop-impersonating /two-factor/send-otp /siwe/nonce /siwe/get-nonce /device/code";

/// Calls after whose success the session may be another one, or hold other things.
const CHANGES_SESSION: &str = "/sign-* /revoke-* /update-* /change-* /delete-* /verify-email* /two-factor/* \
    /admin/impersonate-user /admin/stop-impersonating /multi-session/set-active /multi-session/revoke \
    /one-time-token/verify /phone-number/verify /phone-number/update \
    /email-otp/verify-email /email-otp/change-email /email-otp/request-email-change \
    /organization/set-active* /organization/create /organization/delete /organization/leave \
    /organization/remove-member /organization/accept-invitation /magic-link/verify /one-tap/* /passkey/verify-authentication";

/// The effect of a successful call on the page's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Effect {
    /// Nothing.
    None = 0,
    /// It may be another one, or hold other things: the session store has to look again.
    Changed = 1,
    /// It is over, and its cookies are gone: the store knows without looking.
    SignedOut = 2,
}

/// Calls that are found under `authClient.session` as well.
const SESSION_CALLS: &str =
    "getSession listSessions revokeSession revokeOtherSessions revokeSessions signOut updateSession";

/// Returns the path of the endpoint that property names joined by `/` stand for: `signIn/email` is `/sign-in/email`, and
/// `session/listSessions` is `/list-sessions`.
///
/// A name is one segment of the path: ASCII letters, digits, `-` and `_`, with a letter or digit among them. Anything
/// else is `None`, so that no name leaves the server's base path, whatever a page indexes the client with.
pub fn path_of(chain: &[u8]) -> Option<Vec<u8>> {
    let names = chain.strip_prefix(b"session/").filter(|rest| listed(SESSION_CALLS, rest)).unwrap_or(chain);
    // Every letter may begin a word.
    let mut path = Vec::with_capacity(names.len().saturating_mul(2).saturating_add(1));
    for name in names.split(|&c| c == b'/') {
        path.push(b'/');
        let mut previous = None;
        let mut is_empty = true;
        for (at, &c) in name.iter().enumerate() {
            if c.is_ascii_alphanumeric() {
                let next_is_lower = name.get(at.saturating_add(1)).is_some_and(u8::is_ascii_lowercase);
                if !is_empty && previous.is_some_and(|previous| starts_word(previous, c, next_is_lower)) {
                    path.push(b'-');
                }
                path.push(c.to_ascii_lowercase());
                is_empty = false;
            } else if !matches!(c, b'-' | b'_') {
                return None;
            }
            previous = Some(c);
        }
        if is_empty {
            return None;
        }
    }
    Some(path)
}

/// A word begins after anything that is no letter or digit, at a capital after a small letter or a digit,
/// at the last capital of a run (`SSOLogin` is `sso-login`), and at a digit after a capital.
fn starts_word(previous: u8, c: u8, next_is_lower: bool) -> bool {
    if c.is_ascii_uppercase() {
        !previous.is_ascii_uppercase() || next_is_lower
    } else {
        !previous.is_ascii_alphanumeric() || previous.is_ascii_uppercase() && c.is_ascii_digit()
    }
}

/// Whether a call whose method nobody named is a POST: it has a body, or the endpoint takes nothing else.
pub fn is_post(path: &[u8], has_body: bool) -> bool {
    has_body || listed(BODILESS_POST, path)
}

/// Returns the effect of a successful call of `path` on the page's session.
pub fn effect(path: &[u8]) -> Effect {
    match path {
        b"/sign-out" => Effect::SignedOut,
        _ if listed(CHANGES_SESSION, path) => Effect::Changed,
        _ => Effect::None,
    }
}

/// Whether `list`, words with a space between them, has `word`; one with a `*` at its end has all that begin so.
fn listed(list: &str, word: &[u8]) -> bool {
    let mut at = 0_usize;
    let mut alike = true;
    for &c in list.as_bytes() {
        if alike && (c == b'*' || c == b' ' && at == word.len()) {
            return true;
        }
        if c == b' ' {
            (at, alike) = (0, true);
        } else {
            alike = alike && word.get(at) == Some(&c);
            at = at.saturating_add(1);
        }
    }
    alike && at == word.len()
}
