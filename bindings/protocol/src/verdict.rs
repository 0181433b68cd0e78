//! Verdicts as JSON text, in the shape of the TypeScript contract. Instants are milliseconds; the dates inside
//! `session` and `user` stay the ISO 8601 text that the server wrote, and what they are stands in `dates`.

use better_session::cache::Strategy;
use better_session::cache::claims::CachedSession;
use better_session::cache::decode::Decoded;
use better_session::json::{push_integer, push_string};
use better_session::time::UnixMillis;
use better_session::verdict::{Authenticated, Verdict};

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
    out.push_str(decoded.header.as_deref().unwrap_or("null"));
    out.push_str(",\"payload\":");
    out.push_str(decoded.payload.as_deref().unwrap_or("null"));
    out.push_str(",\"cacheExpiresAt\":");
    push_instant(&mut out, decoded.cache_expires_at);
    out.push('}');
    out
}

fn cached(cached: &CachedSession, strategy: Strategy) -> String {
    let room = cached.session.len().saturating_add(cached.user.len()).saturating_add(256);
    let mut out = String::with_capacity(room);
    out.push_str("{\"status\":\"authenticated\",\"session\":");
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

/// What the dates of `session` and `user` are, so that nobody has to read them twice; `null` where that is not known.
/// The end of the object.
fn push_dates(out: &mut String, cached: &CachedSession) {
    out.push_str(",\"dates\":[");
    push_integer(out, cached.session_expires_at);
    for date in
        [cached.session_created_at, cached.session_updated_at, cached.user_created_at, cached.user_updated_at]
    {
        out.push(',');
        push_instant(out, date);
    }
    out.push_str("]}");
}

fn push_instant(out: &mut String, instant: Option<UnixMillis>) {
    match instant {
        Some(millis) => push_integer(out, millis),
        None => out.push_str("null"),
    }
}

fn push_flag(out: &mut String, member: &str, flag: bool) {
    out.push_str(member);
    out.push_str(if flag { "true" } else { "false" });
}
