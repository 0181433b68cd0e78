//! Bindings of the gate: text in, text out.

use std::cell::RefCell;
use std::rc::Rc;

use better_session::credential::{Credential, authorization};
use better_session::gate::decision::{self, GateRequest};
use better_session::gate::fields::Fields;
use better_session::gate::forward;
use better_session::gate::identity::IdentityCipher;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::remint;
use better_session::gate::rules::Rules;
use better_session::revocation::ResponseCookies;
use better_session::{Config, UnixMillis};

use better_session::cookie::session_cookies::Scheme;
use better_session::verdict::{Authenticated, Verdict};
use wasm_bindgen::prelude::wasm_bindgen;

use better_session_protocol::{action, config_error, millis, random, text};

use crate::revocation::Revocation;

/// One long-lived handle of a gate.
#[wasm_bindgen]
pub struct Gate {
    verifier: better_session::Verifier,
    rules: Rules,
    identity_cipher: IdentityCipher,
    marks: Option<Rc<RefCell<better_session::revocation::RevocationState>>>,
    fields: RefCell<Fields>,
}

/// `hints` of a request, one bit each.
const OTHER_CREDENTIAL: u32 = 1;
const INDEX_STALE: u32 = 2;
const OTHER_VERSION: u32 = 4;
const IDENTIFY: u32 = 8;
const STRIP_UNTRUSTED_CACHE: u32 = 16;
const HTTP: u32 = 32;
const HTTPS: u32 = 64;
const ORIGIN_UP: u32 = 256;
const ORIGIN_DOWN: u32 = 512;

