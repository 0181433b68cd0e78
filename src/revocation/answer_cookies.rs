//! The sessions that an answer of the auth API starts and ends, read off its `Set-Cookie` lines.

use crate::cookie::header::{pairs, percent_decode};
use crate::cookie::session_cookies::SECURE_PREFIX;
use crate::cookie::set_cookie::SetCookie;
use crate::cookie::signed;
use crate::gate::forward::{renewed, set_cache};
use crate::time::{self, Millis as UnixMillis};
use crate::verdict::Verdict;
use crate::verifier::Verifier;

/// In the name of every cookie in which the multi-session plugin keeps an account of the device.
const MULTI_SESSION: &str = "_multi-";

/// Most `_multi-` cookies of one request whose signature is checked. The plugin keeps five by default.
const MAX_MULTI_SESSIONS: usize = 64;

/// What an answer's cookies say. Only values with a valid signature count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerCookies {
    /// The session token that the answer sets.
    pub token: Option<String>,
    /// The user of the session cache that it sets with that token.
    pub user_id: Option<String>,
    /// It sets a session cache.
    pub sets_cache: bool,
    /// It deletes the session token's cookie.
    pub deletes_token: bool,
    /// The tokens of the request's `_multi-` cookies that it deletes.
    pub ended: Vec<String>,
}

impl AnswerCookies {
    /// Reads the `Set-Cookie`s of an answer, one a line, to a request with this `Cookie` header.
    #[must_use]
    pub fn read(verifier: &Verifier, cookie: &str, set_cookies: &str, now: UnixMillis) -> Self {
        let lines = SetCookie::parse_all(set_cookies);
        let names = verifier.names();
        let mut read = Self { sets_cache: set_cache(names, set_cookies), ..Self::default() };
        for line in &lines {
            if line.name.strip_prefix(SECURE_PREFIX).unwrap_or(line.name) == names.session_token {
                read.deletes_token |= line.deletes;
                read.token = read.token.or_else(|| signed_token(verifier, line.value));
            }
        }
        read.deletes_token &= read.token.is_none();
        if let Verdict::Authenticated(session) =
            verifier.verify(&renewed(names, "", set_cookies), time::UnixMillis::from_millis(now))
        {
            read.user_id = Some(session.user.id);
        }
        read.ended = deleted_accounts(verifier, cookie, &lines);
        read
    }
}

fn signed_token(verifier: &Verifier, value: &str) -> Option<String> {
    signed::verify(verifier.keys(), &percent_decode(value)).ok().map(|token| token.value.to_owned())
}

/// The server lower-cases the names in which it deletes, so that case is ignored here.
fn deleted_accounts(verifier: &Verifier, cookie: &str, lines: &[SetCookie<'_>]) -> Vec<String> {
    let deleted = |name: &str| lines.iter().any(|line| line.deletes && line.name.eq_ignore_ascii_case(name));
    if !lines.iter().any(|line| line.deletes && line.name.contains(MULTI_SESSION)) {
        return Vec::new();
    }
    pairs(cookie)
        .filter(|pair| pair.name.contains(MULTI_SESSION) && deleted(pair.name))
        .take(MAX_MULTI_SESSIONS)
        .filter_map(|pair| signed_token(verifier, pair.value))
        .collect()
}
