//! Session lookups at the origin. One that a revocation overtakes is repeated once.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::HeaderValue;
use better_session::credential::Credential;
use better_session::gate::pending::Pending;
use better_session::gate::{Access, Action, Rejection, SessionLookup, Source, forward};
use better_session::revocation::ResponseCookies;
use better_session::{StaleReason, Verdict};

use crate::action::{is_accepted, last, session_of, token_of};
use crate::cause::Cause;
use crate::clock::now;
use crate::decide::Decision;
use crate::gate::Inner;
use crate::options::millis;
use crate::origin::{Answer, lines};
use crate::recent::Recent;
use crate::request::{Context, VisitorRequest};
use crate::revocation::{LookupStart, Revocation};

/// A lookup that a revocation overtakes is made once more.
const MAX_LOOKUPS: usize = 2;

/// How long a token without a session is stored, and so how long one that a lagging replica did not find yet is rejected.
const MISSING_LIFETIME: Duration = Duration::from_secs(5);

/// Maximum length of a response that is kept, in bytes.
const MAX_KEPT: usize = 16 * 1024;

/// Recent answers of the origin.
pub(crate) struct Lookups {
    /// Tokens for which the origin has just returned no session. Otherwise a visitor with a value that the server signed for another
    /// purpose could cause a lookup with every request.
    missing: Recent<()>,
    /// Responses about sessions that get no new cache: the server does not renew that of a "don't remember me" session, so that each
    /// of its requests would need a lookup. A revocation overtakes them like a lookup.
    kept: Option<Recent<(Answer, LookupStart)>>,
    pub(crate) renewal_failed: Mutex<Option<Instant>>,
}

impl Lookups {
    pub(crate) fn new(revocation: Option<&Revocation>, stateless: bool) -> Self {
        let kept = revocation.filter(|_| !stateless).map(|revocation| Recent::new(revocation.max_staleness));
        Self { missing: Recent::new(MISSING_LIFETIME), kept, renewal_failed: Mutex::new(None) }
    }
}

impl Inner {
    pub(crate) async fn ask(
        &self,
        request: &VisitorRequest,
        mut context: Context,
        mut lookup: SessionLookup,
        pending: &Pending,
    ) -> Decision {
        let at = now();
        let (verdict, has_credential) = self.with_gate(at, |gate| {
            let request = self.gate_request(request, context, at);
            (gate.verdict(&request), gate.credential(&request) != Credential::Absent)
        });
        let token = if has_credential { None } else { token_of(&verdict).map(str::to_owned) };
        if token.as_deref().is_some_and(|token| self.lookups.missing.get(token).is_some()) {
            let nobody = Answer { status: 200, body: "null".to_owned(), ..Answer::default() };
            return Decision::of(self.resume(request, context, pending, &nobody));
        }
        if !lookup.required
            && !context.index_stale
            && let Some(token) = &token
            && let Some(kept) = self.kept(request, context, pending, token)
        {
            return kept;
        }
        // The server responds 500 to a cache that it cannot read either.
        let is_broken = matches!(verdict, Verdict::Stale { reason: StaleReason::CacheMalformed, .. });
        let cookie = if is_broken && !self.is_stateless() {
            forward::without_cache(self.verifier.names(), &request.cookie)
        } else {
            request.cookie.clone()
        };
        for _ in 0..MAX_LOOKUPS {
            let start = self.lookup_start();
            let sent = Lookup { cookie: &cookie, has_credential, token: token.as_deref(), start };
            let decision = self.look_up(request, context, &lookup.target, pending, &sent).await;
            let Some(revocation) = &self.revocation else { return decision };
            let set_cookies = self.current_cookies(revocation, start, decision.set_cookies).await;
            if !session_of(&decision.action).is_some_and(|session| revocation.is_overtaken(session, start)) {
                return Decision { set_cookies, ..decision };
            }
            if !self.may_pass_cache(request, context) {
                break;
            }
            if !lookup.target.contains('?') {
                lookup.target.push_str("?disableCookieCache=true");
            }
        }
        // The origin did respond, so grace does not apply.
        context.origin_up = Some(true);
        let action = self.resume(request, context, pending, &Answer::default());
        Decision { cause: Some(Cause::OVERTAKEN), ..Decision::of(action) }
    }

    /// Looks the session up, and with `deferSessionRefresh` sends a second request to refresh it.
    async fn look_up(
        &self,
        request: &VisitorRequest,
        context: Context,
        target: &str,
        pending: &Pending,
        sent: &Lookup<'_>,
    ) -> Decision {
        let answer = self.send(request, target, false, sent).await;
        self.forget_missing(&answer.set_cookies);
        if let Some(token) = sent.token
            && answer.status == 200
            && answer.body.trim() == "null"
        {
            self.lookups.missing.set(token, (), Instant::now());
        }
        let action = self.resume_probing(request, context, pending, &answer).await;
        let Action::Ask { lookup, pending: second } = action else {
            if is_accepted(&action) {
                self.keep(&action, &answer, sent);
                return Decision { set_cookies: answer.set_cookies, ..Decision::of(action) };
            }
            let cause = Some(self.cause(request, context, pending, &answer));
            return Decision { cause, ..Decision::of(action) };
        };
        let refreshed = self.send(request, &lookup.target, true, sent).await;
        let action = last(self.resume_probing(request, context, &second, &refreshed).await);
        let (cause, set_cookies) = match &action {
            action if !is_accepted(action) => {
                (Some(self.cause(request, context, &second, &refreshed)), Vec::new())
            }
            // A visitor whom the second response signs out must not keep the cache that the first one set.
            Action::Reject(Rejection { status, .. }) if *status != 403 => (None, refreshed.set_cookies),
            _ => {
                let (at, lines) = (now(), refreshed.lines());
                let is_accepted = self.with_gate(at, |gate| {
                    let request = self.gate_request(request, context, at);
                    gate.accepts_refresh(&request, &second, refreshed.outcome(&lines))
                });
                let mut cookies = answer.set_cookies;
                if is_accepted {
                    cookies.extend(refreshed.set_cookies);
                }
                (None, cookies)
            }
        };
        Decision { action, set_cookies, cause }
    }