#[wasm_bindgen]
impl Gate {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, rules: &str) -> Result<Gate, String> {
        let made = Config::from_json(options).and_then(better_session::Verifier::new).and_then(|verifier| {
            let identity_cipher = IdentityCipher::new(verifier.keys());
            Rules::from_json(rules).map(|rules| {
                let fields = RefCell::new(rules.fields().clone());
                Self { verifier, rules, identity_cipher, marks: None, fields }
            })
        });
        made.map_err(|error| config_error(&error))
    }

    /// From now on caches that a mark has overtaken are stale.
    pub fn judge_by(&mut self, revocation: &Revocation) {
        self.marks = Some(revocation.shared());
    }

    /// The first step for a request, given as lines: method, URL, `Accept`, `Sec-Fetch-Mode`, `Authorization`, `Cookie`.
    /// None but the last can hold a line break, and one text crosses the boundary faster than six.
    pub fn start(&self, request: &[u8], hints: u32, now: f64) -> String {
        let facts = facts(text(request), hints, now);
        self.with_gate(facts.now, |gate| action::step(&gate.start(&facts)))
    }

    /// The next step. `status` 0: the question was lost. `earlier`: the body of the first answer, after a second
    /// question, else "".
    pub fn resume(
        &self,
        request: &str,
        hints: u32,
        now: f64,
        status: u16,
        body: &str,
        earlier: &str,
    ) -> String {
        let facts = facts(request, hints, now);
        let outcome =
            if status == 0 { LookupOutcome::Lost } else { LookupOutcome::Answered { status, body } };
        let earlier = Some(earlier).filter(|earlier| !earlier.is_empty());
        self.with_gate(facts.now, |gate| action::step(&gate.resume(&facts, outcome, earlier)))
    }

    /// Returns whether the answer to a deferred refresh counts. If not, the first answer stands, and this one's cookies do not.
    pub fn accepts_refresh(&self, request: &str, hints: u32, now: f64, status: u16, body: &str) -> bool {
        let facts = facts(request, hints, now);
        let mut accepts = false;
        self.with_gate(facts.now, |gate| {
            accepts = status != 0 && gate.accepts_refresh(&facts, LookupOutcome::Answered { status, body });
            String::new()
        });
        accepts
    }

    /// Classifies an `Authorization` header: 0 no credential, 1 a session token, 2 a credential that only the server can read.
    pub fn credential(&self, header: &str) -> u8 {
        match authorization(self.verifier.keys(), header, self.rules.any_bearer()) {
            Credential::Absent => 0,
            Credential::Token(_) => 1,
            Credential::Opaque => 2,
        }
    }

    /// Learns from an answer to `get-session` which members the server shows: it is compared with the cache that it set,
    /// or with the request's own. `set_cookies` are lines.
    pub fn learn(&self, cookie: &str, hints: u32, set_cookies: &str, body: &str, now: f64) {
        let renewed = self.renewed(cookie, set_cookies);
        for header in [&renewed, cookie] {
            let now = UnixMillis::from_millis(millis(now));
            let verdict = self.verifier.verify_with_scheme(header, scheme(hints), now);
            if let Verdict::Authenticated(session) = verdict {
                self.fields.borrow_mut().learn(body, &session);
                return;
            }
        }
    }

    /// The verdict on a request: what the cookies alone prove, marks included.
    pub fn check(&self, request: &str, hints: u32, now: f64) -> String {
        let facts = facts(request, hints, now);
        self.with_gate(facts.now, |gate| {
            better_session_protocol::verdict::verdict(&gate.judge(&facts, facts.now))
        })
    }

    /// The `Cookie` header without the session cache.
    pub fn without_cache(&self, cookie: &str) -> String {
        forward::without_cache(self.verifier.names(), cookie)
    }

    /// The `Cookie` header of a lookup.
    pub fn for_lookup(&self, cookie: &str) -> String {
        forward::for_lookup(self.verifier.names(), cookie)
    }

    /// The entries of a `Cookie` header that `get-session` of the server reads.
    pub fn session_only(&self, cookie: &str) -> String {
        forward::session_only(self.verifier.names(), cookie)
    }

    /// The `Cookie` header after these `Set-Cookie`s, one a line.
    pub fn renewed(&self, cookie: &str, set_cookies: &str) -> String {
        forward::renewed(self.verifier.names(), cookie, set_cookies)
    }

    /// `Set-Cookie` lines of a cache minted again, or "".
    pub fn renew(&self, cookie: &str, hints: u32, now: f64) -> String {
        let Some(random) = random() else { return String::new() };
        remint::renew(&self.verifier, cookie, scheme(hints), millis(now), random).join("\n")
    }

    /// The normalised `basePath`, without a slash at the end.
    pub fn base_path(&self) -> String {
        self.rules.base_path().to_owned()
    }

    /// Whether the path of `url`, however it is spelt, is `below` under `basePath`.
    pub fn is_below(&self, url: &str, below: &str) -> bool {
        self.rules.is_below(url, below)
    }

    /// The session token that an answer's `Set-Cookie`s, one a line, set; or "".
    pub fn set_token(&self, set_cookies: &str) -> String {
        ResponseCookies::read(&self.verifier, "", set_cookies, 0).token.unwrap_or_default()
    }

    /// Whether an answer's `Set-Cookie`s set a session cache.
    pub fn sets_cache(&self, set_cookies: &str) -> bool {
        forward::sets_cache(self.verifier.names(), set_cookies)
    }

    /// An answer's `Set-Cookie`s without those that set a session cache.
    pub fn without_new_cache(&self, set_cookies: &str) -> String {
        forward::without_new_cache(self.verifier.names(), set_cookies)
    }

    /// Whether a verdict's session may be older than a revocation that arrived after the first `arrived` ones. The
    /// lookup that it comes from started at `asked`.
    pub fn overtaken(&self, verdict: &str, arrived: f64, asked: f64) -> bool {
        let text =
            |record, name| better_session::json::parse(verdict).ok()?.member(record)?.member(name)?.string();
        let Some(token) = text("session", "token") else { return false };
        self.is_overtaken(&token, text("user", "id").as_deref(), arrived, asked)
    }

    /// The same of the sessions whose token or cache an answer's `Set-Cookie`s set, to a request with this `Cookie`
    /// header. Whichever prefix a browser or another gate reads: where nothing is configured both are judged.
    pub fn sets_overtaken(
        &self,
        cookie: &str,
        set_cookies: &str,
        arrived: f64,
        asked: f64,
        now: f64,
    ) -> bool {
        let header = forward::renewed(self.verifier.names(), cookie, set_cookies);
        let now = UnixMillis::from_millis(millis(now));
        [Scheme::Http, Scheme::Https].into_iter().any(|scheme| {
            match self.verifier.verify_with_scheme(&header, Some(scheme), now) {
                Verdict::Authenticated(session) => {
                    self.is_overtaken(&session.session.token, Some(&session.user.id), arrived, asked)
                }
                Verdict::Stale { token, .. } => self.is_overtaken(&token, None, arrived, asked),
                Verdict::Unauthenticated { .. } => false,
            }
        })
    }

    /// The sealed identity of a verdict's session, or "".
    pub fn seal(&self, verdict: &str, method: &str, path: &str, now: f64) -> String {
        let part = |name| better_session::json::parse(verdict).ok()?.member(name);
        let (Some(session), Some(user), Some(nonce)) = (part("session"), part("user"), random()) else {
            return String::new();
        };
        self.identity_cipher
            .seal(session.text(), user.text(), method, path, millis(now), nonce)
            .unwrap_or_default()
    }

    fn is_overtaken(&self, token: &str, user_id: Option<&str>, arrived: f64, asked: f64) -> bool {
        let arrived = u64::try_from(millis(arrived)).unwrap_or_default();
        let overtaken = |marks: &Rc<RefCell<better_session::revocation::RevocationState>>| {
            marks.borrow().is_overtaken(token, user_id, arrived, millis(asked))
        };
        self.marks.as_ref().is_some_and(overtaken)
    }

    fn with_gate(&self, now: i64, then: impl FnOnce(decision::Gate<'_>) -> String) -> String {
        let marks = self.marks.as_ref().map(|marks| marks.borrow());
        let marked = |session: &Authenticated| {
            let (token, user) = (&session.session.token, &session.user.id);
            let revoked = |marks: &better_session::revocation::RevocationState| {
                let cached_at = |at: UnixMillis| marks.is_revoked(token, user, at.as_millis(), now);
                session.cache.as_ref().is_none_or(|cache| cached_at(cache.cached_at))
            };
            marks.as_ref().is_some_and(|marks| revoked(marks))
        };
        let fields = self.fields.borrow();
        then(decision::Gate {
            verifier: &self.verifier,
            rules: &self.rules,
            marked: &marked,
            fields: &fields,
        })
    }
}

