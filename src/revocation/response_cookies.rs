//! Reads the sessions that a response of the auth API starts and ends from its `Set-Cookie` lines.

use crate::cache::KeySetCheck;
use crate::cookie::header::{pairs, percent_decode};
use crate::cookie::set_cookie::SetCookie;
use crate::cookie::signed;
use crate::gate::forward::{MULTI_SESSION, renewed, sets_cache};
use crate::prelude::*;
use crate::time::{self, Millis};
use crate::verdict::Verdict;
use crate::verifier::Verifier;

/// Greatest number of `_multi-` cookies of one request whose signature is checked. The plugin keeps five by default.
const MAX_MULTI_SESSIONS: usize = 64;

/// Session changes in the cookies of a response. Only values with a valid signature count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseCookies {
    /// The session token that the response sets.
    pub token: Option<String>,
    /// The user of the session cache that it sets with that token.
    pub user_id: Option<String>,
    /// The response sets a session cache.
    pub sets_cache: bool,
    /// The response deletes the session token's cookie.
    pub deletes_token: bool,
    /// The tokens of the request's `_multi-` cookies that the response deletes.
    pub ended_tokens: Vec<String>,
}

impl ResponseCookies {
    /// Reads the `Set-Cookie` lines of a response to a request with this `Cookie` header.
    #[must_use]
    pub fn read(verifier: &Verifier, cookie: &str, set_cookies: &str, now: Millis) -> Self {
        let lines = SetCookie::parse_all(set_cookies);
        let names = verifier.names();
        let mut read = Self { sets_cache: sets_cache(names, set_cookies), ..Self::default() };
        for line in &lines {
            let token_name = names.session_token.as_str();
            if line.name == token_name || line.name.strip_prefix(names.prefix()) == Some(token_name) {
                read.deletes_token |= line.deletes;
                read.token = read.token.or_else(|| signed_token(verifier, line.value));
            }
        }
        read.deletes_token &= read.token.is_none();
        let header = renewed(names, "", set_cookies);
        let now = time::UnixMillis::from_millis(now);
        if let Verdict::Authenticated(session) =
            verifier.verify_checked(&header, None, KeySetCheck::FromServer, now)
        {
            read.user_id = Some(session.user.id);
        }
        read.ended_tokens = deleted_accounts(verifier, cookie, &lines);
        read
    }
}

fn signed_token(verifier: &Verifier, value: &str) -> Option<String> {
    signed::verify(verifier.server_keys(), &percent_decode(value)).ok().map(|token| token.value.to_owned())
}

/// Returns the tokens of the `_multi-` cookies that the response deletes. Names are compared without case, because the
/// server lower-cases the names that it deletes.
fn deleted_accounts(verifier: &Verifier, cookie: &str, lines: &[SetCookie<'_>]) -> Vec<String> {
    let deletes = |name: &str| lines.iter().any(|line| line.deletes && line.name.eq_ignore_ascii_case(name));
    if !lines.iter().any(|line| line.deletes && line.name.contains(MULTI_SESSION)) {
        return Vec::new();
    }
    pairs(cookie)
        .filter(|pair| pair.name.contains(MULTI_SESSION) && deletes(pair.name))
        .take(MAX_MULTI_SESSIONS)
        .filter_map(|pair| signed_token(verifier, pair.value))
        .collect()
}
