//! The decision on one request: [`Gate::start`], and [`Gate::resume`] after a lookup at the origin.

use crate::credential::Credential;
use crate::gate::action::{Access, Action, Guard, Rejection, SessionLookup, Source};
use crate::gate::fields::Fields;
use crate::gate::get_session;
use crate::gate::origin::{LookupOutcome, OriginAnswer};
use crate::gate::path::PathFault;
use crate::gate::pending::Pending;
use crate::gate::readings::RequestPath;
use crate::gate::request::GateRequest;
use crate::gate::routes::RouteRequirement;
use crate::gate::rules::{Rules, Target, target};
use crate::gate::sign_in::{sign_in_location, wants_page};
use crate::prelude::*;
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, StaleReason, Verdict};
use crate::verifier::Verifier;

/// Decides on requests. Borrows the parts of one configured gate.
#[derive(Clone, Copy)]
pub struct Gate<'g> {
    /// Verifies the cookies.
    pub verifier: &'g Verifier,
    /// The gate's options.
    pub rules: &'g Rules,
    /// Returns whether a session's cache is revoked.
    pub is_revoked: &'g dyn Fn(&Authenticated) -> bool,
    /// The members that the server shows in `get-session`.
    pub fields: &'g Fields,
}

impl core::fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Gate").field("rules", self.rules).finish_non_exhaustive()
    }
}

/// The path of a request and what it requires.
struct Route<'a> {
    target: Target<'a>,
    path: RequestPath,
    requirement: RouteRequirement,
    predicates: Vec<usize>,
}

