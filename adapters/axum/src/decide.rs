//! Carries out the actions of the core for one request until one is final: lookups, grace, renewal.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use better_session::gate::pending::Pending;
use better_session::gate::{Access, Action, Rejection, SessionLookup, Source, forward, renew};

use crate::action::last;
use crate::cause::Cause;
use crate::clock::now;
use crate::gate::Inner;
use crate::origin::Answer;
use crate::request::{Context, VisitorRequest};

/// How long no renewal is attempted after one has failed.
const RENEWAL_PAUSE: Duration = Duration::from_secs(5);

/// The final action for a request, and the cookies that the lookups before it brought.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) action: Action,
    pub(crate) set_cookies: Vec<HeaderValue>,
    /// Why the session could not be checked.
    pub(crate) cause: Option<Cause>,
}

impl Decision {
    pub(crate) fn of(action: Action) -> Self {
        Self { action: last(action), set_cookies: Vec::new(), cause: None }
    }
}

impl Inner {
    /// Returns the final action for a request, after a lookup if one is needed. `identify`: whatever the rules of routes.
    pub(crate) async fn decide(&self, request: &VisitorRequest, identify: bool) -> Decision {
        let index_stale = match &self.revocation {
            Some(revocation) => !revocation.ready().await,
            None => false,
        };
        let context = Context { identify, index_stale, origin_up: None };
        match self.start(request, context) {
            // A path that is rejected has no route rules, but its sender can be authenticated all the same.
            Action::Reject(Rejection { status: 400, .. }) if identify => {
                let mut root = request.clone();
                "/".clone_into(&mut root.url);
                let first = self.start(&root, context);
                self.follow(&root, context, first).await
            }
            first => self.follow(request, context, first).await,
        }
    }

    fn start(&self, request: &VisitorRequest, context: Context) -> Action {
        let now = now();
        self.with_gate(now, |gate| gate.start(&self.gate_request(request, context, now)))
    }

    pub(crate) fn resume(
        &self,
        request: &VisitorRequest,
        context: Context,
        pending: &Pending,
        answer: &Answer,
    ) -> Action {
        let (now, lines) = (now(), answer.lines());
        self.with_gate(now, |gate| {
            let request = self.gate_request(request, context, now);
            gate.resume(&request, Box::new(pending.clone()), answer.outcome(&lines))
        })
    }

    async fn follow(&self, request: &VisitorRequest, context: Context, first: Action) -> Decision {
        match first {
            Action::Ask { lookup, pending } => self.ask(request, context, lookup, &pending).await,
            Action::Next { access: Access::Session(ref session, Source::Cookie), .. }
                if session.refresh_due =>
            {
                self.renew(request, context, first).await
            }
            Action::Reject(Rejection { status: 503, .. }) => {
                Decision { cause: Some(Cause::FEED_UNAVAILABLE), ..Decision::of(first) }
            }
            first => Decision::of(first),
        }
    }

    /// Renews cookies that are still valid: here, or at the origin if only it can. While that fails they remain in use.
    async fn renew(&self, request: &VisitorRequest, context: Context, first: Action) -> Decision {
        let names = self.verifier.names();
        if !forward::has_account(names, &request.cookie) {
            let mut random = [0; 32];
            if getrandom::fill(&mut random).is_err() {
                return Decision::of(first);
            }
            let scheme = self.gate_request(request, context, 0).scheme;
            let lines = renew(&self.verifier, &request.cookie, scheme, now(), random);
            let set_cookies = lines.into_iter().filter_map(|line| HeaderValue::try_from(line).ok()).collect();
            return Decision { set_cookies, ..Decision::of(first) };
        }
        let failed = *self.lookups.renewal_failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.is_some_and(|at| at.elapsed() < RENEWAL_PAUSE) {
            return Decision::of(first);
        }
        let at = now();
        let pending =
            self.with_gate(at, |gate| gate.recreate_pending(&self.gate_request(request, context, at)));
        let lookup = SessionLookup { target: self.rules.get_session(), post: false, required: false };
        let decision = self.ask(request, context, lookup, &pending).await;
        if !matches!(decision.action, Action::Reject(Rejection { status: 503, .. })) {
            return decision;
        }
        *self.lookups.renewal_failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Decision::of(self.start(request, context)) // a revocation can have arrived meanwhile
    }
}