    async fn send(&self, request: &VisitorRequest, target: &str, post: bool, sent: &Lookup<'_>) -> Answer {
        // The request comes from here, not from a page.
        let from = post.then(|| self.origin.own_site());
        match request.lookup_headers(self.verifier.names(), sent.cookie, from, sent.has_credential) {
            Some(headers) => self.origin.look_up(target, headers, post).await,
            None => Answer::lost(Cause::REQUEST_TOO_LARGE),
        }
    }

    /// Continues after a response. Before grace the origin is probed: the lookup may have failed for this request alone.
    async fn resume_probing(
        &self,
        request: &VisitorRequest,
        mut context: Context,
        pending: &Pending,
        answer: &Answer,
    ) -> Action {
        match self.resume(request, context, pending, answer) {
            Action::Probe { path, .. } => {
                context.origin_up = Some(self.origin.is_up(&path).await);
                self.resume(request, context, pending, answer)
            }
            action => action,
        }
    }

    /// Keeps the response about a session that gets no new cache.
    fn keep(&self, action: &Action, answer: &Answer, sent: &Lookup<'_>) {
        let is_of_origin = matches!(action, Action::Next { access: Access::Session(_, Source::Origin), .. });
        if let (Some(kept), Some(token)) = (&self.lookups.kept, sent.token)
            && is_of_origin
            && answer.body.len() <= MAX_KEPT
            && !forward::sets_cache(self.verifier.names(), &answer.lines())
        {
            let answer = Answer { set_cookies: Vec::new(), ..answer.clone() };
            // The age counts from the start of the lookup, by a clock that cannot be set.
            let elapsed = u64::try_from(now().saturating_sub(sent.start.at)).unwrap_or_default();
            let at = Instant::now().checked_sub(Duration::from_millis(elapsed)).unwrap_or_else(Instant::now);
            kept.set(token, (answer, sent.start), at);
        }
    }

    /// Returns the action after a response that was kept for this token, unless a revocation has overtaken it.
    fn kept(
        &self,
        request: &VisitorRequest,
        context: Context,
        pending: &Pending,
        token: &str,
    ) -> Option<Decision> {
        let (kept, revocation) = (self.lookups.kept.as_ref()?, self.revocation.as_ref()?);
        let (answer, start) = kept.get(token)?;
        let action = self.resume(request, context, pending, &answer);
        let is_final = !matches!(action, Action::Ask { .. } | Action::Probe { .. });
        if is_final && !session_of(&action).is_some_and(|session| revocation.is_overtaken(session, start)) {
            return Some(Decision::of(action));
        }
        kept.remove(token);
        None
    }

    /// Returns the cookies of a response that may be passed on. If the response took longer than the clock skew, its cache can be
    /// older than a revocation that has not arrived here yet, so the feed is read first.
    async fn current_cookies(
        &self,
        revocation: &std::sync::Arc<Revocation>,
        start: LookupStart,
        mut set_cookies: Vec<HeaderValue>,
    ) -> Vec<HeaderValue> {
        let names = self.verifier.names();
        let is_slow = now().saturating_sub(start.at) > millis(revocation.clock_skew);
        if is_slow && forward::sets_cache(names, &lines(&set_cookies)) && !revocation.refresh().await {
            set_cookies.retain(|line| !forward::sets_cache(names, &String::from_utf8_lossy(line.as_bytes())));
        }
        set_cookies
    }

    /// Returns whether an overtaken lookup may be repeated past the cache. Without a database that signs the visitor out, so the
    /// visitor's own cookies must be known to be revoked there.
    fn may_pass_cache(&self, request: &VisitorRequest, context: Context) -> bool {
        let at = now();
        let verdict = || self.with_gate(at, |gate| gate.verdict(&self.gate_request(request, context, at)));
        !self.is_stateless() || matches!(verdict(), Verdict::Stale { reason: StaleReason::Invalidated, .. })
    }

    /// Removes a token that a response sets from the missing sessions.
    fn forget_missing(&self, set_cookies: &[HeaderValue]) {
        if !set_cookies.is_empty()
            && let Some(token) = ResponseCookies::read(&self.verifier, "", &lines(set_cookies), 0).token
        {
            self.lookups.missing.remove(&token);
        }
    }

    fn cause(&self, request: &VisitorRequest, context: Context, pending: &Pending, answer: &Answer) -> Cause {
        let (at, lines) = (now(), answer.lines());
        answer.cause.unwrap_or_else(|| {
            Cause::of_response(self.with_gate(at, |gate| {
                gate.cause(&self.gate_request(request, context, at), pending, answer.outcome(&lines))
            }))
        })
    }

    fn lookup_start(&self) -> LookupStart {
        match &self.revocation {
            Some(revocation) => revocation.start(),
            None => LookupStart { at: now(), arrived: 0 },
        }
    }

    const fn is_stateless(&self) -> bool {
        self.verifier.policy().refresh_cache.is_some()
    }
}

/// The parts of a lookup that every attempt has.
struct Lookup<'a> {
    cookie: &'a str,
    has_credential: bool,
    /// The token that the cookies prove.
    token: Option<&'a str>,
    start: LookupStart,
}
