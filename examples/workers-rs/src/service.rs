//! The gate: carries out the actions that the crate decides.

use std::cell::RefCell;
use std::rc::Rc;

use better_session::gate::{
    Access, Action, Fields, Gate, GateRequest, LookupOutcome, Rejection, Rules, Source, forward,
};
use better_session::{Authenticated, Config, Scheme, Verifier};
use worker::{Date, Env, Request, Response, Result};

use crate::origin::{Answer, Origin};
use crate::respond;

/// The options that the server has in `betterAuth({ … })`, and the rules of routes. The secret is a binding.
const OPTIONS: &str = r#"{
    "session": { "cookieCache": { "enabled": true } },
    "routes": { "public": ["/"], "fresh": ["/account/delete"], "signInURL": "/sign-in" }
}"#;

thread_local! {
    /// The service of this isolate: keys are derived once.
    static SERVICE: RefCell<Option<Rc<Service>>> = const { RefCell::new(None) };
}

/// A gate, its rules and the server behind it.
pub struct Service {
    verifier: Verifier,
    rules: Rules,
    origin: Origin,
}

/// A request as the decision reads it.
struct Visit {
    method: String,
    url: String,
    cookie: String,
    accept: String,
    fetch_mode: String,
    authorization: String,
    api_key: String,
}

impl Service {
    /// Returns the service of this isolate.
    pub fn of(env: &Env) -> std::result::Result<Rc<Self>, String> {
        if let Some(service) = SERVICE.with_borrow(Clone::clone) {
            return Ok(service);
        }
        let variable = |name: &str| env.var(name).map(|value| value.to_string());
        let secret =
            env.secret("BETTER_AUTH_SECRET").map_err(|_| "BETTER_AUTH_SECRET is missing")?.to_string();
        let origin = variable("AUTH_ORIGIN").map_err(|_| "AUTH_ORIGIN is missing")?;
        let mut options: serde_json::Value =
            serde_json::from_str(OPTIONS).map_err(|error| format!("OPTIONS: {error}"))?;
        let members = options.as_object_mut().ok_or("OPTIONS must be an object")?;
        members.insert("secret".to_owned(), secret.into());
        if let Ok(url) = variable("BETTER_AUTH_URL") {
            members.insert("baseURL".to_owned(), url.into());
        }
        let json = options.to_string();
        let verifier = Config::from_json(&json).and_then(Verifier::new).map_err(|error| error.to_string())?;
        let rules = Rules::from_json(&json).map_err(|error| error.to_string())?;
        let service = Rc::new(Self { verifier, rules, origin: Origin::new(&origin) });
        SERVICE.replace(Some(Rc::clone(&service)));
        Ok(service)
    }

    /// Handles a request.
    pub async fn handle(&self, request: Request) -> Result<Response> {
        let visit = Visit::of(&request)?;
        let first = self.with_gate(&visit, None, |gate, request| gate.start(request));
        let (action, set_cookies) = self.follow(&visit, first).await;
        match action {
            Action::Answer { body, .. } => respond::json_text(&body, &set_cookies),
            // The functions of `routes.when` are not in this process.
            Action::Forward { guard: Some(_), .. } => respond::error(403, "FORBIDDEN", "Forbidden"),
            Action::Forward { path, without_cache_cookie, .. } => {
                let cookie = if without_cache_cookie {
                    forward::without_cache(self.verifier.names(), &visit.cookie)
                } else {
                    visit.cookie
                };
                self.origin.forward(&request, &path, &cookie).await
            }
            Action::Next { predicates, .. } if !predicates.is_empty() => {
                respond::error(403, "FORBIDDEN", "Forbidden")
            }
            Action::Next { path, access, .. } => {
                respond::app(&path, self.visitor(&visit, access).as_ref(), &set_cookies)
            }
            Action::Reject(rejection) => respond::rejection(&rejection, &set_cookies),
            // `follow` leaves none of these.
            Action::Ask { .. } | Action::Probe { .. } => {
                respond::error(503, "ORIGIN_UNAVAILABLE", "Try again")
            }
        }
    }

