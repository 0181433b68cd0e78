//! Bindings of the revocation index: text and bytes in, plain values out.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::wasm_bindgen;

use better_session::gate::forward::renewed;
use better_session::json::{Raw, parse};
use better_session::revocation::endpoints::proves_mailbox;
use better_session::revocation::message::Message;
use better_session::revocation::{
    self, AnswerCookies, AuthCall, CallOutcome, Options, RevocationTarget, Staleness,
};
use better_session::time::duration_seconds;
use better_session::{Config, Verifier};
use better_session_protocol::{config_error, millis};

/// One isolate's marks. A gate that is_revoked by them holds [`Marks::shared`].
#[wasm_bindgen]
pub struct Marks {
    inner: Rc<RefCell<revocation::RevocationState>>,
    verifier: Verifier,
}

/// Bits of [`Marks::wants`].
const BODY: u32 = 1;
const USER: u32 = 2;
const TOKEN: u32 = 4;
const REFUSE: u32 = 8;

impl Marks {
    fn target(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
    ) -> RevocationTarget {
        match (token, user_id) {
            (Some(token), Some(user)) if self.stateless() => RevocationTarget::Session { user, token },
            (Some(token), _) => RevocationTarget::Token(token),
            (None, Some(id)) => RevocationTarget::User { id, except },
            (None, None) => RevocationTarget::Everybody,
        }
    }

    pub(crate) fn shared(&self) -> Rc<RefCell<revocation::RevocationState>> {
        Rc::clone(&self.inner)
    }

    fn stateless(&self) -> bool {
        self.verifier.policy().refresh_cache.is_some()
    }
}

