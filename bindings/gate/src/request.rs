//! Parses requests and lookup outcomes as JavaScript passes them.

use better_session::Scheme;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
use better_session_protocol::flags::{
    HTTP, HTTPS, IDENTIFY, INDEX_STALE, KEY_SET, ORIGIN_DOWN, ORIGIN_UP, OTHER_CREDENTIAL, OTHER_VERSION,
    PREFLIGHT, STRIP_UNTRUSTED_CACHE,
};
use better_session_protocol::key_set::{ASK, key_set_check};
use better_session_protocol::millis;

/// Returns the number of the key set's check.
const fn key_set_number(flags: u32) -> u32 {
    (flags / KEY_SET) & 7
}

/// Returns whether the verdict's cache is asked for, to check it with the key set.
pub(crate) const fn asks_for_cache(flags: u32) -> bool {
    key_set_number(flags) == ASK
}

/// Returns the outcome of a lookup; `status` is 0 if no response arrived.
pub(crate) const fn outcome<'a>(status: u16, body: &'a str, set_cookies: &'a str) -> LookupOutcome<'a> {
    if status == 0 { LookupOutcome::Lost } else { LookupOutcome::Answered { status, body, set_cookies } }
}

/// Returns the request's scheme.
pub(crate) const fn scheme(flags: u32) -> Option<Scheme> {
    match flags & (HTTP | HTTPS) {
        HTTP => Some(Scheme::Http),
        HTTPS => Some(Scheme::Https),
        _ => None,
    }
}

/// Parses a request; see [`Gate::start`](crate::gate::Gate::start).
pub(crate) fn gate_request(request: &str, flags: u32, now: f64) -> GateRequest<'_> {
    let mut rest = request;
    let mut line = || {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        line
    };
    let [method, url, accept, fetch_mode, authorization, valid_cache] =
        [line(), line(), line(), line(), line(), line()];
    let is_set = |bit: u32| flags & bit != 0;
    GateRequest {
        method,
        url,
        scheme: scheme(flags),
        cookie: rest,
        key_set_check: key_set_check(valid_cache, key_set_number(flags)),
        accept,
        fetch_mode,
        authorization,
        other_credential: is_set(OTHER_CREDENTIAL),
        index_stale: is_set(INDEX_STALE),
        other_version: is_set(OTHER_VERSION),
        identify: is_set(IDENTIFY),
        preflight: is_set(PREFLIGHT),
        strip_untrusted_cache: is_set(STRIP_UNTRUSTED_CACHE),
        origin_up: match (is_set(ORIGIN_UP), is_set(ORIGIN_DOWN)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        now: millis(now),
    }
}
