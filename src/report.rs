//! Verdicts as JSON text, in the shape of the TypeScript contract. Instants are milliseconds; the dates inside
//! `session` and `user` stay the ISO 8601 text that the server wrote, and what they are stands in `dates`.

use crate::codec::Strategy;
use crate::decode::Decoded;
use crate::json::{push, push_integer, push_string};
use crate::payload::Cached;
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, Verdict};

/// `{ status, … }`.
#[must_use]
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Authenticated(answer) => authenticated(answer),
        Verdict::Stale { reason, token } => {
            let mut out = ["{\"status\":\"stale\",\"reason\":\"", reason.code(), "\",\"token\":"].concat();
            push_string(&mut out, token);
            push(&mut out, "}");
            out
        }
        Verdict::Unauthenticated { reason } => {
            ["{\"status\":\"unauthenticated\",\"reason\":\"", reason.code(), "\"}"].concat()
        }
    }
}

/// The verdict of a session that is proven, by the cookie or otherwise.
#[must_use]
pub fn authenticated(answer: &Authenticated) -> String {
    let mut out = cached(&answer.cached, answer.strategy);
    push_flag(&mut out, ",\"fresh\":", answer.fresh);
    push_flag(&mut out, ",\"refreshDue\":", answer.refresh_due);
    push_dates(&mut out, &answer.cached);
    out
}

/// `{ strategy, header, payload, cacheExpiresAt }`, or `null`.
#[must_use]
pub fn decoded(decoded: Option<&Decoded>) -> String {
    let Some(decoded) = decoded else { return "null".to_owned() };
    let mut out = ["{\"strategy\":\"", decoded.strategy.name(), "\",\"header\":"].concat();
    push(&mut out, decoded.header.as_deref().unwrap_or("null"));
    push(&mut out, ",\"payload\":");
    push(&mut out, decoded.payload.as_deref().unwrap_or("null"));
    push(&mut out, ",\"cacheExpiresAt\":");
    push_instant(&mut out, decoded.cache_expires_at);
    push(&mut out, "}");
    out
}

fn cached(cached: &Cached, strategy: Strategy) -> String {
    let room = cached.session.len().saturating_add(cached.user.len()).saturating_add(256);
    let mut out = String::with_capacity(room);
    push(&mut out, "{\"status\":\"authenticated\",\"session\":");
    push(&mut out, &cached.session);
    push(&mut out, ",\"user\":");
    push(&mut out, &cached.user);
    push(&mut out, ",\"strategy\":\"");
    push(&mut out, strategy.name());
    push(&mut out, "\",\"version\":");
    push_string(&mut out, &cached.version);
    push(&mut out, ",\"cachedAt\":");
    push_integer(&mut out, cached.cached_at);
    push(&mut out, ",\"cacheExpiresAt\":");
    push_integer(&mut out, cached.cache_expires_at);
    out
}

/// What the dates of `session` and `user` are, so that nobody has to read them twice; `null` where that is not known.
/// The end of the object.
fn push_dates(out: &mut String, cached: &Cached) {
    push(out, ",\"dates\":[");
    push_integer(out, cached.session_expires_at);
    for date in
        [cached.session_created_at, cached.session_updated_at, cached.user_created_at, cached.user_updated_at]
    {
        push(out, ",");
        push_instant(out, date);
    }
    push(out, "]}");
}

fn push_instant(out: &mut String, instant: Option<UnixMillis>) {
    match instant {
        Some(millis) => push_integer(out, millis),
        None => push(out, "null"),
    }
}

fn push_flag(out: &mut String, member: &str, flag: bool) {
    push(out, member);
    push(out, if flag { "true" } else { "false" });
}
