//! The typed report; `crate::TYPES` is the same in TypeScript.

use better_session::cache::KeySetCheck;
use better_session::cache::decode::{Decoded, decode};
use better_session::cookie::session_cookies::{self, Lookup, Scheme, SessionCookies};
use better_session::json::parse;
use better_session::{CachedSession, StaleReason, UnauthenticatedReason, UnixMillis, Verdict, Verifier};
use serde::Serialize;

use crate::{names, sentences};

/// The explanation of a `Cookie` header, or of one cache value, under some options.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The names that the session token's cookie may have.
    pub expected: Vec<String>,
    /// The names of the cookies that look like a session's.
    pub received: Vec<String>,
    /// The session's cookies.
    pub cookies: Cookies,
    /// The session cache, if there is one with the shape of a strategy.
    pub cache: Option<Cache>,
    /// The verdict as JSON text.
    pub verdict: String,
    /// An explanation of the verdict.
    pub message: String,
}

/// The session's cookies, by Better Auth's keys for them.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Cookies {
    pub session_token: Cookie,
    pub session_data: Cookie,
    pub dont_remember: Cookie,
}

/// The cookie of one name.
#[derive(Debug, Serialize)]
pub struct Cookie {
    /// `absent`, `present`, `malformed` or `ambiguous`.
    pub state: &'static str,
    /// The length of the value in characters, its chunks joined.
    pub length: usize,
}

/// A decoded session cache.
#[derive(Debug, Serialize)]
pub struct Cache {
    /// `compact`, `jwt` or `jwe`.
    pub strategy: &'static str,
    /// Protected header as JSON text.
    pub header: Option<String>,
    /// Payload or claims as JSON text.
    pub payload: Option<String>,
    /// The reason why it does not open.
    pub reason: Option<&'static str>,
    /// The instants between which it is valid.
    pub windows: Windows,
}

/// Milliseconds since the epoch.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Windows {
    pub cached_at: Option<i64>,
    pub cache_expires_at: Option<i64>,
    pub session_expires_at: Option<i64>,
    pub session_created_at: Option<i64>,
    pub session_updated_at: Option<i64>,
}

/// Explains `input`: a `Cookie` header, or a bare cache value if it has the shape of one. `scheme` is the request's; `check` is the result
/// of checking the cache with the server's key set.
pub fn inspect(
    verifier: &Verifier,
    input: &str,
    scheme: Option<Scheme>,
    check: KeySetCheck<'_>,
    now: UnixMillis,
) -> Report {
    let configured = verifier.names();
    let bare = decode(input.trim());
    let header = if bare.is_some() { "" } else { input };
    let all = names::all(header);
    let expected = names::expected(configured, scheme);
    let received: Vec<_> =
        all.iter().copied().filter(|name| names::is_session_like(name, &expected)).collect();
    let found = session_cookies::read(configured, header, scheme);
    let verdict = verifier.verify_checked(header, scheme, check, now);
    let cache = match (&bare, &found.cache) {
        (Some(decoded), _) => Some(cache(verifier, input.trim(), decoded, check, now)),
        (None, Lookup::Valid(value)) => {
            decode(value).map(|decoded| cache(verifier, value, &decoded, check, now))
        }
        _ => None,
    };
    let message = match (&verdict, cache.as_ref().filter(|_| bare.is_some())) {
        (_, Some(cache)) => cache.reason.map_or(sentences::OPENS, sentences::meaning).to_owned(),
        (Verdict::Authenticated(_), None) => sentences::AUTHENTICATED.to_owned(),
        (Verdict::Stale { reason: StaleReason::CacheAbsent, .. }, None)
            if !verifier.policy().cache_enabled =>
        {
            sentences::CACHE_OFF.to_owned()
        }
        (Verdict::Stale { reason: StaleReason::UnknownKey | StaleReason::StrategyMismatch, .. }, None)
            if !verifier.uses_key_set() && cache.as_ref().is_some_and(names_key_set) =>
        {
            sentences::SIGNED_WITH_KEY_SET.to_owned()
        }
        (Verdict::Stale { reason, .. }, None) => sentences::meaning(reason.code()).to_owned(),
        (Verdict::Unauthenticated { reason: UnauthenticatedReason::NoCookie }, None) => {
            let deciding = scheme.filter(|_| configured.secure.is_none());
            sentences::missing(&all, &received, &expected, deciding)
        }
        (Verdict::Unauthenticated { reason: UnauthenticatedReason::AmbiguousCookies }, None)
            if expected.len() == 2 && expected.iter().all(|name| all.contains(&name.as_str())) =>
        {
            sentences::both_prefixes(&expected)
        }
        (Verdict::Unauthenticated { reason }, None) => sentences::meaning(reason.code()).to_owned(),
    };
    let received = received.into_iter().map(str::to_owned).collect();
    Report {
        expected,
        received,
        cookies: cookies(&found),
        cache,
        verdict: better_session_protocol::verdict::verdict(&verdict),
        message,
    }
}

fn cookies(found: &SessionCookies<'_>) -> Cookies {
    let cookie = |found: &Lookup<'_>| match found {
        Lookup::Absent => Cookie { state: "absent", length: 0 },
        Lookup::Valid(value) => Cookie { state: "present", length: value.chars().count() },
        Lookup::Malformed => Cookie { state: "malformed", length: 0 },
        Lookup::Ambiguous => Cookie { state: "ambiguous", length: 0 },
    };
    Cookies {
        session_token: cookie(&found.token),
        session_data: cookie(&found.cache),
        dont_remember: cookie(&found.dont_remember),
    }
}

/// Describes a cache: its content if it opens, otherwise the parts that can be read without a key.
fn cache(
    verifier: &Verifier,
    value: &str,
    decoded: &Decoded,
    check: KeySetCheck<'_>,
    now: UnixMillis,
) -> Cache {
    let strategy = decoded.strategy.name();
    let header = decoded.header.clone();
    match verifier.open_checked(value, check, now) {
        Ok(opened) => {
            let windows = windows(&opened);
            Cache { strategy, header, payload: Some(opened.cache.payload), reason: None, windows }
        }
        Err(reason) => {
            let windows = Windows {
                cache_expires_at: decoded.cache_expires_at.map(UnixMillis::as_millis),
                ..Windows::default()
            };
            let payload = decoded.payload.clone();
            Cache { strategy, header, payload, reason: Some(reason.code()), windows }
        }
    }
}

/// Returns whether the header says that the server signed the cache with the keys of its JWT plugin.
fn names_key_set(cache: &Cache) -> bool {
    let header = cache.header.as_deref().and_then(|header| parse(header).ok());
    let typ = header.and_then(|header| header.member("typ"));
    typ.is_some_and(|typ| typ.is_string("better-auth.session-cache+jwt"))
}

fn windows(cached: &CachedSession) -> Windows {
    Windows {
        cached_at: Some(cached.cache.cached_at.as_millis()),
        cache_expires_at: Some(cached.cache.expires_at.as_millis()),
        session_expires_at: Some(cached.session.expires_at.as_millis()),
        session_created_at: cached.session.created_at.map(UnixMillis::as_millis),
        session_updated_at: cached.session.updated_at.map(UnixMillis::as_millis),
    }
}
