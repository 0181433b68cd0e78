//! The public gate of a service: whose a request is, and whether a route's rule lets it through, predicates included.

use std::fmt;
use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::request::Parts;
use better_session::gate::identity::{BoundRequest, IdentityCipher};
use better_session::gate::{Access, Action, Fields, Gate, Rules, Source};
use better_session::revocation::RevocationTarget;
use better_session::{Authenticated, Config, Scheme, Verdict, Verifier};
use better_session_feeds::FeedError;

use crate::cause::Cause;
use crate::clock::now;
use crate::decide::Decision;
use crate::lookups::Lookups;
use crate::options::{Options, SessionGateBuilder};
use crate::origin::Origin;
use crate::rejection::SessionRejection;
use crate::request::{Context, VisitorRequest};
use crate::revocation::Revocation;

/// Verifies sessions in front of a service. Keys are derived once: create one and clone it, which is cheap.
#[derive(Clone)]
pub struct SessionGate(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) verifier: Verifier,
    pub(crate) rules: Rules,
    /// The layer enforces the rules of routes.
    pub(crate) enforces: bool,
    pub(crate) options: Options,
    pub(crate) origin: Origin,
    pub(crate) revocation: Option<Arc<Revocation>>,
    pub(crate) lookups: Lookups,
    identity: Option<IdentityCipher>,
    fields: Fields,
}

impl fmt::Debug for SessionGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionGate").field("rules", &self.0.rules).finish_non_exhaustive()
    }
}

/// A session that a request proves, and its source.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// Session and user.
    pub session: Authenticated,
    /// Where they come from.
    pub source: Source,
}

/// The result of authenticating a request. `Debug` prints no cookie.
#[derive(Clone)]
pub struct Authentication {
    /// The session, or the response to a request without one.
    pub session: Result<Proven, SessionRejection>,
    /// The verdict on the cookies of a request without a session; `None` with a session, or if the origin knows no such session.
    pub verdict: Option<Verdict>,
    /// The cookies of a lookup or a renewal, which must be added to the response.
    pub set_cookies: Vec<HeaderValue>,
    /// Why the session could not be checked.
    pub cause: Option<Cause>,
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authentication")
            .field("session", &self.session)
            .field("verdict", &self.verdict)
            .field("set_cookies", &self.set_cookies.len())
            .field("cause", &self.cause)
            .finish()
    }
}

/// The result of applying the rules of routes to a request.
#[derive(Debug, Clone)]
pub(crate) enum Ruling {
    /// A request that is let through: the normalised path, and the visitor unless the path is public.
    Pass { path: String, visitor: Option<Box<Authentication>> },
    /// A call of the auth API: the normalised path, and the cookies of a lookup.
    AuthCall { path: Option<String>, set_cookies: Vec<HeaderValue> },
    /// A request that is not let through, with the cookies of a lookup.
    Refuse(SessionRejection, Vec<HeaderValue>),
}

impl SessionGate {
    /// Begins the configuration of a gate. `config` has the server's own options; `origin` is the URL of the Better Auth server,
    /// without `basePath`.
    #[must_use]
    pub fn builder(config: Config, origin: &str) -> SessionGateBuilder {
        SessionGateBuilder::new(config, origin)
    }

    pub(crate) fn assemble(
        verifier: Verifier,
        rules: Rules,
        enforces: bool,
        options: Options,
        origin: Origin,
        revocation: Option<Arc<Revocation>>,
    ) -> Self {
        let identity = verifier.keys().map(IdentityCipher::new);
        let lookups = Lookups::new(revocation.as_deref(), verifier.policy().refresh_cache.is_some());
        let fields = Fields::default();
        Self(Arc::new(Inner {
            verifier,
            rules,
            enforces,
            options,
            origin,
            revocation,
            lookups,
            identity,
            fields,
        }))
    }

    /// Returns the verdict on the cookies of a request, without I/O.
    #[must_use]
    pub fn check(&self, parts: &Parts) -> Verdict {
        let request = self.read(parts);
        let now = now();
        let context = Context { identify: true, ..Context::default() };
        self.0.with_gate(now, |gate| gate.verdict(&self.0.gate_request(&request, context, now)))
    }

    /// Authenticates a request, whatever the rules of routes: by the cookies, or by a lookup at the origin.
    pub async fn authenticate(&self, parts: &Parts) -> Authentication {
        self.authenticate_request(&self.read(parts)).await
    }

    /// Revokes sessions here and in every gate and service on the same feed. Returns once the feed has stored it.
    ///
    /// # Errors
    /// [`FeedError::InvalidOption`] without a feed, or why the feed did not store it.
    pub async fn revoke(&self, targets: &[RevocationTarget]) -> Result<(), FeedError> {
        match &self.0.revocation {
            Some(revocation) => revocation.revoke(targets).await,
            None => Err(FeedError::InvalidOption("revoke needs a feed: SessionGateBuilder::revocation")),
        }
    }

    /// Encrypts the identity of a session for one request with this method, path and `Cookie` header, as the header
    /// `x-better-session-identity` for a server behind this one. Returns `None` if that fails.
    #[must_use]
    pub fn identity(&self, proven: &Proven, method: &str, path: &str, cookie: &str) -> Option<HeaderValue> {
        self.encrypt(proven, BoundRequest { method, path, cookie }, None)
    }

