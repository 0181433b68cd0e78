//! The decision on one request: `start`, and after a question to the origin `resume`.
//!
//! Both are functions of what the platform hands over; nothing is remembered in between, so that a request
//! that is cancelled leaves nothing behind.

use crate::cookie::session_cookies::Scheme;
use crate::credential::Credential;
use crate::gate::action::{Access, Action, Rejection, SessionLookup, Source};
use crate::gate::fields::Fields;
use crate::gate::get_session;
use crate::gate::origin::{LookupOutcome, OriginAnswer};
use crate::gate::path::{NormalPath, normalise};
use crate::gate::routes::RouteRequirement;
use crate::gate::rules::{Rules, Target, target};
use crate::gate::sign_in::{sign_in_location, wants_page};
use crate::time::{self, Millis};
use crate::verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict};
use crate::verifier::Verifier;

/// A request, as far as the decision depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct GateRequest<'a> {
    /// As sent; compared exactly.
    pub method: &'a str,
    /// The request's URL, or its target.
    pub url: &'a str,
    /// The scheme by which the visitor sent it; without a configured `baseURL` it decides which cookies count.
    pub scheme: Option<Scheme>,
    /// The `Cookie` header.
    pub cookie: &'a str,
    /// The `Accept` header.
    pub accept: &'a str,
    /// The `Sec-Fetch-Mode` header.
    pub fetch_mode: &'a str,
    /// The `Authorization` header, if it is a credential header.
    pub authorization: &'a str,
    /// There is another credential header, such as an API key.
    pub other_credential: bool,
    /// The revocation index is too old to answer from.
    pub index_stale: bool,
    /// There are revocation marks: a cache cookie that is not believed here does not travel, since the origin
    /// might believe it (its clock is behind, or it takes a strategy that the gate was not told of).
    pub strip_untrusted_cache: bool,
    /// The configured `version` function disagrees with the cache.
    pub other_version: bool,
    /// Only whose request it is, whatever the route: `authenticate`.
    pub identify: bool,
    /// The result of [`Action::Probe`]; `None` before it.
    pub origin_up: Option<bool>,
    /// Milliseconds since the epoch.
    pub now: Millis,
}

/// Decides. It borrows what one gate is made of.
#[derive(Clone, Copy)]
pub struct Gate<'g> {
    /// Judges cookies.
    pub verifier: &'g Verifier,
    /// The configuration.
    pub rules: &'g Rules,
    /// Whether a revocation mark is newer than this cache.
    pub marked: &'g dyn Fn(&Authenticated) -> bool,
    /// The members that the server shows in `get-session`.
    pub fields: &'g Fields,
}

impl std::fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("rules", self.rules).finish_non_exhaustive()
    }
}