    /// Carries out lookups until an action is final. Returns it with the cookies that they brought.
    async fn follow(&self, visit: &Visit, first: Action) -> (Action, Vec<String>) {
        let (mut action, mut set_cookies, mut last, mut origin_up) =
            (first, Vec::new(), Answer::lost(), None);
        // A lookup, the refresh that a server can defer, and a probe.
        for _ in 0..3 {
            action = match action {
                Action::Ask { lookup, pending } => {
                    let cookie = forward::for_lookup(self.verifier.names(), &visit.cookie);
                    last =
                        self.origin.look_up(&lookup.target, &visit.credentials(&cookie), lookup.post).await;
                    let lines = last.set_cookies.join("\n");
                    let (counts, next) = self.with_gate(visit, origin_up, |gate, request| {
                        let outcome = last.outcome(&lines);
                        let counts = !lookup.post || gate.accepts_refresh(request, &pending, outcome);
                        (counts, gate.resume(request, pending, outcome))
                    });
                    // The cookies of a response that is not accepted may be another visitor's.
                    if counts && is_accepted(&next) {
                        // A visitor whom the refresh signs out must not keep the cache that came before it.
                        if lookup.post && matches!(next, Action::Reject(Rejection { status: 401 | 302, .. }))
                        {
                            set_cookies.clear();
                        }
                        set_cookies.extend(last.set_cookies.iter().cloned());
                    }
                    next
                }
                Action::Probe { path, pending } => {
                    origin_up = Some(self.origin.is_up(&path).await);
                    let lines = last.set_cookies.join("\n");
                    self.with_gate(visit, origin_up, |gate, request| {
                        gate.resume(request, pending, last.outcome(&lines))
                    })
                }
                last => return (last, set_cookies),
            };
        }
        (action, set_cookies)
    }

    /// Returns the session of a request that is let through. On a public path it is what the cookies prove.
    fn visitor(&self, visit: &Visit, access: Access) -> Option<(Authenticated, Source)> {
        match access {
            Access::Session(session, source) => Some((*session, source)),
            Access::Nobody(_) => None,
            Access::Public => match self.with_gate(visit, None, |gate, request| gate.verdict(request)) {
                better_session::Verdict::Authenticated(session) => Some((session, Source::Cookie)),
                _ => None,
            },
        }
    }

    fn with_gate<T>(
        &self,
        visit: &Visit,
        origin_up: Option<bool>,
        then: impl FnOnce(Gate<'_>, &GateRequest<'_>) -> T,
    ) -> T {
        let gate = Gate {
            verifier: &self.verifier,
            rules: &self.rules,
            is_revoked: &|_| false,
            fields: &Fields::default(),
        };
        let request = GateRequest {
            method: &visit.method,
            url: &visit.url,
            scheme: Scheme::from_url(&visit.url),
            cookie: &visit.cookie,
            accept: &visit.accept,
            fetch_mode: &visit.fetch_mode,
            authorization: &visit.authorization,
            other_credential: !visit.api_key.is_empty(),
            origin_up,
            now: i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX),
            ..GateRequest::default()
        };
        then(gate, &request)
    }
}

impl Visit {
    /// Returns the headers by which the server knows whose request it is.
    fn credentials<'a>(&'a self, cookie: &'a str) -> [(&'static str, &'a str); 3] {
        [("cookie", cookie), ("authorization", &self.authorization), ("x-api-key", &self.api_key)]
    }

    fn of(request: &Request) -> Result<Self> {
        let header = |name: &str| request.headers().get(name).map(Option::unwrap_or_default);
        Ok(Self {
            method: request.inner().method(),
            url: request.inner().url(),
            cookie: header("cookie")?,
            accept: header("accept")?,
            fetch_mode: header("sec-fetch-mode")?,
            authorization: header("authorization")?,
            api_key: header("x-api-key")?,
        })
    }
}

/// Returns whether the gate has accepted the response of a lookup.
fn is_accepted(action: &Action) -> bool {
    match action {
        Action::Next { access, .. } => {
            matches!(access, Access::Session(_, Source::Origin) | Access::Nobody(None))
        }
        Action::Reject(Rejection { status, .. }) => *status != 503,
        Action::Probe { .. } => false,
        Action::Ask { .. } | Action::Answer { .. } | Action::Forward { .. } => true,
    }
}

impl Answer {
    fn outcome<'a>(&'a self, lines: &'a str) -> LookupOutcome<'a> {
        match self.status {
            0 => LookupOutcome::Lost,
            status => LookupOutcome::Answered { status, body: &self.body, set_cookies: lines },
        }
    }
}
