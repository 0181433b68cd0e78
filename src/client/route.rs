//! From `authClient.signIn.email(…)` to `POST /sign-in/email`: the path and method rules of Better Auth's
//! own client, and which calls change whose session the page holds.

use alloc::string::String;

/// Calls with no body that are a POST all the same.
const BODILESS_POST: &str = " /sign-out /revoke-sessions /revoke-other-sessions /delete-user /sign-in/anonymous /delete-anonymous-user /admin/stop-impersonating /two-factor/send-otp /siwe/nonce /siwe/get-nonce /device/code ";

/// Calls after whose success the session may be another one, or hold other things. Prefixes.
const CHANGES_SESSION: [&str; 16] = [
    "/sign-",
    "/revoke-",
    "/update-",
    "/delete-user",
    "/verify-email",
    "/change-",
    "/two-factor/",
    "/admin/impersonate-user",
    "/admin/stop-impersonating",
    "/multi-session/set-active",
    "/phone-number/",
    "/email-otp/",
    "/organization/set-active",
    "/magic-link/verify",
    "/one-tap/",
    "/passkey/verify-authentication",
];

/// The endpoint that a chain of property names means, joined by `/`: `signIn/email` is `/sign-in/email`.
/// `session/listSessions` is `/list-sessions`. A chain that begins with `/` is a path already.
pub fn path_of(chain: &str) -> String {
    let mut path = String::new();
    if chain.starts_with('/') {
        path.push_str(chain);
        return path;
    }
    let names = chain.strip_prefix("session/").filter(|rest| is_session_call(rest)).unwrap_or(chain);
    let mut chars = names.chars().peekable();
    let mut previous = '/';
    path.push('/');
    while let Some(c) = chars.next() {
        if c == '/' {
            path.push('/');
        } else if c.is_ascii_alphanumeric() {
            let next_is_lower = chars.peek().is_some_and(char::is_ascii_lowercase);
            if starts_word(previous, c, next_is_lower) && !path.ends_with('/') {
                path.push('-');
            }
            path.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    path
}

/// A word begins after anything that is no letter or digit, at a capital after a small letter or a digit,
/// at the last capital of a run (`SSOLogin` is `sso-login`), and at a digit after a capital.
fn starts_word(previous: char, c: char, next_is_lower: bool) -> bool {
    if !previous.is_ascii_alphanumeric() {
        return true;
    }
    if c.is_ascii_uppercase() {
        return !previous.is_ascii_uppercase() || next_is_lower;
    }
    previous.is_ascii_uppercase() && c.is_ascii_digit()
}

fn is_session_call(name: &str) -> bool {
    matches!(
        name,
        "getSession"
            | "listSessions"
            | "revokeSession"
            | "revokeOtherSessions"
            | "revokeSessions"
            | "signOut"
            | "updateSession"
    )
}

/// Whether a call whose method nobody named is a POST: it has a body, or the endpoint takes nothing else.
pub fn is_post(path: &str, has_body: bool) -> bool {
    has_body || BODILESS_POST.split(' ').any(|known| known == path)
}

/// Whether the session store has to look again after `path` answered with success.
pub fn changes_session(path: &str) -> bool {
    CHANGES_SESSION.iter().any(|prefix| path.starts_with(prefix))
}
