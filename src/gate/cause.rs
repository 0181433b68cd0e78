//! Facts for the operator that no decision depends on: why a response of the origin is unusable, the pattern of a path, and
//! a hash of a session token.

use crate::prelude::*;
use core::hash::Hasher as _;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use crate::cache::encode_base64url;
use crate::gate::decision::Gate;
use crate::gate::origin::{LookupOutcome, parse_date};
use crate::gate::pending::Pending;
use crate::gate::readings::RequestPath;
use crate::gate::request::GateRequest;
use crate::gate::rules::target;
use crate::json::{self, Raw};

/// Separates the hashes of tokens from the subjects of revocations, which begin with 1 to 3.
const TOKEN: u8 = 4;

impl Gate<'_> {
    /// Returns the stable code of the cause for which the outcome of a lookup says nothing about the session.
    #[must_use]
    pub fn cause(
        &self,
        request: &GateRequest<'_>,
        pending: &Pending,
        outcome: LookupOutcome<'_>,
    ) -> &'static str {
        let LookupOutcome::Answered { status, body, .. } = outcome else { return "origin_no_response" };
        match status {
            200 => {
                let Ok(answer) = json::parse(body.trim()) else { return "origin_not_json" };
                let text = |name| answer.member("session")?.member(name).and_then(Raw::string);
                let expires_at = text("expiresAt").and_then(|date| parse_date(&date));
                if expires_at.is_some_and(|at| at < request.now) {
                    "origin_session_expired"
                } else if text("token")
                    .is_some_and(|token| !self.is_callers(request, &pending.cookies, &token))
                {
                    "origin_other_session"
                } else {
                    "origin_unexpected_shape"
                }
            }
            300..=399 => "origin_redirect",
            404 => "origin_not_found",
            429 => "origin_rate_limited",
            500..=599 => "origin_error",
            _ => "origin_unexpected_status",
        }
    }

    /// Returns the route pattern that decides on a URL, `{basePath}/**` for other calls of the auth API, or "".
    #[must_use]
    pub fn route_pattern(&self, url: &str) -> String {
        let path = RequestPath::read(target(url).path).ok();
        path.as_ref().and_then(RequestPath::normal).map_or_else(String::new, |path| self.rules.pattern(path))
    }

    /// Returns a keyed hash of a session token, 22 characters of base64url. It is the same in every gate with this secret,
    /// and does not reveal the token. "" without a secret.
    #[must_use]
    pub fn token_hash(&self, token: &str) -> String {
        let Some(keys) = self.verifier.keys() else { return String::new() };
        let mut hasher = SipHasher24::new_with_key(&keys.current.gate.subjects);
        hasher.write(&[TOKEN]);
        hasher.write(token.as_bytes());
        encode_base64url(&hasher.finish128().as_bytes())
    }
}
