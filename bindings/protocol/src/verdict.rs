//! Verdicts as JSON text, in the shape of the TypeScript types. Instants are milliseconds; the dates inside `session` and
//! `user` stay the ISO 8601 text that the server wrote, and `dates` has them as numbers.

use better_session::cache::decode::Decoded;
use better_session::json::{push_integer, push_string};
use better_session::prelude::*;
use better_session::{Authenticated, UnixMillis, Verdict};

/// Returns `{ status, … }`.
#[must_use]
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Authenticated(answer) => authenticated(answer),
        Verdict::Stale { reason, token } => {
            let mut out = ["{\"status\":\"stale\",\"reason\":\"", reason.code(), "\",\"token\":"].concat();
            push_string(&mut out, token);
            out.push('}');
            out
        }
        Verdict::Unauthenticated { reason } => {
            ["{\"status\":\"unauthenticated\",\"reason\":\"", reason.code(), "\"}"].concat()
        }
    }
}

/// Returns the verdict of an authenticated session. Without a cache it has no `strategy`, `version`, `cachedAt` and
/// `cacheExpiresAt`.
#[must_use]
pub fn authenticated(answer: &Authenticated) -> String {
    let (session, user) = (&answer.session.json, &answer.user.json);
    let mut out = String::with_capacity(session.len().saturating_add(user.len()).saturating_add(256));
    for part in ["{\"status\":\"authenticated\",\"session\":", session, ",\"user\":", user] {
        out.push_str(part);
    }
    if let Some(cache) = &answer.cache {
        for part in [",\"strategy\":\"", cache.strategy.name(), "\",\"version\":"] {
            out.push_str(part);
        }
        push_string(&mut out, &cache.version);
        out.push_str(",\"cachedAt\":");
        push_integer(&mut out, cache.cached_at.as_millis());
        out.push_str(",\"cacheExpiresAt\":");
        push_integer(&mut out, cache.expires_at.as_millis());
    }
    push_flag(&mut out, ",\"fresh\":", answer.fresh);
    push_flag(&mut out, ",\"refreshDue\":", answer.refresh_due);
    if !answer.token_verified {
        out.push_str(",\"tokenVerified\":false");
    }
    push_dates(&mut out, answer);
    out
}

/// Returns `{ strategy, header, payload, cacheExpiresAt }`, or `null`.
#[must_use]
pub fn decoded(decoded: Option<&Decoded>) -> String {
    let Some(decoded) = decoded else { return "null".to_owned() };
    let mut out = ["{\"strategy\":\"", decoded.strategy.name(), "\",\"header\":"].concat();
    out.push_str(decoded.header.as_deref().unwrap_or("null"));
    out.push_str(",\"payload\":");
    out.push_str(decoded.payload.as_deref().unwrap_or("null"));
    out.push_str(",\"cacheExpiresAt\":");
    push_instant(&mut out, decoded.cache_expires_at);
    out.push('}');
    out
}

/// Appends the dates of `session` and `user`, `null` for an unknown one, and the end of the object.
fn push_dates(out: &mut String, answer: &Authenticated) {
    let (session, user) = (&answer.session, &answer.user);
    out.push_str(",\"dates\":[");
    push_integer(out, session.expires_at.as_millis());
    for date in [session.created_at, session.updated_at, user.created_at, user.updated_at] {
        out.push(',');
        push_instant(out, date);
    }
    out.push_str("]}");
}

fn push_instant(out: &mut String, instant: Option<UnixMillis>) {
    match instant {
        Some(instant) => push_integer(out, instant.as_millis()),
        None => out.push_str("null"),
    }
}

fn push_flag(out: &mut String, member: &str, flag: bool) {
    out.push_str(member);
    out.push_str(if flag { "true" } else { "false" });
}
