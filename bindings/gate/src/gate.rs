//! Bindings of the gate: text in, text out.

use std::cell::RefCell;
use std::rc::Rc;

use better_session::Config;
use better_session::gate::decide::{self, Facts};
use better_session::gate::identity::Sealer;
use better_session::gate::origin::Outcome;
use better_session::gate::rules::Rules;
use better_session::gate::{cookies, renew, report};
use better_session::verdict::Authenticated;
use wasm_bindgen::prelude::wasm_bindgen;

use better_session_protocol::{config_error, millis, random, text};

use crate::marks::Marks;

/// One long-lived handle of a gate.
#[wasm_bindgen]
pub struct Gate {
    verifier: better_session::Verifier,
    rules: Rules,
    sealer: Sealer,
    marks: Option<Rc<RefCell<better_session::gate::marks::Marks>>>,
}

/// `hints` of a request, one bit each.
const BEARER: u32 = 1;
const UNSURE: u32 = 2;
const OTHER_VERSION: u32 = 4;
const IDENTIFY: u32 = 8;
const WARY: u32 = 16;

#[wasm_bindgen]
impl Gate {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, rules: &str) -> Result<Gate, String> {
        let made = Config::from_json(options).and_then(better_session::Verifier::new).and_then(|verifier| {
            let sealer = Sealer::new(verifier.keys());
            Rules::from_json(rules).map(|rules| Self { verifier, rules, sealer, marks: None })
        });
        made.map_err(|error| config_error(&error))
    }

    /// From now on caches that a mark has overtaken are stale.
    pub fn judge_by(&mut self, marks: &Marks) {
        self.marks = Some(marks.shared());
    }

    /// The first step for a request, given as lines: method, URL, `Accept`, `Sec-Fetch-Mode`, `Cookie`. None but the last
    /// can hold a line break, and one text crosses the boundary faster than five.
    pub fn start(&self, request: &[u8], hints: u32, now: f64) -> String {
        let facts = facts(text(request), hints, now);
        self.with_gate(facts.now, |gate| report::step(&gate.start(&facts)))
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
        let outcome = if status == 0 { Outcome::Lost } else { Outcome::Answered { status, body } };
        let earlier = Some(earlier).filter(|earlier| !earlier.is_empty());
        self.with_gate(facts.now, |gate| report::step(&gate.resume(&facts, outcome, earlier)))
    }

    /// What the cookies alone prove, marks included.
    pub fn check(&self, cookie: &str, hints: u32, now: f64) -> String {
        let facts = Facts { cookie, ..facts("", hints, now) };
        self.with_gate(facts.now, |gate| better_session::report::verdict(&gate.judge(&facts, facts.now)))
    }

    /// The `Cookie` header without the session cache.
    pub fn without_cache(&self, cookie: &str) -> String {
        cookies::without_cache(self.verifier.names(), cookie)
    }

    /// The `Cookie` header after these `Set-Cookie`s, one a line.
    pub fn renewed(&self, cookie: &str, set_cookies: &str) -> String {
        cookies::renewed(self.verifier.names(), cookie, set_cookies)
    }

    /// `Set-Cookie` lines of a cache minted again, or "".
    pub fn renew(&self, cookie: &str, now: f64) -> String {
        let Some(random) = random() else { return String::new() };
        renew::renew(&self.verifier, cookie, millis(now), random).join("\n")
    }

    /// The sealed identity of a verdict's session, or "".
    pub fn seal(&self, verdict: &str, method: &str, path: &str, now: f64) -> String {
        let part = |name| better_session::json::parse(verdict).ok()?.member(name);
        let (Some(session), Some(user), Some(nonce)) = (part("session"), part("user"), random()) else {
            return String::new();
        };
        self.sealer.seal(session.text(), user.text(), method, path, millis(now), nonce).unwrap_or_default()
    }

    fn with_gate(&self, now: i64, then: impl FnOnce(decide::Gate<'_>) -> String) -> String {
        let marks = self.marks.as_ref().map(|marks| marks.borrow());
        let marked = |session: &Authenticated| {
            let cached = &session.cached;
            marks
                .as_ref()
                .is_some_and(|marks| marks.judges(&cached.token, &cached.user_id, cached.cached_at, now))
        };
        then(decide::Gate { verifier: &self.verifier, rules: &self.rules, marked: &marked })
    }
}

/// Opens sealed identities; made by the server behind the gate.
#[wasm_bindgen]
pub struct IdentityOpener(Sealer);

#[wasm_bindgen]
impl IdentityOpener {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<IdentityOpener, String> {
        let verifier = Config::from_json(options).and_then(better_session::Verifier::new);
        verifier.map(|verifier| Self(Sealer::new(verifier.keys()))).map_err(|error| config_error(&error))
    }

    /// `{"at","session","user"}`, or "".
    pub fn open(&self, header: &str, method: &str, path: &str, now: f64) -> String {
        self.0.open(header, method, path, millis(now)).unwrap_or_default()
    }
}

fn facts(request: &str, hints: u32, now: f64) -> Facts<'_> {
    let mut rest = request;
    let mut line = || {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        line
    };
    let [method, url, accept, fetch_mode] = [line(), line(), line(), line()];
    let is = |bit: u32| hints & bit != 0;
    Facts {
        method,
        url,
        cookie: rest,
        accept,
        fetch_mode,
        bearer: is(BEARER),
        unsure: is(UNSURE),
        other_version: is(OTHER_VERSION),
        identify: is(IDENTIFY),
        wary: is(WARY),
        now: millis(now),
    }
}
