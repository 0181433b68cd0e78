//! Verdicts as JSON text, in the shape of the TypeScript contract. Instants are milliseconds; the dates inside
//! `session` and `user` stay the ISO 8601 text that the server wrote.

use crate::codec::Strategy;
use crate::decode::Decoded;
use crate::json::{push_integer, push_string};
use crate::payload::Cached;
use crate::verdict::{Authenticated, StaleReason, Verdict};
use crate::verifier::OpenedCache;

/// `{ status, … }`.
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

/// The verdict of a session that is proven, by the cookie or otherwise.
#[must_use]
pub fn authenticated(answer: &Authenticated) -> String {
    let mut out = cached("{\"status\":\"authenticated\"", &answer.cached, answer.strategy);
    push_flag(&mut out, ",\"fresh\":", answer.fresh);
    push_flag(&mut out, ",\"refreshDue\":", answer.refresh_due);
    out.push('}');
    out
}

/// `{ ok, … }`.
#[must_use]
pub fn opened(opened: &Result<OpenedCache, StaleReason>) -> String {
    match opened {
        Ok(opened) => {
            let mut out = cached("{\"ok\":true", &opened.cached, opened.strategy);
            out.push('}');
            out
        }
        Err(reason) => ["{\"ok\":false,\"reason\":\"", reason.code(), "\"}"].concat(),
    }
}

/// `{ strategy, header, payload, cacheExpiresAt }`, or `null`.
#[must_use]
pub fn decoded(decoded: Option<&Decoded>) -> String {
    let Some(decoded) = decoded else { return "null".to_owned() };
    let text = |part: &Option<String>| part.clone().unwrap_or_else(|| "null".to_owned());
    let mut out = ["{\"strategy\":\"", decoded.strategy.name(), "\",\"header\":"].concat();
    out.push_str(&text(&decoded.header));
    out.push_str(",\"payload\":");
    out.push_str(&text(&decoded.payload));
    out.push_str(",\"cacheExpiresAt\":");
    match decoded.cache_expires_at {
        Some(millis) => push_integer(&mut out, millis),
        None => out.push_str("null"),
    }
    out.push('}');
    out
}

fn cached(head: &str, cached: &Cached, strategy: Strategy) -> String {
    let room = cached.session.len().saturating_add(cached.user.len()).saturating_add(256);
    let mut out = String::with_capacity(room);
    out.push_str(head);
    out.push_str(",\"session\":");
    out.push_str(&cached.session);
    out.push_str(",\"user\":");
    out.push_str(&cached.user);
    out.push_str(",\"strategy\":\"");
    out.push_str(strategy.name());
    out.push_str("\",\"version\":");
    push_string(&mut out, &cached.version);
    out.push_str(",\"cachedAt\":");
    push_integer(&mut out, cached.cached_at);
    out.push_str(",\"cacheExpiresAt\":");
    push_integer(&mut out, cached.cache_expires_at);
    out
}

fn push_flag(out: &mut String, member: &str, flag: bool) {
    out.push_str(member);
    out.push_str(if flag { "true" } else { "false" });
}
