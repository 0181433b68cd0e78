//! Whose session the origin's answer may be about: the credential's or the cookies'.

use crate::credential::{self, Credential};
use crate::gate::decision::{Gate, GateRequest};
use crate::gate::origin::{self, LookupOutcome, OriginAnswer};
use crate::time::UnixMillis;
use crate::verdict::Verdict;

impl Gate<'_> {
    /// Returns whether the answer to a deferred refresh counts: a session, or a clear no (401 or `null`). Anything else, a 403
    /// to the gate's own POST too, says nothing of the session.
    #[must_use]
    pub fn accepts_refresh(&self, request: &GateRequest<'_>, outcome: LookupOutcome<'_>) -> bool {
        let forbidden = matches!(outcome, LookupOutcome::Answered { status: 403, .. });
        !forbidden && !matches!(self.told(request, outcome), OriginAnswer::Unusable)
    }

    /// Reads an answer of the origin: it must be about the cookies' session or the credential's.
    pub(super) fn told(&self, request: &GateRequest<'_>, outcome: LookupOutcome<'_>) -> OriginAnswer {
        let cookies = self.token_of_cookies(request);
        let of_cookies = |token: &str| cookies.as_deref() == Some(token);
        match self.credential(request) {
            Credential::Absent => origin::read(outcome, of_cookies, request.now),
            Credential::Token(bearer) => {
                origin::read(outcome, |token| bearer == token || of_cookies(token), request.now)
            }
            Credential::Opaque => origin::read(outcome, |_| true, request.now),
        }
    }

    /// Returns whether a session of the origin's answer began when somebody signed in. An API key's begins with each request, and
    /// the server's sensitive endpoints act on the cookies beside it: it is never fresh, unless `freshAge` is 0.
    pub(super) fn is_sign_in(&self, request: &GateRequest<'_>, token: &str) -> bool {
        self.credential(request) != Credential::Opaque
            || self.verifier.policy().fresh_age.is_zero()
            || self.token_of_cookies(request).as_deref() == Some(token)
    }

    /// Returns the session token that the cookies prove.
    fn token_of_cookies(&self, request: &GateRequest<'_>) -> Option<String> {
        match self.verifier.verify_with_scheme(
            request.cookie,
            request.scheme,
            UnixMillis::from_millis(request.now),
        ) {
            Verdict::Authenticated(session) => Some(session.session.token),
            Verdict::Stale { token, .. } => Some(token),
            Verdict::Unauthenticated { .. } => None,
        }
    }

    /// Returns the credential that the request carries besides its cookies.
    #[must_use]
    pub fn credential<'a>(&self, request: &GateRequest<'a>) -> Credential<'a> {
        if request.other_credential {
            return Credential::Opaque;
        }
        credential::authorization(self.verifier.keys(), request.authorization, self.rules.any_bearer())
    }
}
