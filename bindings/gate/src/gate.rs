//! Bindings of the gate: converts text, and calls the decision.

use alloc::rc::Rc;
use better_session::prelude::*;
use core::cell::{Cell, RefCell};

use better_session::cache::KeySetCheck;
use better_session::credential::{Credential, authorization};
use better_session::gate::action::{Access, Action};
use better_session::gate::decision;
use better_session::gate::fields::Fields;
use better_session::gate::forward;
use better_session::gate::identity::{BoundRequest, IdentityCipher};
use better_session::gate::remint;
use better_session::gate::rules::Rules;
use better_session::gate::session_handle;
use better_session::revocation::{ResponseCookies, RevocationState};
use better_session::verdict::{Authenticated, Verdict};
use better_session::{Config, Scheme, UnixMillis};
use better_session_protocol::{action, config_error, millis, random, text};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::request::{asks_for_cache, gate_request, outcome, scheme};
use crate::revocation::Revocation;

/// A gate, created once and used for every request.
#[wasm_bindgen]
pub struct Gate {
    verifier: better_session::Verifier,
    rules: Rules,
    /// `None` without a secret, of the server or of the gate's own.
    identity_cipher: Option<IdentityCipher>,
    revocation: Option<Rc<RefCell<RevocationState>>>,
    fields: RefCell<Fields>,
    /// How often `fields` has changed.
    learned: Cell<u32>,
    /// See [`Self::until`].
    until: Cell<f64>,
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
                Self { verifier, rules, identity_cipher, revocation: None, fields, learned, until }
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
    pub fn start(&self, request: &[u8], flags: u32, now: f64) -> String {
        let request = gate_request(text(request), flags, now);
        let (action, until) = self.with_gate(request.now, |gate| gate.start_until(&request));
        #[allow(clippy::cast_precision_loss)] // a date is far below 2^53
        let until = until.filter(|_| self.verifier.remembers()).map_or(0.0, |until| {
            let known = self.revocation.as_ref().zip(cached_at(&action));
            let known = known.map_or(i64::MAX, |(state, at)| state.borrow().knows_until(at.as_millis()));
            until.as_millis().min(known) as f64
        });
        self.until.set(until);
        action::to_text(&action)
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
        status: u16,
        body: &str,
        set_cookies: &str,
        first_response: &str,
    ) -> String {
        let request = gate_request(request, flags, now);
        let first_response = Some(first_response).filter(|body| !body.is_empty());
        self.with_gate(request.now, |gate| {
            let pending = gate.recreate_pending(&request, first_response);
            action::to_text(&gate.resume(&request, pending, outcome(status, body, set_cookies)))
        })
    }

    /// Returns whether the response to a deferred refresh counts. If not, the first response remains valid and this one's
    /// cookies are dropped.
    pub fn accepts_refresh(&self, request: &str, flags: u32, now: f64, status: u16, body: &str) -> bool {
        let request = gate_request(request, flags, now);
        self.with_gate(request.now, |gate| {
            let pending = gate.recreate_pending(&request, None);
            gate.accepts_refresh(&request, &pending, outcome(status, body, ""))
        })
    }

