//! Lookups of the session at the origin: path and method, whose session the response may be, and the cache that it sets in place of a
//! body that is not understood.

use crate::cookie::header::percent_encode;
use crate::credential::Credential;
use crate::gate::action::{Rejection, SessionLookup};
use crate::gate::decision::Gate;
use crate::gate::forward::renewed;
use crate::gate::origin::{self, LookupOutcome, OriginAnswer};
use crate::gate::pending::Pending;
use crate::gate::request::GateRequest;
use crate::json::{self, Raw};
use crate::prelude::*;
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, Verdict};

impl Gate<'_> {
    /// Creates the pending state of a request whose own was lost, or of one that is looked up although its cookies were enough. It
    /// verifies the cookies again.
    #[must_use]
    pub fn recreate_pending(&self, request: &GateRequest<'_>) -> Box<Pending> {
        Pending::new(self.verify_cookies(request, request.now))
    }

    /// Returns whether the response to a deferred refresh counts: a session, or a definite sign-out (401 or `null`). Any
    /// other response says nothing about the session; a 403 may come from protection against forged POSTs.
    #[must_use]
    pub fn accepts_refresh(
        &self,
        request: &GateRequest<'_>,
        pending: &Pending,
        outcome: LookupOutcome<'_>,
    ) -> bool {
        self.read_answer(request, &pending.cookies, outcome).accepts_refresh(outcome)
    }

    /// Reads the origin's response, which must be about the session of the cookies or of the credential.
    pub(super) fn read_answer(
        &self,
        request: &GateRequest<'_>,
        cookies: &Verdict,
        outcome: LookupOutcome<'_>,
    ) -> OriginAnswer {
        let own = token_of(cookies);
        let credential = self.credential(request);
        let bearer = if let Credential::Token(bearer) = &credential { Some(bearer.as_ref()) } else { None };
        let is_opaque = credential == Credential::Opaque;
        match origin::read(outcome, |token| self.is_callers(request, cookies, token), request.now) {
            OriginAnswer::Unusable if !is_opaque => {
                let session = [own, bearer]
                    .into_iter()
                    .flatten()
                    .find_map(|token| self.session_set_for(token, request, outcome));
                session.map_or(OriginAnswer::Unusable, |cached| OriginAnswer::Session {
                    cached: Box::new(cached),
                    needs_refresh: false,
                })
            }
            answer => answer,
        }
    }

    /// Returns whether a session token is the one of the cookies or of the credential. Only the server can tell for a credential that
    /// is no session token.
    pub(super) fn is_callers(&self, request: &GateRequest<'_>, cookies: &Verdict, token: &str) -> bool {
        token_of(cookies) == Some(token)
            || match self.credential(request) {
                Credential::Absent => false,
                Credential::Token(bearer) => bearer.as_ref() == token,
                Credential::Opaque => true,
            }
    }

    /// Returns the session of the cache that a response itself sets, if it verifies for `token`. A plugin or a database
    /// driver may have reshaped the response's body.
    fn session_set_for(
        &self,
        token: &str,
        request: &GateRequest<'_>,
        outcome: LookupOutcome<'_>,
    ) -> Option<Authenticated> {
        let LookupOutcome::Answered { status: 200, body, set_cookies } = outcome else { return None };
        if set_cookies.is_empty()
            || !json::parse(body.trim_matches([' ', '\t', '\n', '\r'])).is_ok_and(Raw::is_object)
        {
            return None;
        }
        let names = self.verifier.names();
        let secure = set_cookies.contains(&[names.prefix(), &names.session_data].concat());
        let prefix = if secure { names.prefix() } else { "" };
        let signed = percent_encode(&self.verifier.sign(token));
        let new = renewed(names, "", set_cookies);
        let cookie = [prefix, &names.session_token, "=", &signed, "; ", &new].concat();
        let now = UnixMillis::from_millis(request.now);
        match self.verifier.verify_with_scheme(&cookie, request.scheme, now) {
            Verdict::Authenticated(session) if session.session.token == token => {
                Some(Authenticated { cache: None, refresh_due: false, ..session })
            }
            _ => None,
        }
    }

    /// Returns whether a session of the origin's response began with a sign-in. An API key's session begins with each
    /// request, and the server's sensitive endpoints act on the cookies beside the key, so it is never fresh unless
    /// `freshAge` is 0.
    pub(super) fn is_sign_in(&self, request: &GateRequest<'_>, cookies: &Verdict, token: &str) -> bool {
        self.credential(request) != Credential::Opaque
            || self.verifier.policy().fresh_age.is_zero()
            || token_of(cookies) == Some(token)
    }

    /// Returns the lookup; `bypass_cache` has an effect only if the server has a database.
    pub(super) fn lookup(&self, bypass_cache: bool) -> SessionLookup {
        if bypass_cache && self.has_database() {
            return self.uncached_lookup();
        }
        SessionLookup { target: self.rules.get_session(), post: false, required: false }
    }

    /// Returns a lookup that ignores the cache cookie. A revoked cache requires it even of a server without a database:
    /// only ended sessions are revoked there, and the server would accept and renew the cookie.
    pub(super) fn uncached_lookup(&self) -> SessionLookup {
        let target = [self.rules.get_session().as_str(), "?disableCookieCache=true"].concat();
        SessionLookup { target, post: false, required: false }
    }

    /// Returns a rejection if the index is stale and the server has no database: the server would accept a revoked
    /// cookie, and a lookup without the cookie would sign the visitor out.
    pub(super) fn cannot_decide(&self, request: &GateRequest<'_>) -> Option<Rejection> {
        (request.index_stale && !self.has_database()).then(Rejection::unavailable)
    }

    /// Returns whether the server has a database. One that mints its cache again (`refreshCache`) has none and knows only
    /// the cookie, so a lookup without it signs the visitor out.
    pub(super) fn has_database(&self) -> bool {
        self.verifier.policy().refresh_cache.is_none()
    }
}

/// Returns the session token that the cookies prove.
pub(super) fn token_of(cookies: &Verdict) -> Option<&str> {
    match cookies {
        Verdict::Authenticated(session) => Some(&session.session.token),
        Verdict::Stale { token, .. } => Some(token),
        Verdict::Unauthenticated { .. } => None,
    }
}
