//! The state of a request between a lookup at the origin and its outcome.

use crate::gate::decision::Gate;
use crate::gate::request::GateRequest;
use crate::verdict::Verdict;

/// The state that [`Gate::resume`] needs of a request that waits for the origin. It contains the verdict on the
/// cookies, which are therefore verified once for a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The verdict on the cookies alone, before revocation and the `version` function are applied.
    pub(super) cookies: Verdict,
    /// The body of the first response, during a deferred refresh.
    pub(super) first_response: Option<String>,
}

impl Gate<'_> {
    /// Recreates the pending state of a request, for a platform that cannot store it between the calls. It verifies the
    /// cookies again. `first_response` is the body of the first response if the outcome is that of a deferred refresh.
    #[must_use]
    pub fn recreate_pending(&self, request: &GateRequest<'_>, first_response: Option<&str>) -> Pending {
        Pending {
            cookies: self.verify_cookies(request, request.now),
            first_response: first_response.map(str::to_owned),
        }
    }
}
