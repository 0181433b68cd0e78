//! One user, one secret and one time for every test.

use better_session::cookie::header::percent_encode;
use better_session::gate::action::{Access, Action, Source};
use better_session::gate::decision::Gate;
use better_session::gate::fields::Fields;
use better_session::gate::origin::LookupOutcome;
use better_session::gate::request::GateRequest;
use better_session::gate::rules::Rules;
use better_session::{Authenticated, Config, MintRequest, UnixMillis, Verdict, Verifier};

pub const NOW: i64 = 1_790_000_000_000;
pub const TOKEN: &str = "ZPFggljxRHu7hfiA99ZrosEGwxbTMuv3";
pub const SECRET: &str = "an-example-secret-of-32-bytes-or-more";

/// A session created at `NOW` and valid for a week.
pub const SESSION: &str = r#"{"expiresAt":"2026-09-28T13:33:20.000Z","token":"ZPFggljxRHu7hfiA99ZrosEGwxbTMuv3","createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","userId":"u1","id":"s1"}"#;
pub const USER: &str = r#"{"name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-09-21T13:33:20.000Z","updatedAt":"2026-09-21T13:33:20.000Z","id":"u1"}"#;

/// Route options of the tests of decisions.
pub const ROUTES: &str = r#"{"routes":{"public":["/","/docs/**"],"fresh":["/danger"],"authoritative":["/billing"],"signInURL":"/in"}}"#;

/// Session options with the cookie cache enabled.
pub const CACHED: &str = r#"{"cookieCache":{"enabled":true}}"#;

pub fn verifier(session: &str) -> Verifier {
    let json = format!(r#"{{"secret":"{SECRET}","session":{session}}}"#);
    Verifier::new(Config::from_json(&json).expect("options")).expect("verifier")
}

pub fn rules(json: &str) -> Rules {
    Rules::from_json(json).expect("rules")
}

/// Returns a `Cookie` header with the token and a cache written at `at`.
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

/// Returns the origin's response.
pub fn answer() -> String {
    format!(r#"{{"session":{SESSION},"user":{USER}}}"#)
}

pub fn ok(body: &str) -> LookupOutcome<'_> {
    LookupOutcome::answered(200, body)
}

/// Returns the URL of a path.
pub fn url(path: &str) -> String {
    format!("https://app.example{path}")
}

/// Returns a GET request of a script.
pub fn get<'a>(url: &'a str, cookie: &'a str) -> GateRequest<'a> {
    GateRequest { method: "GET", url, cookie, accept: "*/*", now: NOW, ..GateRequest::default() }
}

/// The parts of a gate.
pub struct Kit {
    pub verifier: Verifier,
    pub rules: Rules,
    /// Every cache is revoked.
    pub revoked: bool,
    /// Shows every member by default.
    pub fields: Fields,
}

impl Kit {
    pub fn new(session: &str, rules_json: &str) -> Self {
        let fields = Fields::new(Vec::new(), Vec::new(), true);
        Self { verifier: verifier(session), rules: rules(rules_json), revoked: false, fields }
    }

    pub fn start(&self, request: &GateRequest<'_>) -> Action {
        self.with(|gate| gate.start(request))
    }

    /// Resumes with the pending state recreated, as the WebAssembly binding does.
    pub fn resume(
        &self,
        request: &GateRequest<'_>,
        outcome: LookupOutcome<'_>,
        first_response: Option<&str>,
    ) -> Action {
        self.with(|gate| {
            let pending = gate.recreate_pending(request).after(first_response);
            gate.resume(request, pending, outcome)
        })
    }

    pub fn verdict(&self, request: &GateRequest<'_>) -> Verdict {
        self.with(|gate| gate.verdict(request))
    }

    pub fn accepts_refresh(&self, request: &GateRequest<'_>, outcome: LookupOutcome<'_>) -> bool {
        self.with(|gate| gate.accepts_refresh(request, &gate.recreate_pending(request), outcome))
    }

    pub fn with<T>(&self, then: impl FnOnce(Gate<'_>) -> T) -> T {
        let is_revoked = |_: &Authenticated| self.revoked;
        then(Gate {
            verifier: &self.verifier,
            rules: &self.rules,
            is_revoked: &is_revoked,
            fields: &self.fields,
        })
    }
}

pub const GET_SESSION: &str = "/api/auth/get-session";
pub const GET_SESSION_UNCACHED: &str = "/api/auth/get-session?disableCookieCache=true";

/// Returns the target of a lookup, and whether it is a POST.
pub fn lookup(action: &Action) -> (&str, bool) {
    match action {
        Action::Ask { lookup, .. } => (&lookup.target, lookup.post),
        other => panic!("not a lookup: {other:?}"),
    }
}

/// Returns the source of the session of an allowed request.
pub fn source(action: &Action) -> Source {
    match action {
        Action::Next { access: Access::Session(_, source), .. } => *source,
        other => panic!("not allowed: {other:?}"),
    }
}

/// Returns the status and code of a rejection.
pub fn rejected(action: &Action) -> (u16, &'static str) {
    match action {
        Action::Reject(rejection) => (rejection.status, rejection.code),
        other => panic!("not a rejection: {other:?}"),
    }
}

pub fn paths() -> serde_json::Value {
    serde_json::from_str(include_str!("../../vectors/gate/paths.json")).expect("JSON")
}

pub fn routes() -> serde_json::Value {
    serde_json::from_str(include_str!("../../vectors/gate/routes.json")).expect("JSON")
}