#[wasm_bindgen]
#[allow(clippy::too_many_arguments)] // a flat list crosses the boundary without an object
impl Marks {
    /// `options` is the verifier's; `revocation` is `{ pollInterval, maxStaleness, clockSkew, grace }` in
    /// seconds and `maxMarks`. Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str, revocation: &str) -> Result<Marks, String> {
        let config = Config::from_json(options).map_err(|error| config_error(&error))?;
        let verifier = Verifier::new(config).map_err(|error| config_error(&error))?;
        let stateless = verifier.policy().refresh_cache.is_some();
        let mut settings =
            Options { max_age: duration_seconds(verifier.policy().max_age), stateless, ..Options::default() };
        if let Ok(given) = parse(revocation) {
            let seconds = |name| given.member(name).and_then(Raw::number);
            let set =
                |slot: &mut i64, seconds: Option<f64>| *slot = seconds.map_or(*slot, |s| millis(s * 1000.0));
            set(&mut settings.poll_interval, seconds("pollInterval"));
            set(&mut settings.max_staleness, seconds("maxStaleness"));
            set(&mut settings.clock_skew, seconds("clockSkew"));
            settings.grace = seconds("grace").map_or(0, |seconds| millis(seconds.ceil()));
            let most = seconds("maxMarks").and_then(|most| usize::try_from(millis(most)).ok());
            settings.max_entries = most.unwrap_or(settings.max_entries);
        }
        let inner = Rc::new(RefCell::new(revocation::RevocationState::new(verifier.keys(), &settings)));
        Ok(Self { inner, verifier })
    }

    pub fn is_revoked(&self, token: &str, user_id: &str, updated_at: f64, now: f64) -> bool {
        self.inner.borrow().is_revoked(token, user_id, millis(updated_at), millis(now))
    }

    /// 0 fresh, 1 refresh in the background, 2 await a read, 3 unreachable.
    pub fn standing(&self, now: f64) -> u32 {
        match self.inner.borrow().standing(millis(now)) {
            Staleness::Fresh => 0,
            Staleness::RefreshInBackground => 1,
            Staleness::MustAwait => 2,
            Staleness::Unreachable => 3,
        }
    }

    /// Whether another request's read is under way.
    pub fn reading(&self, now: f64) -> bool {
        self.inner.borrow_mut().freshness().reading(millis(now))
    }

    pub fn begin(&self, now: f64) {
        self.inner.borrow_mut().freshness().begin(millis(now));
    }

    pub fn fail(&self, started: f64, now: f64) {
        self.inner.borrow_mut().freshness().fail(millis(started), millis(now));
    }

    /// "" or the code of what is wrong with the batch.
    pub fn read(&self, batch: &[u8], cursor: &str, started: f64, age: f64, now: f64) -> String {
        let read = self.inner.borrow_mut().read(batch, cursor, millis(started), millis(age), millis(now));
        code(read.map_err(revocation::BatchError::code))
    }

    /// Takes a batch in that is not the feed's. "" or the code of what is wrong with it.
    pub fn take(&self, batch: &[u8], now: f64) -> String {
        code(self.inner.borrow_mut().take(batch, millis(now)).map_err(revocation::BatchError::code))
    }

    /// "" or the code of what is wrong with the batch, which is not taken in.
    pub fn check(&self, batch: &[u8]) -> String {
        code(revocation::entry::check(batch).map_err(revocation::BatchError::code))
    }

    /// The feed dropped marks that came before `arrived`. False: nothing can be answered then.
    #[wasm_bindgen(js_name = raiseFloor)]
    pub fn raise_global_not_before(&self, arrived: f64, now: f64) -> bool {
        self.inner.borrow_mut().raise_global_not_before(millis(arrived), millis(now))
    }

    pub fn cursor(&self) -> String {
        self.inner.borrow().cursor().to_owned()
    }

    pub fn size(&self) -> usize {
        self.inner.borrow().index().len()
    }

    /// Seconds that marks are worth keeping.
    pub fn lifetime(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // at most 400 days
        let seconds = self.inner.borrow().lifetime() as f64;
        seconds
    }

    /// Bits: 1 the body must be known, 2 the caller's user, 4 the caller's token; 8 the call must not be sent.
    pub fn wants(&self, method: &str, path: &str) -> u32 {
        let Some(wants) = self.inner.borrow().wants(method, path) else { return REFUSE };
        [(wants.body, BODY), (wants.user, USER), (wants.token, TOKEN)]
            .iter()
            .fold(0, |bits, (wanted, bit)| if *wanted { bits | bit } else { bits })
    }

    /// How many revocations have arrived; see `Gate.overtaken`.
    pub fn arrived(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // a count of what arrived
        let count = self.inner.borrow().arrived() as f64;
        count
    }

    /// The `Cookie` header with which to look up whose session an answer sets, or "" if that need not be known or is
    /// known already. `set_cookies` are the answer's, one a line.
    #[wasm_bindgen(js_name = newSession)]
    pub fn new_session(&self, path: &str, set_cookies: &str, now: f64) -> String {
        if !proves_mailbox(path) || self.stateless() {
            return String::new();
        }
        let answer = AnswerCookies::read(&self.verifier, "", set_cookies, millis(now));
        if answer.token.is_none() || answer.user_id.is_some() {
            return String::new();
        }
        renewed(self.verifier.names(), "", set_cookies)
    }

    /// The marks of a call, taken in, as a batch for the feed; empty when it changed nobody. `status` 0: the
    /// answer was lost. `cached`: the caller's cache cookie verified. `new_user`: whose session the answer sets, where
    /// its cookies do not say it.
    #[wasm_bindgen(js_name = fromCall)]
    pub fn revoked_by(
        &self,
        method: &str,
        path: &str,
        token: Option<String>,
        user_id: Option<String>,
        body: Option<String>,
        status: u16,
        cached: bool,
        cookie: &str,
        set_cookies: &str,
        new_user: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        let outcome = if status == 0 { CallOutcome::Lost } else { CallOutcome::Answered(status) };
        let mut answer = AnswerCookies::read(&self.verifier, cookie, set_cookies, millis(now));
        answer.user_id = answer.user_id.or(new_user);
        let call = AuthCall {
            method,
            path,
            token: token.as_deref(),
            user_id: user_id.as_deref(),
            body: body.as_deref(),
            outcome,
            cached,
            answer: Some(&answer).filter(|_| status != 0),
            stateless: self.stateless(),
        };
        self.inner.borrow_mut().record(&call, millis(now))
    }

    /// A mark on `token`, or on `user_id` sparing `except`, or on everybody, as a batch for the feed, taken in.
    /// Without a database a token together with its user is revoked for that user, and nothing is on everybody.
    pub fn mark(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        self.inner.borrow_mut().mark(&[self.target(token, user_id, except)], millis(now))
    }

    /// The same without taking it in: for a reporter.
    pub fn batch(
        &self,
        token: Option<String>,
        user_id: Option<String>,
        except: Option<String>,
        now: f64,
    ) -> Vec<u8> {
        self.inner.borrow().batch(&[self.target(token, user_id, except)], millis(now))
    }

    #[wasm_bindgen(js_name = signReport)]
    pub fn sign_report(&self, body: &[u8], time: &str, nonce: &str) -> String {
        self.inner.borrow().sign_report(&Message { body, time, nonce })
    }

    /// "" or the code of why a report is refused whatever its body is.
    #[wasm_bindgen(js_name = admitReport)]
    pub fn admit_report(&self, time: &str, nonce: &str, now: f64) -> String {
        code(
            self.inner
                .borrow()
                .admit_report(time, nonce, millis(now))
                .map_err(revocation::MessageError::code),
        )
    }

    /// "" or the code of why it is refused.
    #[wasm_bindgen(js_name = verifyReport)]
    pub fn verify_report(&self, body: &[u8], time: &str, nonce: &str, signature: &str, now: f64) -> String {
        let checked =
            self.inner.borrow().verify_report(&Message { body, time, nonce }, signature, millis(now));
        code(checked.map_err(revocation::MessageError::code))
    }
}

fn code(checked: Result<(), &'static str>) -> String {
    checked.err().unwrap_or_default().to_owned()
}