/// Opens sealed identities; made by the server behind the gate.
#[wasm_bindgen]
pub struct IdentityOpener(IdentityCipher);

#[wasm_bindgen]
impl IdentityOpener {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<IdentityOpener, String> {
        let verifier = Config::from_json(options).and_then(better_session::Verifier::new);
        verifier
            .map(|verifier| Self(IdentityCipher::new(verifier.keys())))
            .map_err(|error| config_error(&error))
    }

    /// `{"at","session","user"}`, or "".
    pub fn open(&self, header: &str, method: &str, path: &str, now: f64) -> String {
        self.0.open(header, method, path, millis(now)).unwrap_or_default()
    }
}

fn scheme(hints: u32) -> Option<Scheme> {
    match hints & (HTTP | HTTPS) {
        HTTP => Some(Scheme::Http),
        HTTPS => Some(Scheme::Https),
        _ => None,
    }
}

fn facts(request: &str, hints: u32, now: f64) -> GateRequest<'_> {
    let mut rest = request;
    let mut line = || {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        line
    };
    let [method, url, accept, fetch_mode, authorization] = [line(), line(), line(), line(), line()];
    let is = |bit: u32| hints & bit != 0;
    GateRequest {
        method,
        url,
        scheme: scheme(hints),
        cookie: rest,
        accept,
        fetch_mode,
        authorization,
        other_credential: is(OTHER_CREDENTIAL),
        index_stale: is(INDEX_STALE),
        other_version: is(OTHER_VERSION),
        identify: is(IDENTIFY),
        strip_untrusted_cache: is(STRIP_UNTRUSTED_CACHE),
        origin_up: match (is(ORIGIN_UP), is(ORIGIN_DOWN)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        now: millis(now),
    }
}
