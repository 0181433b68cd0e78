//! The state of a request between a lookup at the origin and its outcome.

use crate::prelude::*;
use crate::verdict::Verdict;

/// The state that [`Gate::resume`](crate::gate::decision::Gate::resume) needs of a request that waits for the origin. It
/// contains the verdict on the cookies, so they are verified once for a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The verdict on the cookies alone, before revocation and the `version` function are applied.
    pub(super) cookies: Verdict,
    /// The body of the first response, during a deferred refresh.
    pub(super) first_response: Option<String>,
}

impl Pending {
    pub(super) fn new(cookies: Verdict) -> Box<Self> {
        Box::new(Self { cookies, first_response: None })
    }

    /// Returns the state during a deferred refresh. `body` is the body of the first response; `None` before it.
    #[must_use]
    pub fn after(self, body: Option<&str>) -> Box<Self> {
        Box::new(Self { first_response: body.map(str::to_owned), ..self })
    }
}
