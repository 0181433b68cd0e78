//! Bindings of the gate: converts text, and calls the decision.

use alloc::rc::Rc;
use better_session::prelude::*;
use core::cell::{Cell, RefCell};

use better_session::cache::KeySetCheck;
use better_session::credential::{Credential, authorization};
use better_session::gate::action::{Access, Action};
use better_session::gate::decision;
use better_session::gate::fields::Fields;
use better_session::gate::identity::IdentityCipher;
use better_session::gate::pending::Pending;
use better_session::gate::request::GateRequest;
use better_session::gate::rules::Rules;
use better_session::revocation::RevocationState;
use better_session::verdict::{Authenticated, Verdict};
use better_session::{Config, UnixMillis};
use better_session_protocol::{action, config_error, millis, text};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::pending::PendingRequests;
use crate::request::{asks_for_cache, gate_request, outcome, scheme};
use crate::revocation::Revocation;

/// A gate, created once and used for every request.
#[wasm_bindgen]
pub struct Gate {
    pub(crate) verifier: better_session::Verifier,
    rules: Rules,
    /// `None` without a secret, of the server or of the gate's own.
    pub(crate) identity_cipher: Option<IdentityCipher>,
    pub(crate) revocation: Option<Rc<RefCell<RevocationState>>>,
    fields: RefCell<Fields>,
    /// How often `fields` has changed.
    learned: Cell<u32>,
    /// See [`Self::until`].
    until: Cell<f64>,
    pending: RefCell<PendingRequests>,
}