    /// Encrypts the identity of a session for a request with this path.
    pub(crate) fn seal(&self, proven: &Proven, request: &VisitorRequest, path: &str) -> Option<HeaderValue> {
        let bound = BoundRequest { method: &request.method, path, cookie: &request.cookie };
        self.encrypt(proven, bound, request.scheme)
    }

    fn encrypt(
        &self,
        proven: &Proven,
        request: BoundRequest<'_>,
        scheme: Option<Scheme>,
    ) -> Option<HeaderValue> {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).ok()?;
        let Authenticated { session, user, .. } = &proven.session;
        let cookies = self.0.verifier.keys().map(|keys| (keys, self.0.verifier.names(), scheme));
        let cipher = self.0.identity.as_ref()?;
        let text = cipher.encrypt(&session.json, &user.json, &request, cookies, now(), nonce).ok()?;
        HeaderValue::try_from(text).ok()
    }

    /// Returns the session that the cookies of a request prove, without a lookup: none while the feed cannot be read.
    pub(crate) async fn proven_by_cookies(&self, request: &VisitorRequest) -> Option<Proven> {
        let index_stale = match &self.0.revocation {
            Some(revocation) => !revocation.ready().await,
            None => false,
        };
        let now = now();
        let context = Context { index_stale, ..Context::default() };
        match self.0.with_gate(now, |gate| gate.verdict(&self.0.gate_request(request, context, now))) {
            Verdict::Authenticated(session) => Some(Proven { session, source: Source::Cookie }),
            _ => None,
        }
    }

    pub(crate) fn trusts_proxy(&self) -> bool {
        self.0.options.trust_proxy
    }

    pub(crate) fn read(&self, parts: &Parts) -> VisitorRequest {
        VisitorRequest::new(parts, &self.0.options)
    }

    pub(crate) fn enforces(&self) -> bool {
        self.0.enforces
    }

    pub(crate) async fn authenticate_request(&self, request: &VisitorRequest) -> Authentication {
        authentication(self.0.decide(request, true).await)
    }

    /// Applies the rules of routes to a request.
    pub(crate) async fn rule(&self, request: &VisitorRequest) -> Ruling {
        let decision = self.0.decide(request, false).await;
        match &decision.action {
            // The functions of `routes.when` are not in this process.
            Action::Forward { guard: Some(_), .. } => {
                Ruling::Refuse(SessionRejection::Forbidden, decision.set_cookies)
            }
            Action::Next { predicates, .. } if !predicates.is_empty() => {
                Ruling::Refuse(SessionRejection::Forbidden, decision.set_cookies)
            }
            Action::Answer { .. } => Ruling::AuthCall { path: None, set_cookies: decision.set_cookies },
            Action::Forward { path, .. } => {
                Ruling::AuthCall { path: Some(path.clone()), set_cookies: decision.set_cookies }
            }
            Action::Next { path, access: Access::Public, .. } => {
                Ruling::Pass { path: path.clone(), visitor: None }
            }
            Action::Next { path, .. } => {
                let path = path.clone();
                Ruling::Pass { path, visitor: Some(Box::new(authentication(decision))) }
            }
            _ => {
                let set_cookies = decision.set_cookies.clone();
                match authentication(decision).session {
                    Err(rejection) => Ruling::Refuse(rejection, set_cookies),
                    Ok(_) => Ruling::Refuse(SessionRejection::Forbidden, set_cookies),
                }
            }
        }
    }
}

impl Inner {
    /// Calls the decision with the revocations of this moment.
    pub(crate) fn with_gate<T>(&self, now: i64, then: impl FnOnce(Gate<'_>) -> T) -> T {
        let is_revoked = |session: &Authenticated| {
            self.revocation.as_ref().is_some_and(|revocation| revocation.is_revoked(session, now))
        };
        let Self { verifier, rules, fields, .. } = self;
        then(Gate { verifier, rules, is_revoked: &is_revoked, fields })
    }

    pub(crate) fn gate_request<'a>(
        &self,
        request: &'a VisitorRequest,
        context: Context,
        now: i64,
    ) -> better_session::gate::GateRequest<'a> {
        request.gate_request(context, self.revocation.is_some(), now)
    }
}

/// Returns the visitor of a final decision.
fn authentication(decision: Decision) -> Authentication {
    let Decision { action, set_cookies, cause } = decision;
    let (session, verdict) = match action {
        Action::Next { access: Access::Session(session, source), .. } => {
            (Ok(Proven { session: *session, source }), None)
        }
        Action::Next { access: Access::Nobody(verdict), .. } => {
            let verdict = verdict.map(|verdict| *verdict);
            let rejection = match (&verdict, cause) {
                (_, Some(cause)) => SessionRejection::Unavailable { cause },
                (Some(Verdict::Unauthenticated { reason }), None) => {
                    SessionRejection::Unauthenticated { reason: Some(*reason), location: None }
                }
                _ => SessionRejection::Unauthenticated { reason: None, location: None },
            };
            (Err(rejection), verdict)
        }
        Action::Reject(rejection) => {
            let verdict = rejection.verdict.as_deref().cloned();
            (Err(SessionRejection::of(rejection, cause)), verdict)
        }
        _ => (Err(SessionRejection::Unauthenticated { reason: None, location: None }), None),
    };
    Authentication { session, verdict, set_cookies, cause }
}
