//! The decision on one request: `start`, and after a question to the origin `resume`.
//!
//! Both are functions of what the platform hands over; nothing is remembered in between, so that a request
//! that is cancelled leaves nothing behind.

use crate::cookie::session_cookies::Scheme;
use crate::credential::Credential;
use crate::gate::action::{Denial, Question, Source, Standing, Step};
use crate::gate::fields::Fields;
use crate::gate::get_session;
use crate::gate::origin::{Outcome, Told};
use crate::gate::path::{NormalPath, normalise};
use crate::gate::routes::Need;
use crate::gate::rules::{Rules, Target, target};
use crate::gate::sign_in::{sign_in_location, wants_page};
use crate::time::UnixMillis;
use crate::verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict};
use crate::verifier::Verifier;

/// A request, as far as the decision depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'a> {
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
    pub unsure: bool,
    /// There are revocation marks: a cache cookie that is not believed here does not travel, since the origin
    /// might believe it (its clock is behind, or it takes a strategy that the gate was not told of).
    pub wary: bool,
    /// The configured `version` function disagrees with the cache.
    pub other_version: bool,
    /// Only whose request it is, whatever the route: `authenticate`.
    pub identify: bool,
    /// The result of [`Step::Probe`]; `None` before it.
    pub origin_up: Option<bool>,
    /// Milliseconds since the epoch.
    pub now: UnixMillis,
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
    pub fn start(&self, facts: &Facts<'_>) -> Step {
        let target = target(facts.url);
        let path = match normalise(target.path) {
            Ok(path) => path,
            Err(fault) => return Step::Deny(Denial::path(fault)),
        };
        let need = self.need(facts, &path);
        if !facts.identify {
            if self.rules.below_base(&path).is_some() {
                if !need.fresh {
                    return self.auth_call(facts, &target, &path, need);
                }
            } else if need.public {
                return Step::Next { path: path.as_str().into(), standing: Standing::Public };
            }
        }
        let verdict = self.judge_cookies(facts, facts.now);
        match verdict {
            Verdict::Stale { reason: StaleReason::Invalidated, .. } => match self.blind(facts) {
                Some(denial) => Step::Deny(denial.with(self.judge(facts, facts.now))),
                None => Step::Ask(self.question_past_cache()),
            },
            _ if self.credential(facts) != Credential::Absent => self.ask(true),
            Verdict::Authenticated(_) if need.authoritative => self.ask(true),
            Verdict::Authenticated(session) => {
                self.let_in(facts, &target, &path, need, session, Source::Cookie)
            }
            Verdict::Stale { .. } => self.ask(facts.wary || need.authoritative),
            Verdict::Unauthenticated { .. } => {
                Step::Deny(self.no_session(facts, &target, &path).with(verdict))
            }
        }
    }

    /// What to do once the question is answered. `earlier` is the body of the first answer when this is the
    /// answer to a second question, the deferred refresh: the first answer stands unless the refresh is accepted.
    #[must_use]
    pub fn resume(&self, facts: &Facts<'_>, outcome: Outcome<'_>, earlier: Option<&str>) -> Step {
        let target = target(facts.url);
        let path = match normalise(target.path) {
            Ok(path) => path,
            Err(fault) => return Step::Deny(Denial::path(fault)),
        };
        let need = self.need(facts, &path);
        let mut told = self.told(facts, outcome);
        if let Some(body) = earlier.filter(|_| !self.accepts_refresh(facts, outcome)) {
            told = self.told(facts, Outcome::Answered { status: 200, body });
        }
        match told {
            Told::Session { needs_refresh: true, .. } if earlier.is_none() => {
                Step::Ask(Question { post: true, ..self.question(true) })
            }
            Told::Session { cached, .. } => {
                let policy = self.verifier.policy();
                let session = Authenticated {
                    fresh: policy.is_fresh(&cached, facts.now) && self.is_sign_in(facts, &cached.token),
                    refresh_due: false,
                    strategy: policy.strategy(),
                    cached: *cached,
                };
                self.let_in(facts, &target, &path, need, session, Source::Origin)
            }
            Told::NoSession => Step::Deny(self.no_session(facts, &target, &path)),
            Told::Trouble => {
                let verdict = self.judge(facts, facts.now);
                match self.grace(facts, need, &verdict) {
                    Some(_) if facts.origin_up.is_none() => Step::Probe(self.rules.health_check()),
                    Some(session) if facts.origin_up == Some(false) => {
                        self.let_in(facts, &target, &path, need, session, Source::Grace)
                    }
                    _ => Step::Deny(Denial::unavailable().with(verdict)),
                }
            }
        }
    }

    /// The verdict on a request: on its cookies, unless a credential header leaves it to the origin.
    #[must_use]
    pub fn judge(&self, facts: &Facts<'_>, at: UnixMillis) -> Verdict {
        if self.credential(facts) != Credential::Absent {
            return Verdict::Unauthenticated { reason: UnauthenticatedReason::CredentialHeader };
        }
        self.judge_cookies(facts, at)
    }

    /// What the cookies prove once marks and a `version` function have had their say.
    fn judge_cookies(&self, facts: &Facts<'_>, at: UnixMillis) -> Verdict {
        let session = match self.verifier.verify_with_scheme(facts.cookie, facts.scheme, at) {
            Verdict::Authenticated(session) => session,
            other => return other,
        };
        let stale = |reason, session: Authenticated| Verdict::Stale { reason, token: session.cached.token };
        if facts.other_version {
            return stale(StaleReason::VersionMismatch, session);
        }
        if facts.unsure || (self.marked)(&session) {
            return stale(StaleReason::Invalidated, session);
        }
        Verdict::Authenticated(session)
    }

    /// `get-session` from a cache that verifies; everything else is the origin's. A cache that a mark has
    /// overtaken does not travel: the server would believe it.
    fn auth_call(&self, facts: &Facts<'_>, target: &Target<'_>, path: &NormalPath, need: Need) -> Step {
        let bare = match self.judge_cookies(facts, facts.now) {
            Verdict::Authenticated(session) => {
                let asked = self.rules.below_base(path).is_some_and(|below| below.eq(["get-session"]));
                let credential = self.credential(facts) != Credential::Absent;
                let plain = facts.method == "GET" && !credential && !path.as_str().ends_with('/');
                let answers = asked
                    && plain
                    && !need.authoritative
                    && self.rules.answer_get_session
                    && allows_cache(target.query);
                if let Some(body) = answers.then(|| get_session::body(&session.cached, self.fields)).flatten()
                {
                    return Step::Answer { session: Box::new(session), body };
                }
                (need.authoritative || (facts.wary && credential)) && self.stateful()
            }
            verdict @ Verdict::Stale { reason: StaleReason::Invalidated, .. } => match self.blind(facts) {
                Some(denial) => return Step::Deny(denial.with(verdict)),
                None => true,
            },
            _ => (need.authoritative || facts.wary) && self.stateful(),
        };
        Step::Forward { path: path.as_str().into(), bare }
    }

    fn need(&self, facts: &Facts<'_>, path: &NormalPath) -> Need {
        let need = self.rules.need(path);
        if facts.identify { Need { public: false, fresh: false, ..need } } else { need }
    }

    fn ask(&self, past_cache: bool) -> Step {
        Step::Ask(self.question(past_cache))
    }

    fn question(&self, past_cache: bool) -> Question {
        if past_cache && self.stateful() {
            return self.question_past_cache();
        }
        Question { target: self.rules.get_session(), post: false }
    }

    /// Also to a server without a database when a mark has overtaken the cache: there only what ends sessions
    /// makes marks, and the server would believe, and renew, what it finds in the cookie.
    fn question_past_cache(&self) -> Question {
        Question { target: self.rules.get_session() + "?disableCookieCache=true", post: false }
    }

    /// The index cannot be read and the server has no database: it would believe its cookie, and asked past it
    /// would sign everybody out. So nobody can say.
    fn blind(&self, facts: &Facts<'_>) -> Option<Denial> {
        (facts.unsure && !self.stateful()).then(Denial::unavailable)
    }

    /// A server that mints its cache again has no database: the cookie is all it knows, and going past it
    /// would sign everybody out.
    fn stateful(&self) -> bool {
        self.verifier.policy().refresh_cache.is_none()
    }

    /// A genuine cache whose window has passed not long ago, with a session that still runs. It counts only once a
    /// probe has failed too: any visitor can make the lookup of their own session fail.
    fn grace(&self, facts: &Facts<'_>, need: Need, verdict: &Verdict) -> Option<Authenticated> {
        let lapsed = matches!(verdict, Verdict::Stale { reason: StaleReason::CacheExpired, .. });
        if !lapsed || need.fresh || need.authoritative || self.rules.grace == 0 {
            return None;
        }
        let back = self.rules.grace.saturating_mul(1000);
        match self.judge(facts, facts.now.saturating_sub(back)) {
            Verdict::Authenticated(session) if session.cached.session_expires_at >= facts.now => {
                Some(Authenticated { fresh: false, ..session })
            }
            _ => None,
        }
    }

    fn let_in(
        &self,
        facts: &Facts<'_>,
        target: &Target<'_>,
        path: &NormalPath,
        need: Need,
        session: Authenticated,
        source: Source,
    ) -> Step {
        if need.fresh && !session.fresh {
            return Step::Deny(Denial::not_fresh().with(Verdict::Authenticated(session)));
        }
        if !facts.identify && self.rules.below_base(path).is_some() {
            return self.auth_call(facts, target, path, need);
        }
        Step::Next { path: path.as_str().into(), standing: Standing::Session(Box::new(session), source) }
    }

    fn no_session(&self, facts: &Facts<'_>, target: &Target<'_>, path: &NormalPath) -> Denial {
        match self.rules.sign_in() {
            Some((url, site)) if wants_page(facts.method, facts.accept, facts.fetch_mode) => {
                Denial::redirect(sign_in_location(url, site, path.as_str(), target.query))
            }
            _ => Denial::unauthorized(),
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