#[wasm_bindgen]
impl Gate {
    /// Creates a gate that remembers authenticated cookies within the bounds `entries` and `bytes`. Throws
    /// `{"code","message"}` as text if the configuration is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, rules: &str, entries: usize, bytes: usize) -> Result<Gate, String> {
        let made = Config::from_json(options).and_then(better_session::Verifier::new).and_then(|verifier| {
            let verifier = verifier.with_cache(entries, bytes);
            let identity_cipher = verifier.keys().map(IdentityCipher::new);
            Rules::from_json(rules).map(|rules| {
                let fields = RefCell::new(rules.fields().clone());
                let (learned, until) = (Cell::new(0), Cell::new(0.0));
                let pending = RefCell::default();
                Self { verifier, rules, identity_cipher, revocation: None, fields, learned, until, pending }
            })
        });
        made.map_err(|error| config_error(&error))
    }

    /// Sets the revocation state. From then on revoked caches are stale.
    #[wasm_bindgen(js_name = judge_by)]
    pub fn set_revocation(&mut self, revocation: &Revocation) {
        self.revocation = Some(revocation.shared());
    }

    /// Returns the first action for a request, given as lines: method, URL, `Accept`, `Sec-Fetch-Mode`, `Authorization`,
    /// the cache that a key set verified, `Cookie`. Only the last can contain a line break, and one string crosses the boundary faster than six.
    /// `number` is the request's own; with it the other methods find what is known of its cookies.
    pub fn start(&self, request: &[u8], flags: u32, now: f64, number: u32) -> String {
        let request = gate_request(text(request), flags, now);
        let (action, until, verdict) = self.with_gate(request.now, |gate| {
            let (action, until) = gate.start_until(&request);
            let verdict = match &action {
                Action::Ask { pending, .. } => Some(gate.pending_verdict(&request, pending)),
                _ => None,
            };
            (action, until, verdict)
        });
        #[allow(clippy::cast_precision_loss)] // a date is far below 2^53
        let until = until.filter(|_| self.verifier.remembers()).map_or(0.0, |until| {
            let known = self.revocation.as_ref().zip(cached_at(&action));
            let known = known.map_or(i64::MAX, |(state, at)| state.borrow().knows_until(at.as_millis()));
            until.as_millis().min(known) as f64
        });
        self.until.set(until);
        let Action::Ask { lookup, pending } = action else { return action::to_text(&action) };
        self.pending.borrow_mut().keep(number, pending);
        action::lookup(&lookup, verdict.as_ref())
    }

    /// Returns the redirect to the sign-in page for a request that was rejected because it has no session; "" if it gets the
    /// rejection.
    pub fn sign_in(&self, request: &str, flags: u32) -> String {
        let request = gate_request(request, flags, 0.0);
        let redirect = self.with_gate(request.now, |gate| gate.sign_in_redirect(&request));
        redirect.map_or_else(String::new, |redirect| action::to_text(&Action::Reject(redirect)))
    }

    /// Forgets what is known of a request's cookies.
    pub fn release(&self, number: u32) {
        self.pending.borrow_mut().release(number);
    }

    /// Returns the instant before which the same text and flags have the action of the last [`Self::start`], as long as
    /// [`Self::state`] is the same; 0 if it must not be remembered.
    pub fn until(&self) -> f64 {
        self.until.get()
    }

    /// Returns a number that grows when a revocation arrives or a field is learned.
    pub fn state(&self) -> f64 {
        let arrived = self.revocation.as_ref().map_or(0, |state| state.borrow().arrival_count());
        #[allow(clippy::cast_precision_loss)] // a count below 2^53
        let state = arrived.saturating_add(self.learned.get().into()) as f64;
        state
    }

    /// Returns the next action after a lookup. `status` is 0 if no response arrived; `set_cookies` has a `Set-Cookie` in
    /// each line; `first_response` is the body of the first response after a deferred refresh, otherwise "".
    #[allow(clippy::too_many_arguments)] // plain arguments cross the boundary faster than an object
    pub fn resume(
        &self,
        request: &str,
        flags: u32,
        now: f64,
        number: u32,
        status: u16,
        body: &str,
        set_cookies: &str,
        first_response: &str,
    ) -> String {
        let request = gate_request(request, flags, now);
        let first_response = Some(first_response).filter(|body| !body.is_empty());
        self.with_gate(request.now, |gate| {
            let pending = self.known(gate, &request, number).after(first_response);
            action::to_text(&gate.resume(&request, pending, outcome(status, body, set_cookies)))
        })
    }

    /// Returns whether the response to a deferred refresh counts. If not, the first response remains valid and this one's
    /// cookies are dropped.
    pub fn accepts_refresh(
        &self,
        request: &str,
        flags: u32,
        now: f64,
        number: u32,
        status: u16,
        body: &str,
    ) -> bool {
        let request = gate_request(request, flags, now);
        self.with_gate(request.now, |gate| {
            gate.accepts_refresh(&request, &self.known(gate, &request, number), outcome(status, body, ""))
        })
    }

    /// Returns the cause for which the outcome of a lookup is unusable.
    pub fn cause(&self, request: &str, flags: u32, now: f64, number: u32, status: u16, body: &str) -> String {
        let request = gate_request(request, flags, now);
        self.with_gate(request.now, |gate| {
            gate.cause(&request, &self.known(gate, &request, number), outcome(status, body, "")).to_owned()
        })
    }

    /// Returns the route pattern that decides on a URL, or "".
    pub fn route(&self, url: &str) -> String {
        self.with_gate(0, |gate| gate.route_pattern(url))
    }

    /// Returns a keyed hash of a session token.
    pub fn token_hash(&self, token: &str) -> String {
        self.with_gate(0, |gate| gate.token_hash(token))
    }

    /// Returns the kind of an `Authorization` header: 0 no credential, 1 a session token, 2 a credential that only the
    /// server can read.
    pub fn credential(&self, header: &str) -> u8 {
        match authorization(self.verifier.server_keys(), header, self.rules.any_bearer()) {
            Credential::Absent => 0,
            Credential::Token(_) => 1,
            Credential::Opaque => 2,
        }
    }

    /// Learns from a response to `get-session` which members the server shows, by comparing it with the cache that it
    /// sets, or with the request's own cache. `set_cookies` has a `Set-Cookie` in each line.
    pub fn learn(&self, cookie: &str, flags: u32, set_cookies: &str, body: &str, now: f64) {
        let renewed = self.renewed(cookie, set_cookies);
        for header in [&renewed, cookie] {
            let now = UnixMillis::from_millis(millis(now));
            let check = if core::ptr::eq(header, renewed.as_str()) {
                KeySetCheck::FromServer
            } else {
                KeySetCheck::UNCHECKED
            };
            let verdict = self.verifier.verify_checked(header, scheme(flags), check, now);
            if let Verdict::Authenticated(session) = verdict {
                let mut fields = self.fields.borrow_mut();
                let before = fields.clone();
                fields.learn(body, &session);
                if *fields != before {
                    self.learned.set(self.learned.get().saturating_add(1));
                }
                return;
            }
        }
    }

    /// Returns the verdict on a request, with revocation applied; or after a `?` the cache that needs the key set, if the flags
    /// ask for it.
    #[wasm_bindgen(js_name = check)]
    pub fn verdict(&self, request: &str, flags: u32, now: f64) -> String {
        let asked = RefCell::new(String::new());
        let mut request = gate_request(request, flags, now);
        if asks_for_cache(flags) {
            request.key_set_check = KeySetCheck::Ask(&asked);
        }
        let verdict = self.with_gate(request.now, |gate| gate.verdict(&request));
        let asked = asked.into_inner();
        if asked.is_empty() {
            return better_session_protocol::verdict::verdict(&verdict);
        }
        ["?", &asked].concat()
    }

    /// Returns the normalised `basePath`, without a trailing slash.
    pub fn base_path(&self) -> String {
        self.rules.base_path().to_owned()
    }

    /// Returns whether the path of `url`, once normalised, is `below` under `basePath`.
    pub fn is_below(&self, url: &str, below: &str) -> bool {
        self.rules.is_below(url, below)
    }

    /// Returns what is known of a request's cookies, which are verified again if that was replaced.
    fn known(&self, gate: decision::Gate<'_>, request: &GateRequest<'_>, number: u32) -> Box<Pending> {
        let kept = self.pending.borrow().get(number).cloned().map(Box::new);
        kept.unwrap_or_else(|| gate.recreate_pending(request))
    }

    fn with_gate<T>(&self, now: i64, then: impl FnOnce(decision::Gate<'_>) -> T) -> T {
        let revocation = self.revocation.as_ref().map(|state| state.borrow());
        let is_revoked = |session: &Authenticated| {
            let (token, user) = (&session.session.token, &session.user.id);
            revocation.as_ref().is_some_and(|state| {
                session
                    .cache
                    .as_ref()
                    .is_none_or(|cache| state.is_revoked(token, user, cache.cached_at.as_millis(), now))
            })
        };
        let fields = self.fields.borrow();
        then(decision::Gate {
            verifier: &self.verifier,
            rules: &self.rules,
            is_revoked: &is_revoked,
            fields: &fields,
        })
    }
}

/// Returns the time at which the cache was written that lets a request through.
fn cached_at(action: &Action) -> Option<UnixMillis> {
    let session = match action {
        Action::Answer { session, .. } => session,
        Action::Next { access: Access::Session(session, _), .. } => session,
        _ => return None,
    };
    session.cache.as_ref().map(|cache| cache.cached_at)
}
