//! The parts of a request on which the gate's decision depends.

use crate::cache::KeySetCheck;
use crate::cookie::session_cookies::Scheme;
use crate::time::Millis;

/// A request, and the state of the platform at its time.
#[derive(Debug, Clone, Copy, Default)]
pub struct GateRequest<'a> {
    /// The method, as sent; compared with case.
    pub method: &'a str,
    /// The request's URL, or its target.
    pub url: &'a str,
    /// The scheme that the visitor used; without a configured `baseURL` it selects the cookie names.
    pub scheme: Option<Scheme>,
    /// The `Cookie` header.
    pub cookie: &'a str,
    /// The result of verifying the cache with the server's key set.
    pub key_set_check: KeySetCheck<'a>,
    /// The `Accept` header.
    pub accept: &'a str,
    /// The `Sec-Fetch-Mode` header.
    pub fetch_mode: &'a str,
    /// The `Authorization` header, if it is a credential header.
    pub authorization: &'a str,
    /// The request has another credential header, such as an API key.
    pub other_credential: bool,
    /// The revocation index is too old to be used.
    pub index_stale: bool,
    /// Revocation is configured: a cache cookie that the gate rejects is not forwarded, because the origin might accept
    /// it (its clock may be behind, or it may accept a strategy that is not configured here).
    pub strip_untrusted_cache: bool,
    /// The configured `version` function rejected the cache.
    pub other_version: bool,
    /// Only the session is needed, whatever the route requires: `authenticate`.
    pub identify: bool,
    /// A CORS preflight, which has no credentials: no path requires a session of it.
    pub preflight: bool,
    /// The result of [`Action::Probe`](crate::gate::action::Action::Probe); `None` before it.
    pub origin_up: Option<bool>,
    /// Milliseconds since the epoch.
    pub now: Millis,
}
