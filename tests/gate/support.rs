//! One person, one secret, one time.

use better_session::cookie::header::percent_encode;
use better_session::gate::action::Action;
use better_session::gate::decision::{Gate, GateRequest};
use better_session::gate::fields::Fields;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::rules::Rules;
use better_session::{Authenticated, Config, MintRequest, UnixMillis, Verdict, Verifier};

pub const NOW: i64 = 1_790_000_000_000;
pub const TOKEN: &str = "ZPFggljxRHu7hfiA99ZrosEGwxbTMuv3";
pub const SECRET: &str = "an-example-secret-of-32-bytes-or-more";

/// The session, created at `NOW` and good for a week.
pub const SESSION: &str = r#"{"expiresAt":"2026-09-28T13:33:20.000Z","token":"ZPFggljxRHu7hfiA99ZrosEGwxbTMuv3","createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","userId":"u1","id":"s1"}"#;
pub const USER: &str = r#"{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","id":"u1"}"#;

/// Session options of a server with the cookie cache on.
pub const CACHED: &str = r#"{"cookieCache":{"enabled":true}}"#;

pub fn verifier(session: &str) -> Verifier {
    let json = format!(r#"{{"secret":"{SECRET}","session":{session}}}"#);
    Verifier::new(Config::from_json(&json).expect("options")).expect("verifier")
}

pub fn rules(json: &str) -> Rules {
    Rules::from_json(json).expect("rules")
}

/// The token and a cache written at `at`.
pub fn cookie(verifier: &Verifier, at: i64) -> String {
    format!("{}; better-auth.session_data={}", token_cookie(verifier), cache(verifier, at))
}

pub fn token_cookie(verifier: &Verifier) -> String {
    format!("better-auth.session_token={}", percent_encode(&verifier.sign(TOKEN)))
}

pub fn cache(verifier: &Verifier, at: i64) -> String {
    let minting = MintRequest::new(SESSION, USER, UnixMillis::from_millis(at), [7; 32]).version("1");
    percent_encode(&verifier.mint(&minting))
}

/// What the origin answers.
pub fn answer() -> String {
    format!(r#"{{"session":{SESSION},"user":{USER}}}"#)
}

pub fn ok(body: &str) -> LookupOutcome<'_> {
    LookupOutcome::Answered { status: 200, body }
}

/// A GET of an app's page by a script.
pub fn get<'a>(url: &'a str, cookie: &'a str) -> GateRequest<'a> {
    GateRequest { method: "GET", url, cookie, accept: "*/*", now: NOW, ..GateRequest::default() }
}

/// A gate and what it decides with.
pub struct Kit {
    pub verifier: Verifier,
    pub rules: Rules,
    pub marked: bool,
    /// Everything is shown, unless a test says otherwise.
    pub fields: Fields,
}

impl Kit {
    pub fn new(session: &str, rules_json: &str) -> Self {
        let fields = Fields::new(Vec::new(), Vec::new(), true);
        Self { verifier: verifier(session), rules: rules(rules_json), marked: false, fields }
    }

    pub fn start(&self, request: &GateRequest<'_>) -> Action {
        self.with(|gate| gate.start(request))
    }

    pub fn resume(
        &self,
        request: &GateRequest<'_>,
        outcome: LookupOutcome<'_>,
        earlier: Option<&str>,
    ) -> Action {
        self.with(|gate| gate.resume(request, outcome, earlier))
    }

    pub fn judge(&self, request: &GateRequest<'_>) -> Verdict {
        self.with(|gate| gate.judge(request, request.now))
    }

    pub fn accepts_refresh(&self, request: &GateRequest<'_>, outcome: LookupOutcome<'_>) -> bool {
        self.with(|gate| gate.accepts_refresh(request, outcome))
    }

    fn with<T>(&self, then: impl FnOnce(Gate<'_>) -> T) -> T {
        let marked = |_: &Authenticated| self.marked;
        then(Gate { verifier: &self.verifier, rules: &self.rules, marked: &marked, fields: &self.fields })
    }
}

pub fn denied(step: &Action) -> (u16, &'static str) {
    match step {
        Action::Reject(denial) => (denial.status, denial.code),
        other => panic!("not a refusal: {other:?}"),
    }
}

pub fn paths() -> serde_json::Value {
    serde_json::from_str(include_str!("../../vectors/gate/paths.json")).expect("JSON")
}

pub fn routes() -> serde_json::Value {
    serde_json::from_str(include_str!("../../vectors/gate/routes.json")).expect("JSON")
}
