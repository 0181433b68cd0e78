//! Mints the cache again at the edge, for servers without a database (`cookieCache.refreshCache`), as the server does: a
//! new cache, and the token with its full lifetime.

use crate::cache::MintRequest;
use crate::cookie::header::pairs;
use crate::cookie::session_cookies::Scheme;
use crate::cookie::set_cookie::Attributes;
use crate::prelude::*;
use crate::time::{self, Millis};
use crate::verdict::Verdict;
use crate::verifier::Verifier;
use core::time::Duration;

/// Returns the `Set-Cookie` lines that renew the session in the header `cookie`; empty unless a renewal is due. `scheme`
/// is the request's, and `random` is 32 new random bytes.
#[must_use]
pub fn renew(
    verifier: &Verifier,
    cookie: &str,
    scheme: Option<Scheme>,
    now: Millis,
    random: [u8; 32],
) -> Vec<String> {
    let policy = verifier.policy();
    let session = match verifier.verify_with_scheme(cookie, scheme, time::UnixMillis::from_millis(now)) {
        Verdict::Authenticated(session) if session.refresh_due && policy.refresh_cache.is_some() => session,
        _ => return Vec::new(),
    };
    let cookies = verifier.session_cookies(cookie, scheme);
    let names = verifier.names();
    let name = |plain: &str| if cookies.secure { [names.prefix(), plain].concat() } else { plain.to_owned() };
    let now = time::UnixMillis::from_millis(now);
    let mut request = MintRequest::new(&session.session.json, &session.user.json, now, random);
    if let Some(cache) = &session.cache {
        request = request.version(&cache.version);
    }
    let minted = verifier.mint(&request);
    let attributes = verifier.attributes();
    let data = name(&names.session_data);
    let max_age = attributes.session_data.max_age.unwrap_or(policy.max_age);
    let renewed = attributes.session_data.chunked(&data, &minted, Some(max_age));
    if renewed.is_empty() {
        return renewed;
    }
    let mut lines = deletions(&attributes.session_data, &data, cookie, &renewed);
    lines.extend(renewed);
    let max_age = if verifier.dont_remember(&cookies) { None } else { Some(policy.expires_in) };
    let token = verifier.sign(&session.session.token);
    lines.push(attributes.session_token.line(&name(&names.session_token), &token, max_age));
    lines
}

/// Returns the lines that delete cookies of the previous cache that the new one does not set: a leftover chunk would make
/// the cache malformed.
fn deletions(attributes: &Attributes, data: &str, cookie: &str, renewed: &[String]) -> Vec<String> {
    let mut deleted: Vec<String> = Vec::new();
    for pair in pairs(cookie) {
        let Some(rest) = pair.name.strip_prefix(data) else { continue };
        let is_chunk_number =
            |number: &str| matches!(number.len(), 1 | 2) && number.bytes().all(|b| b.is_ascii_digit());
        if !rest.is_empty() && !rest.strip_prefix('.').is_some_and(is_chunk_number) {
            continue;
        }
        let line = attributes.line(pair.name, "", Some(Duration::ZERO));
        let is_set_again =
            renewed.iter().any(|line| line.split_once('=').is_some_and(|(set, _)| set == pair.name));
        if !is_set_again && !deleted.contains(&line) {
            deleted.push(line);
        }
    }
    deleted
}
