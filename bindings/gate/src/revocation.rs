//! Bindings of revocation: converts text and bytes, and calls [`RevocationState`].

use alloc::rc::Rc;
use better_session::prelude::*;
use better_session::time::seconds_up;
use core::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use better_session::config::secret::SECRET_MISSING;
use better_session::gate::forward::renewed;
use better_session::json::{Raw, parse};
use better_session::revocation::endpoints::proves_mailbox;
use better_session::revocation::{
    AuthCall, BatchError, CallOutcome, Message, MessageError, Options, ResponseCookies, RevocationState,
    RevocationTarget, Staleness, entry,
};
use better_session::{Config, Verifier};
use better_session_protocol::{config_error, millis};

/// The revocation state of one isolate, `Marks` in JavaScript. The gate shares it.
#[wasm_bindgen(js_name = Marks)]
pub struct Revocation {
    state: Rc<RefCell<RevocationState>>,
    verifier: Verifier,
}

/// The error for an unreadable `revocation` option.
const INVALID_REVOCATION: &str =
    "{\"code\":\"OPTION_INVALID\",\"message\":\"revocation must be an object of JSON values\"}";

/// Bits of `wants`.
const BODY: u32 = 1;
const USER: u32 = 2;
const TOKEN: u32 = 4;
const REJECT: u32 = 8;

impl Revocation {
    fn target(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
    ) -> RevocationTarget {
        match (token, user_id) {
            (Some(token), Some(user)) if self.is_stateless() => RevocationTarget::Session { user, token },
            (Some(token), _) => RevocationTarget::Token(token),
            (None, Some(id)) => RevocationTarget::User { id, except },
            (None, None) => RevocationTarget::Everybody,
        }
    }

    pub(crate) fn shared(&self) -> Rc<RefCell<RevocationState>> {
        Rc::clone(&self.state)
    }

    fn is_stateless(&self) -> bool {
        self.verifier.policy().refresh_cache.is_some()
    }
}