impl Gate<'_> {
    /// What to do with a request.
    #[must_use]
    pub fn start(&self, request: &GateRequest<'_>) -> Action {
        let target = target(request.url);
        let path = match normalise(target.path) {
            Ok(path) => path,
            Err(fault) => return Action::Reject(Rejection::path(fault)),
        };
        let requirement = self.requirement(request, &path);
        if !request.identify {
            if self.rules.below_base(&path).is_some() {
                if !requirement.fresh {
                    return self.auth_call(request, &target, &path, requirement);
                }
            } else if requirement.public {
                return Action::Next { path: path.as_str().into(), access: Access::Public };
            }
        }
        let verdict = self.judge_cookies(request, request.now);
        match verdict {
            Verdict::Stale { reason: StaleReason::Invalidated, .. } => match self.cannot_decide(request) {
                Some(denial) => Action::Reject(denial.with(self.judge(request, request.now))),
                None => Action::Ask(self.question_past_cache()),
            },
            _ if self.credential(request) != Credential::Absent => self.ask(true),
            Verdict::Authenticated(_) if requirement.authoritative => self.ask(true),
            Verdict::Authenticated(session) => {
                self.allow(request, &target, &path, requirement, session, Source::Cookie)
            }
            Verdict::Stale { .. } => self.ask(request.strip_untrusted_cache || requirement.authoritative),
            Verdict::Unauthenticated { .. } => {
                Action::Reject(self.no_session(request, &target, &path).with(verdict))
            }
        }
    }

    /// What to do once the question is answered. `earlier` is the body of the first answer when this is the
    /// answer to a second question, the deferred refresh: the first answer stands unless the refresh is accepted.
    #[must_use]
    pub fn resume(
        &self,
        request: &GateRequest<'_>,
        outcome: LookupOutcome<'_>,
        earlier: Option<&str>,
    ) -> Action {
        let target = target(request.url);
        let path = match normalise(target.path) {
            Ok(path) => path,
            Err(fault) => return Action::Reject(Rejection::path(fault)),
        };
        let requirement = self.requirement(request, &path);
        let mut told = self.told(request, outcome);
        if let Some(body) = earlier.filter(|_| !self.accepts_refresh(request, outcome)) {
            told = self.told(request, LookupOutcome::Answered { status: 200, body });
        }
        match told {
            OriginAnswer::Session { needs_refresh: true, .. } if earlier.is_none() => {
                Action::Ask(SessionLookup { post: true, ..self.question(true) })
            }
            OriginAnswer::Session { cached, .. } => {
                let policy = self.verifier.policy();
                let fresh = policy.is_fresh(&cached.session, time::UnixMillis::from_millis(request.now))
                    && self.is_sign_in(request, &cached.session.token);
                let session = Authenticated { fresh, ..*cached };
                self.allow(request, &target, &path, requirement, session, Source::Origin)
            }
            OriginAnswer::NoSession => Action::Reject(self.no_session(request, &target, &path)),
            OriginAnswer::Unusable => {
                let verdict = self.judge(request, request.now);
                match self.grace(request, requirement, &verdict) {
                    Some(_) if request.origin_up.is_none() => Action::Probe(self.rules.health_check()),
                    Some(session) if request.origin_up == Some(false) => {
                        self.allow(request, &target, &path, requirement, session, Source::Grace)
                    }
                    _ => Action::Reject(Rejection::unavailable().with(verdict)),
                }
            }
        }
    }

    /// The verdict on a request: on its cookies, unless a credential header leaves it to the origin.
    #[must_use]
    pub fn judge(&self, request: &GateRequest<'_>, at: Millis) -> Verdict {
        if self.credential(request) != Credential::Absent {
            return Verdict::Unauthenticated { reason: UnauthenticatedReason::CredentialHeader };
        }
        self.judge_cookies(request, at)
    }

    /// What the cookies prove once marks and a `version` function have had their say.
    fn judge_cookies(&self, request: &GateRequest<'_>, at: Millis) -> Verdict {
        let session = match self.verifier.verify_with_scheme(
            request.cookie,
            request.scheme,
            time::UnixMillis::from_millis(at),
        ) {
            Verdict::Authenticated(session) => session,
            other => return other,
        };
        let stale = |reason, session: Authenticated| Verdict::Stale { reason, token: session.session.token };
        if request.other_version {
            return stale(StaleReason::VersionMismatch, session);
        }
        if request.index_stale || (self.marked)(&session) {
            return stale(StaleReason::Invalidated, session);
        }
        Verdict::Authenticated(session)
    }

    /// `get-session` from a cache that verifies; everything else is the origin's. A cache that a mark has
    /// overtaken does not travel: the server would believe it.
    fn auth_call(
        &self,
        request: &GateRequest<'_>,
        target: &Target<'_>,
        path: &NormalPath,
        requirement: RouteRequirement,
    ) -> Action {
        let without_cache_cookie = match self.judge_cookies(request, request.now) {
            Verdict::Authenticated(session) => {
                let asked = self.rules.below_base(path).is_some_and(|below| below.eq(["get-session"]));
                let credential = self.credential(request) != Credential::Absent;
                let plain = request.method == "GET" && !credential && !path.as_str().ends_with('/');
                let answers = asked
                    && plain
                    && !requirement.authoritative
                    && self.rules.answer_get_session
                    && allows_cache(target.query);
                if let Some(body) = answers.then(|| get_session::body(&session, self.fields)).flatten() {
                    return Action::Answer { session: Box::new(session), body };
                }
                (requirement.authoritative || (request.strip_untrusted_cache && credential))
                    && self.has_database()
            }
            verdict @ Verdict::Stale { reason: StaleReason::Invalidated, .. } => {
                match self.cannot_decide(request) {
                    Some(denial) => return Action::Reject(denial.with(verdict)),
                    None => true,
                }
            }
            _ => (requirement.authoritative || request.strip_untrusted_cache) && self.has_database(),
        };
        Action::Forward { path: path.as_str().into(), without_cache_cookie }
    }

    fn requirement(&self, request: &GateRequest<'_>, path: &NormalPath) -> RouteRequirement {
        let requirement = self.rules.requirement(path);
        if request.identify {
            RouteRequirement { public: false, fresh: false, ..requirement }
        } else {
            requirement
        }
    }

    fn ask(&self, past_cache: bool) -> Action {
        Action::Ask(self.question(past_cache))
    }

    fn question(&self, past_cache: bool) -> SessionLookup {
        if past_cache && self.has_database() {
            return self.question_past_cache();
        }
        SessionLookup { target: self.rules.get_session(), post: false }
    }

    /// Also to a server without a database when a mark has overtaken the cache: there only what ends sessions
    /// makes marks, and the server would believe, and renew, what it finds in the cookie.
    fn question_past_cache(&self) -> SessionLookup {
        SessionLookup { target: self.rules.get_session() + "?disableCookieCache=true", post: false }
    }

    /// The index cannot be read and the server has no database: it would believe its cookie, and asked past it
    /// would sign everybody out. So nobody can say.
    fn cannot_decide(&self, request: &GateRequest<'_>) -> Option<Rejection> {
        (request.index_stale && !self.has_database()).then(Rejection::unavailable)
    }

    /// A server that mints its cache again has no database: the cookie is all it knows, and going past it
    /// would sign everybody out.
    fn has_database(&self) -> bool {
        self.verifier.policy().refresh_cache.is_none()
    }

    /// A genuine cache whose window has passed not long ago, with a session that still runs. It counts only once a
    /// probe has failed too: any visitor can make the lookup of their own session fail.
    fn grace(
        &self,
        request: &GateRequest<'_>,
        requirement: RouteRequirement,
        verdict: &Verdict,
    ) -> Option<Authenticated> {
        let lapsed = matches!(verdict, Verdict::Stale { reason: StaleReason::CacheExpired, .. });
        if !lapsed || requirement.fresh || requirement.authoritative || self.rules.grace == 0 {
            return None;
        }
        let back = self.rules.grace.saturating_mul(1000);
        match self.judge(request, request.now.saturating_sub(back)) {
            Verdict::Authenticated(session) if session.session.expires_at.as_millis() >= request.now => {
                Some(Authenticated { fresh: false, ..session })
            }
            _ => None,
        }
    }

    fn allow(
        &self,
        request: &GateRequest<'_>,
        target: &Target<'_>,
        path: &NormalPath,
        requirement: RouteRequirement,
        session: Authenticated,
        source: Source,
    ) -> Action {
        if requirement.fresh && !session.fresh {
            return Action::Reject(Rejection::not_fresh().with(Verdict::Authenticated(session)));
        }
        if !request.identify && self.rules.below_base(path).is_some() {
            return self.auth_call(request, target, path, requirement);
        }
        Action::Next { path: path.as_str().into(), access: Access::Session(Box::new(session), source) }
    }

    fn no_session(&self, request: &GateRequest<'_>, target: &Target<'_>, path: &NormalPath) -> Rejection {
        match self.rules.sign_in() {
            Some((url, site)) if wants_page(request.method, request.accept, request.fetch_mode) => {
                Rejection::redirect(sign_in_location(url, site, path.as_str(), target.query))
            }
            _ => Rejection::unauthorized(),
        }
    }
}

/// Whether a query leaves `get-session` free to answer from the cache. The server coerces
/// `disableCookieCache`, so that even "false" is true; an escaped name is left to the origin to read.
fn allows_cache(query: &str) -> bool {
    query.trim_start_matches('?').split('&').all(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name != "disableCookieCache" && !name.contains(['%', '+'])
    })
}