impl Gate<'_> {
    /// Returns the first action for a request.
    #[must_use]
    pub fn start(&self, request: &GateRequest<'_>) -> Action {
        self.start_until(request).0
    }

    /// Returns the first action for a request. If its cookies let it through, it also returns the instant before which the same
    /// request has the same action, as long as no revocation arrives and no field is learned.
    #[doc(hidden)]
    #[must_use]
    pub fn start_until(&self, request: &GateRequest<'_>) -> (Action, Option<UnixMillis>) {
        let mut until = UnixMillis::from_millis(request.now);
        let action = self.first_action(request, &mut until);
        let by_cookies = matches!(
            action,
            Action::Answer { .. } | Action::Next { access: Access::Session(_, Source::Cookie), .. }
        );
        (action, by_cookies.then_some(until))
    }

    fn first_action(&self, request: &GateRequest<'_>, until: &mut UnixMillis) -> Action {
        let route = match self.route(request) {
            Ok(route) => route,
            Err(fault) => return Action::Reject(Rejection::path(fault)),
        };
        let requirement = route.requirement;
        let is_auth_call = self.is_auth_call(request, &route);
        if requirement == RouteRequirement::Public && !is_auth_call {
            return next(route, Access::Public);
        }
        let at = UnixMillis::from_millis(request.now);
        let (cookies, [_, end]) =
            self.verifier.verify_around(request.cookie, request.scheme, request.key_set_check, at);
        *until = end;
        if is_auth_call && !requirement.fresh() && route.predicates.is_empty() {
            return self.auth_call(request, &route, cookies);
        }
        let rejection = self.cache_rejection(request, &cookies);
        let is_revoked = rejection == Some(StaleReason::Invalidated);
        if is_revoked && let Some(unavailable) = self.cannot_decide(request) {
            return self.refuse(request, route, unavailable, Some(self.verdict_on(request, cookies)));
        }
        let has_credential = self.credential(request) != Credential::Absent;
        let unproven = requirement.fresh() && !self.verifier.verifies_tokens();
        let needs_origin = has_credential || requirement.authoritative() || unproven;
        match cookies {
            Verdict::Authenticated(session) if rejection.is_none() && !needs_origin => {
                self.allow(request, route, session, Source::Cookie, None)
            }
            Verdict::Unauthenticated { .. } if !has_credential => {
                let rejection = self.no_session(request, &route);
                self.refuse(request, route, rejection, Some(cookies))
            }
            _ => {
                let lookup = if is_revoked {
                    self.uncached_lookup()
                } else {
                    self.lookup(needs_origin || request.strip_untrusted_cache)
                };
                let lookup = SessionLookup { required: needs_origin, ..lookup };
                Action::Ask { lookup, pending: Pending::new(cookies) }
            }
        }
    }

    /// Returns the next action after the lookup of [`Action::Ask`], or after [`Action::Probe`] with
    /// [`GateRequest::origin_up`] set and the outcome of the lookup again.
    ///
    /// After a deferred refresh (the second [`Action::Ask`]) the first response remains valid unless the refresh is
    /// accepted.
    #[must_use]
    pub fn resume(
        &self,
        request: &GateRequest<'_>,
        mut pending: Box<Pending>,
        outcome: LookupOutcome<'_>,
    ) -> Action {
        let route = match self.route(request) {
            Ok(route) => route,
            Err(fault) => return Action::Reject(Rejection::path(fault)),
        };
        let mut answer = self.read_answer(request, &pending.cookies, outcome);
        if let Some(body) = pending.first_response.as_deref()
            && !answer.accepts_refresh(outcome)
        {
            let first = LookupOutcome::answered(200, body);
            answer = self.read_answer(request, &pending.cookies, first);
        }
        match answer {
            OriginAnswer::Session { needs_refresh: true, .. } if pending.first_response.is_none() => {
                pending.first_response = outcome.body().map(str::to_owned);
                Action::Ask { lookup: SessionLookup { post: true, ..self.lookup(true) }, pending }
            }
            OriginAnswer::Session { cached, .. } => {
                let policy = self.verifier.policy();
                let fresh = policy.is_fresh(&cached.session, UnixMillis::from_millis(request.now))
                    && self.is_sign_in(request, &pending.cookies, &cached.session.token);
                let session = Authenticated { fresh, ..*cached };
                self.allow(request, route, session, Source::Origin, Some(pending.cookies))
            }
            OriginAnswer::NoSession => {
                let rejection = self.no_session(request, &route);
                self.refuse(request, route, rejection, None)
            }
            OriginAnswer::Unusable => {
                match self.grace_session(request, route.requirement, &pending.cookies) {
                    Some(_) if request.origin_up.is_none() => {
                        Action::Probe { path: self.rules.health_check(), pending }
                    }
                    Some(session) if request.origin_up == Some(false) => {
                        self.allow(request, route, session, Source::Grace, Some(pending.cookies))
                    }
                    _ => {
                        let verdict = self.verdict_on(request, pending.cookies);
                        self.refuse(request, route, Rejection::unavailable(), Some(verdict))
                    }
                }
            }
        }
    }

    fn route<'a>(&self, request: &GateRequest<'a>) -> Result<Route<'a>, PathFault> {
        let target = target(request.url);
        let path = RequestPath::read(target.path)?;
        let (requirement, predicates) = self.rules.judge(&path)?;
        let has_rules = !request.identify && !request.preflight;
        let predicates = if has_rules { predicates } else { Vec::new() };
        let requirement = match requirement {
            _ if request.preflight => RouteRequirement::Public,
            requirement if !request.identify => requirement,
            RouteRequirement::Public | RouteRequirement::Optional => RouteRequirement::SESSION,
            RouteRequirement::Session { authoritative, .. } => {
                RouteRequirement::Session { fresh: false, authoritative }
            }
        };
        Ok(Route { target, path, requirement, predicates })
    }

    /// Returns whether the request is a call to the auth API.
    fn is_auth_call(&self, request: &GateRequest<'_>, route: &Route<'_>) -> bool {
        !request.identify && self.rules.below(&route.path).is_some()
    }

    /// Lets a request with a session through if the session is fresh enough. `cookies` is the verdict on the cookies if
    /// the session is not theirs.
    fn allow(
        &self,
        request: &GateRequest<'_>,
        route: Route<'_>,
        session: Authenticated,
        source: Source,
        cookies: Option<Verdict>,
    ) -> Action {
        if route.requirement.fresh() && !session.fresh {
            return Action::Reject(Rejection::not_fresh().with(Verdict::Authenticated(session)));
        }
        if self.is_auth_call(request, &route) {
            let predicates = route.predicates.clone();
            let guard = (!predicates.is_empty())
                .then(|| Box::new(Guard { predicates, session: session.clone(), source }));
            let cookies = cookies.unwrap_or(Verdict::Authenticated(session));
            return match self.auth_call(request, &route, cookies) {
                Action::Forward { path, without_cache_cookie, .. } => {
                    Action::Forward { path, without_cache_cookie, guard }
                }
                other => other,
            };
        }
        next(route, Access::Session(Box::new(session), source))
    }

    /// Rejects a request without a session, or lets it through without one if the session is optional. `verdict` is `None`
    /// if the origin knows no such session.
    fn refuse(
        &self,
        request: &GateRequest<'_>,
        route: Route<'_>,
        rejection: Rejection,
        verdict: Option<Verdict>,
    ) -> Action {
        let verdict = verdict.map(Box::new);
        if route.requirement == RouteRequirement::Optional && !self.is_auth_call(request, &route) {
            return next(route, Access::Nobody(verdict));
        }
        Action::Reject(Rejection { verdict, ..rejection })
    }

    /// Answers `get-session` from a verified cache, and forwards every other call to the auth API. A revoked cache is not
    /// forwarded, because the server would accept it.
    fn auth_call(&self, request: &GateRequest<'_>, route: &Route<'_>, cookies: Verdict) -> Action {
        let authoritative = route.requirement.authoritative();
        let rejection = self.cache_rejection(request, &cookies);
        let without_cache_cookie = match cookies {
            _ if rejection == Some(StaleReason::Invalidated) => match self.cannot_decide(request) {
                Some(unavailable) => {
                    let verdict = self.verdict_on_cookies(request, cookies);
                    return Action::Reject(unavailable.with(verdict));
                }
                None => true,
            },
            Verdict::Authenticated(session) if rejection.is_none() => {
                let has_credential = self.credential(request) != Credential::Absent;
                if !has_credential
                    && !authoritative
                    && route.predicates.is_empty()
                    && self.is_plain_get_session(request, route)
                    && let Some(body) = get_session::body(&session, self.fields)
                {
                    return Action::Answer { session: Box::new(session), body };
                }
                (authoritative || (request.strip_untrusted_cache && has_credential)) && self.has_database()
            }
            _ => (authoritative || request.strip_untrusted_cache) && self.has_database(),
        };
        Action::Forward { path: route.path.as_str().into(), without_cache_cookie, guard: None }
    }

    /// Returns whether a call to the auth API is a `get-session` that the gate may answer itself.
    fn is_plain_get_session(&self, request: &GateRequest<'_>, route: &Route<'_>) -> bool {
        self.rules.answer_get_session
            && request.method == "GET"
            && !route.path.as_str().ends_with('/')
            && self.rules.below(&route.path).is_some_and(|below| below.eq(["get-session"]))
            && get_session::allows_cache(route.target.query)
    }

    /// Returns the redirect to the sign-in page for a request that was rejected because it has no session, if it is for a page.
    /// It does not depend on the cookies.
    #[must_use]
    pub fn sign_in_redirect(&self, request: &GateRequest<'_>) -> Option<Rejection> {
        let rejection = self.no_session(request, &self.route(request).ok()?);
        rejection.location.is_some().then_some(rejection)
    }

    fn no_session(&self, request: &GateRequest<'_>, route: &Route<'_>) -> Rejection {
        match self.rules.sign_in() {
            Some((url, site)) if wants_page(request.method, request.accept, request.fetch_mode) => {
                Rejection::redirect(sign_in_location(url, site, &route.path.local(), route.target.query))
            }
            _ => Rejection::unauthorized(),
        }
    }
}

/// Lets a request through.
fn next(route: Route<'_>, access: Access) -> Action {
    Action::Next { path: route.path.as_str().into(), access, predicates: route.predicates }
}