#[wasm_bindgen(js_class = Marks)]
#[allow(clippy::too_many_arguments)] // plain arguments cross the boundary faster than an object
impl Revocation {
    /// Creates the state. `options` is the verifier's; `revocation` is `{ pollInterval, maxStaleness, clockSkew, grace }`
    /// in seconds and `maxMarks`. Throws `{"code","message"}` as text if the configuration is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, revocation: &str) -> Result<Revocation, String> {
        let config = Config::from_json(options).map_err(|error| config_error(&error))?;
        let verifier = Verifier::new(config).map_err(|error| config_error(&error))?;
        let stateless = verifier.policy().refresh_cache.is_some();
        let mut settings = Options {
            max_age: better_session::time::seconds_up(verifier.policy().max_age.as_secs_f64()),
            stateless,
            ..Options::default()
        };
        let given = parse(revocation).map_err(|_| INVALID_REVOCATION.to_owned())?;
        let number = |name| given.member(name).and_then(Raw::number);
        let set =
            |slot: &mut i64, seconds: Option<f64>| *slot = seconds.map_or(*slot, |s| millis(s * 1000.0));
        set(&mut settings.poll_interval, number("pollInterval"));
        set(&mut settings.max_staleness, number("maxStaleness"));
        set(&mut settings.clock_skew, number("clockSkew"));
        settings.grace = number("grace").map_or(0, seconds_up);
        let max_entries = number("maxMarks").and_then(|count| usize::try_from(millis(count)).ok());
        settings.max_entries = max_entries.unwrap_or(settings.max_entries);
        let keys = verifier.keys().ok_or_else(|| config_error(&SECRET_MISSING))?;
        let state = Rc::new(RefCell::new(RevocationState::new(keys, &settings)));
        Ok(Self { state, verifier })
    }

    /// Returns 0 fresh, 1 refresh in the background, 2 await a read, 3 unreachable.
    #[wasm_bindgen(js_name = standing)]
    pub fn staleness(&self, now: f64) -> u32 {
        match self.state.borrow().staleness(millis(now)) {
            Staleness::Fresh => 0,
            Staleness::RefreshInBackground => 1,
            Staleness::MustAwait => 2,
            Staleness::Unreachable => 3,
        }
    }

    /// Returns whether another request's read of the feed is in flight.
    #[wasm_bindgen(js_name = reading)]
    pub fn is_reading(&self, now: f64) -> bool {
        self.state.borrow_mut().freshness().is_reading(millis(now))
    }

    /// Records the start of a read of the feed.
    pub fn begin(&self, now: f64) {
        self.state.borrow_mut().freshness().begin(millis(now));
    }

    /// Records the failure of a read of the feed.
    pub fn fail(&self, started: f64, now: f64) {
        self.state.borrow_mut().freshness().fail(millis(started), millis(now));
    }

    /// Applies the result of a read of the feed. Returns "" or the error's code.
    pub fn read(&self, batch: &[u8], cursor: &str, started: f64, age: f64, now: f64) -> String {
        let read = self.state.borrow_mut().read(batch, cursor, millis(started), millis(age), millis(now));
        code(read.map_err(BatchError::code))
    }

    /// Applies a batch that did not come from the feed. Returns "" or the error's code.
    #[wasm_bindgen(js_name = take)]
    pub fn apply(&self, batch: &[u8], now: f64) -> String {
        code(self.state.borrow_mut().apply(batch, millis(now)).map_err(BatchError::code))
    }

    /// Checks a batch without applying it. Returns "" or the error's code.
    pub fn check(&self, batch: &[u8]) -> String {
        code(entry::check(batch).map_err(BatchError::code))
    }

    /// Records that the feed dropped revocations from before `arrived`. Returns false if the index must not be used.
    #[wasm_bindgen(js_name = raiseFloor)]
    pub fn raise_global_not_before(&self, arrived: f64, now: f64) -> bool {
        self.state.borrow_mut().raise_global_not_before(millis(arrived), millis(now))
    }

    /// Returns the feed position at which the next read continues.
    pub fn cursor(&self) -> String {
        self.state.borrow().cursor().to_owned()
    }

    /// Returns the number of subjects in the index.
    pub fn size(&self) -> usize {
        self.state.borrow().index().len()
    }

    /// Returns how long a revocation must be stored, in seconds.
    pub fn lifetime(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // at most 400 days
        let seconds = self.state.borrow().lifetime() as f64;
        seconds
    }

    /// Returns the inputs that a call needs, as bits: 1 the body, 2 the caller's user, 4 the caller's token; 8 if the call
    /// must not be sent.
    #[wasm_bindgen(js_name = wants)]
    pub fn required_inputs(&self, method: &str, path: &str) -> u32 {
        let Some(inputs) = self.state.borrow().required_inputs(method, path) else { return REJECT };
        [(inputs.body, BODY), (inputs.user, USER), (inputs.token, TOKEN)]
            .iter()
            .fold(0, |bits, (required, bit)| if *required { bits | bit } else { bits })
    }

    /// Returns the number of revocations that have arrived; see [`Gate::is_overtaken`](crate::gate::Gate::is_overtaken).
    #[wasm_bindgen(js_name = arrived)]
    pub fn arrival_count(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // a count below 2^53
        let count = self.state.borrow().arrival_count() as f64;
        count
    }

    /// Returns the `Cookie` header with which to look up the user of the session that a response sets, or "" if the user
    /// is known or not needed. `set_cookies` has a `Set-Cookie` in each line.
    #[wasm_bindgen(js_name = newSession)]
    pub fn new_session(&self, path: &str, set_cookies: &str, now: f64) -> String {
        if !proves_mailbox(path) || self.is_stateless() {
            return String::new();
        }
        let response = ResponseCookies::read(&self.verifier, "", set_cookies, millis(now));
        if response.token.is_none() || response.user_id.is_some() {
            return String::new();
        }
        renewed(self.verifier.names(), "", set_cookies)
    }

    /// Applies the revocations of a call and returns them as a batch for the feed, empty if there is none. `status` is 0
    /// if no response arrived; `cache_verified`: the caller's cache cookie verified; `new_user`: the user of the session
    /// that the response sets, if its cookies do not contain it.
    #[wasm_bindgen(js_name = fromCall)]
    pub fn record(
        &self,
        method: &str,
        path: &str,
        token: Option<String>,
        user_id: Option<String>,
        body: Option<String>,
        status: u16,
        cache_verified: bool,
        cookie: &str,
        set_cookies: &str,
        new_user: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        let outcome = if status == 0 { CallOutcome::Lost } else { CallOutcome::Answered(status) };
        let mut response = ResponseCookies::read(&self.verifier, cookie, set_cookies, millis(now));
        response.user_id = response.user_id.or(new_user);
        let call = AuthCall {
            method,
            path,
            token: token.as_deref(),
            user_id: user_id.as_deref(),
            body: body.as_deref(),
            outcome,
            cache_verified,
            response: Some(&response).filter(|_| status != 0),
            stateless: self.is_stateless(),
        };
        self.state.borrow_mut().record(&call, millis(now))
    }

    /// Revokes `token`, or `user_id` except `except`, or everybody, and returns a batch for the feed. Without a database
    /// a token with its user is revoked for that user, and everybody cannot be revoked.
    #[wasm_bindgen(js_name = mark)]
    pub fn revoke(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        self.state.borrow_mut().revoke(&[self.target(token, user_id, except)], millis(now))
    }

    /// Returns the batch of such a revocation without applying it, for a reporter.
    pub fn batch(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        self.state.borrow().batch(&[self.target(token, user_id, except)], millis(now))
    }

    /// Signs a message to the feed endpoint.
    #[wasm_bindgen(js_name = signReport)]
    pub fn sign_message(&self, body: &[u8], time: &str, nonce: &str) -> String {
        self.state.borrow().sign_message(&Message { body, time, nonce })
    }

    /// Checks the time and the nonce of a message. Returns "" or the error's code.
    #[wasm_bindgen(js_name = admitReport)]
    pub fn check_message_header(&self, time: &str, nonce: &str, now: f64) -> String {
        let checked = self.state.borrow().check_message_header(time, nonce, millis(now));
        code(checked.map_err(MessageError::code))
    }

    /// Verifies a message. Returns "" or the error's code.
    #[wasm_bindgen(js_name = verifyReport)]
    pub fn verify_message(&self, body: &[u8], time: &str, nonce: &str, signature: &str, now: f64) -> String {
        let message = Message { body, time, nonce };
        let verified = self.state.borrow().verify_message(&message, signature, millis(now));
        code(verified.map_err(MessageError::code))
    }
}

fn code(result: Result<(), &'static str>) -> String {
    result.err().unwrap_or_default().to_owned()
}
