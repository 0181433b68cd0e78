//! The verdict on a request: on its cookies, with revocation, the `version` function and credential headers applied.

use crate::credential::{self, Credential};
use crate::gate::decision::Gate;
use crate::gate::pending::Pending;
use crate::gate::request::GateRequest;
use crate::gate::routes::RouteRequirement;
use crate::time::{Millis, UnixMillis};
use crate::verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict};

impl Gate<'_> {
    /// Returns the verdict on a request. With a credential header only the origin can tell whose request it is:
    /// `credential_header`.
    #[must_use]
    pub fn verdict(&self, request: &GateRequest<'_>) -> Verdict {
        self.verdict_on(request, self.verify_cookies(request, request.now))
    }

    /// Returns [`Self::verdict`] of a request that waits for the origin.
    #[must_use]
    pub fn pending_verdict(&self, request: &GateRequest<'_>, pending: &Pending) -> Verdict {
        self.verdict_on(request, pending.cookies.clone())
    }

    /// Returns [`Self::verdict`] of a request, given the verdict on its cookies.
    pub(super) fn verdict_on(&self, request: &GateRequest<'_>, cookies: Verdict) -> Verdict {
        if self.credential(request) != Credential::Absent {
            return Verdict::Unauthenticated { reason: UnauthenticatedReason::CredentialHeader };
        }
        self.verdict_on_cookies(request, cookies)
    }

    /// Applies revocation and the `version` function to the verdict on the cookies.
    pub(super) fn verdict_on_cookies(&self, request: &GateRequest<'_>, cookies: Verdict) -> Verdict {
        match (self.cache_rejection(request, &cookies), cookies) {
            (Some(reason), Verdict::Authenticated(session)) => {
                Verdict::Stale { reason, token: session.session.token }
            }
            (_, cookies) => cookies,
        }
    }

    /// Verifies the cookies, without revocation and the `version` function.
    pub(super) fn verify_cookies(&self, request: &GateRequest<'_>, at: Millis) -> Verdict {
        let at = UnixMillis::from_millis(at);
        self.verifier.verify_checked(request.cookie, request.scheme, request.key_set_check, at)
    }

    /// Returns why a cache that verified must not be used, or `None` if it may be, or none verified.
    pub(super) fn cache_rejection(
        &self,
        request: &GateRequest<'_>,
        cookies: &Verdict,
    ) -> Option<StaleReason> {
        let Verdict::Authenticated(session) = cookies else { return None };
        if request.other_version {
            return Some(StaleReason::VersionMismatch);
        }
        if session.refresh_due && self.verifier.policy().is_renewed_by_origin() {
            return Some(StaleReason::CacheExpired);
        }
        (request.index_stale || (self.is_revoked)(session)).then_some(StaleReason::Invalidated)
    }

    /// Returns the session of a cache that has expired within the configured grace, if the session itself has not. The
    /// gate uses it only after a probe has failed too, because any visitor can make their own lookup fail.
    pub(super) fn grace_session(
        &self,
        request: &GateRequest<'_>,
        requirement: RouteRequirement,
        cookies: &Verdict,
    ) -> Option<Authenticated> {
        let expired = matches!(cookies, Verdict::Stale { reason: StaleReason::CacheExpired, .. });
        if !expired || requirement.fresh() || requirement.authoritative() || self.rules.grace == 0 {
            return None;
        }
        let earlier = request.now.saturating_sub(self.rules.grace.saturating_mul(1000));
        match self.verdict_on(request, self.verify_cookies(request, earlier)) {
            Verdict::Authenticated(session) if session.session.expires_at.as_millis() >= request.now => {
                Some(Authenticated { fresh: false, ..session })
            }
            _ => None,
        }
    }

    /// Returns the credential that the request has besides its cookies.
    #[must_use]
    pub fn credential<'a>(&self, request: &GateRequest<'a>) -> Credential<'a> {
        if request.other_credential {
            return Credential::Opaque;
        }
        credential::authorization(self.verifier.server_keys(), request.authorization, self.rules.any_bearer())
    }
}