    /// Returns the cause for which the outcome of a lookup is unusable.
    pub fn cause(&self, request: &str, flags: u32, now: f64, status: u16, body: &str) -> String {
        let request = gate_request(request, flags, now);
        self.with_gate(request.now, |gate| {
            let pending = gate.recreate_pending(&request, None);
            gate.cause(&request, &pending, outcome(status, body, "")).to_owned()
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

    /// Returns the `Cookie` header without the session cache.
    pub fn without_cache(&self, cookie: &str) -> String {
        forward::without_cache(self.verifier.names(), cookie)
    }

    /// Returns the `Cookie` header of a lookup.
    pub fn for_lookup(&self, cookie: &str) -> String {
        forward::for_lookup(self.verifier.names(), cookie)
    }

    /// Returns the entries of a `Cookie` header that the server's `get-session` reads.
    pub fn session_only(&self, cookie: &str) -> String {
        forward::session_only(self.verifier.names(), cookie)
    }

    /// Returns whether a `Cookie` header has an account cache, which only the server can renew.
    pub fn has_account(&self, cookie: &str) -> bool {
        forward::has_account(self.verifier.names(), cookie)
    }

    /// Returns the `Cookie` header after these `Set-Cookie` lines.
    pub fn renewed(&self, cookie: &str, set_cookies: &str) -> String {
        forward::renewed(self.verifier.names(), cookie, set_cookies)
    }

    /// Returns the `Set-Cookie` lines of a cache minted again; "" unless a renewal is due.
    #[wasm_bindgen(js_name = renew)]
    pub fn remint(&self, cookie: &str, flags: u32, now: f64) -> String {
        let Some(random) = random() else { return String::new() };
        remint::renew(&self.verifier, cookie, scheme(flags), millis(now), random).join("\n")
    }

    /// Returns the normalised `basePath`, without a trailing slash.
    pub fn base_path(&self) -> String {
        self.rules.base_path().to_owned()
    }

    /// Returns whether the path of `url`, once normalised, is `below` under `basePath`.
    pub fn is_below(&self, url: &str, below: &str) -> bool {
        self.rules.is_below(url, below)
    }

    /// Returns the session token that `Set-Cookie` lines set, or "".
    pub fn set_token(&self, set_cookies: &str) -> String {
        ResponseCookies::read(&self.verifier, "", set_cookies, 0).token.unwrap_or_default()
    }

    /// Returns whether `Set-Cookie` lines set a session cache.
    pub fn sets_cache(&self, set_cookies: &str) -> bool {
        forward::sets_cache(self.verifier.names(), set_cookies)
    }

    /// Returns `Set-Cookie` lines without those that set a session cache.
    pub fn without_new_cache(&self, set_cookies: &str) -> String {
        forward::without_new_cache(self.verifier.names(), set_cookies)
    }

    /// Returns whether a revocation covers what was known of a session at `known_at`. Without revocation none does.
    pub fn is_revoked(&self, token: &str, user_id: &str, known_at: f64, now: f64) -> bool {
        let Some(revocation) = &self.revocation else { return false };
        revocation.borrow().is_revoked(token, user_id, millis(known_at), millis(now))
    }

    /// Returns whether the session of a verdict may be older than a revocation that arrived after the first
    /// `arrival_count` ones, during the lookup of that session, which began at `started`.
    #[wasm_bindgen(js_name = overtaken)]
    pub fn is_overtaken(&self, verdict: &str, arrival_count: f64, started: f64) -> bool {
        let Ok(verdict) = better_session::json::parse(verdict) else { return true };
        let text = |record, name| verdict.member(record)?.member(name)?.string();
        let Some(token) = text("session", "token") else { return false };
        self.is_session_overtaken(&token, text("user", "id").as_deref(), arrival_count, started)
    }

    /// Returns the same for the sessions whose token or cache `Set-Cookie` lines set, in a response to a request with this
    /// `Cookie` header. Without a configured prefix the names of both schemes are checked, because the reader's is unknown.
    #[wasm_bindgen(js_name = sets_overtaken)]
    pub fn sets_overtaken_session(
        &self,
        cookie: &str,
        set_cookies: &str,
        arrival_count: f64,
        started: f64,
        now: f64,
    ) -> bool {
        let header = self.renewed(cookie, set_cookies);
        let now = UnixMillis::from_millis(millis(now));
        [Scheme::Http, Scheme::Https].into_iter().any(|scheme| {
            match self.verifier.verify_checked(&header, Some(scheme), KeySetCheck::FromServer, now) {
                Verdict::Authenticated(session) => {
                    let (token, user) = (&session.session.token, &session.user.id);
                    self.is_session_overtaken(token, Some(user), arrival_count, started)
                }
                Verdict::Stale { token, .. } => {
                    self.is_session_overtaken(&token, None, arrival_count, started)
                }
                Verdict::Unauthenticated { .. } => false,
            }
        })
    }

    /// Returns the identity header of a verdict's session, or "" if the verdict has no session, there is no secret, or no
    /// random bytes are available. A server behind the gate treats a missing identity as no session.
    #[wasm_bindgen(js_name = seal)]
    pub fn encrypt_identity(
        &self,
        verdict: &str,
        method: &str,
        path: &str,
        cookie: &str,
        flags: u32,
        now: f64,
    ) -> String {
        let Ok(verdict) = better_session::json::parse(verdict) else { return String::new() };
        let (Some(cipher), Some(session), Some(user), Some(nonce)) =
            (&self.identity_cipher, verdict.member("session"), verdict.member("user"), random())
        else {
            return String::new();
        };
        let request = BoundRequest { method, path, cookie };
        let cookies = self.verifier.keys().map(|keys| (keys, self.verifier.names(), scheme(flags)));
        cipher.encrypt(session.text(), user.text(), &request, cookies, millis(now), nonce).unwrap_or_default()
    }

    /// Returns the handle of a session token for a user, or "" without a secret.
    pub fn handle(&self, user_id: &str, token: &str) -> String {
        let made = self.verifier.keys().and_then(|keys| session_handle::encrypt(keys, user_id, token));
        made.unwrap_or_default()
    }

    /// Returns the session token of a user's handle, or "" if the handle is not one of this user.
    pub fn token(&self, user_id: &str, handle: &str) -> String {
        let token = self.verifier.keys().and_then(|keys| session_handle::decrypt(keys, user_id, handle));
        token.unwrap_or_default()
    }

    fn is_session_overtaken(
        &self,
        token: &str,
        user_id: Option<&str>,
        arrival_count: f64,
        started: f64,
    ) -> bool {
        let Some(revocation) = &self.revocation else { return false };
        // A negative count does not belong to this index.
        let Ok(arrival_count) = u64::try_from(millis(arrival_count)) else { return true };
        revocation.borrow().is_overtaken(token, user_id, arrival_count, millis(started))
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
