//! Bindings of the core. What it proves leaves as the authenticated text itself, which JavaScript parses, and as
//! numbers in a place of their own: nothing is written anew.

use wasm_bindgen::prelude::wasm_bindgen;

use super::convert::{config_error, millis};
use crate::codec::{Minting, Strategy};
use crate::payload::Cached;
use crate::time::UnixMillis;
use crate::{Config, Verdict, report};

/// How many numbers there are.
const FACTS: usize = 9;

/// One long-lived handle: keys are derived when it is made.
#[wasm_bindgen]
pub struct Verifier {
    verifier: crate::Verifier,
    facts: [f64; FACTS],
}

#[wasm_bindgen]
impl Verifier {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Verifier, String> {
        let verifier = Config::from_json(options).and_then(crate::Verifier::new);
        verifier.map(|verifier| Self { verifier, facts: [0.0; FACTS] }).map_err(|error| config_error(&error))
    }

    /// Where the facts of the last answer are: the strategy (0: nothing is proven; 1 compact, 2 jwt, 3 jwe); flags (1:
    /// fresh, 2: refresh due); and in milliseconds, NaN where there is none, `cachedAt`, `cacheExpiresAt`, the session's
    /// `expiresAt`, `createdAt` and `updatedAt`, the user's `createdAt` and `updatedAt`.
    pub fn facts(&self) -> *const f64 {
        self.facts.as_ptr()
    }

    /// The payload of a proven session; else the reason, and for a genuine token a space and the token.
    pub fn verify(&mut self, cookie_header: &str, now: f64) -> String {
        let [strategy, flags, ..] = &mut self.facts;
        (*strategy, *flags) = (0.0, 0.0);
        match self.verifier.verify(cookie_header, millis(now)) {
            Verdict::Authenticated(answer) => {
                *flags = f64::from(u8::from(answer.fresh) | (u8::from(answer.refresh_due) << 1));
                self.proven(answer.strategy, answer.cached)
            }
            Verdict::Stale { reason, token } => [reason.code(), " ", &token].concat(),
            Verdict::Unauthenticated { reason } => reason.code().to_owned(),
        }
    }

    /// The payload of a value that opens; else the reason.
    pub fn open(&mut self, value: &str, now: f64) -> String {
        self.facts = [0.0; FACTS];
        match self.verifier.open(value, millis(now)) {
            Ok(opened) => self.proven(opened.strategy, opened.cached),
            Err(reason) => reason.code().to_owned(),
        }
    }

    fn proven(&mut self, strategy: Strategy, cached: Cached) -> String {
        let [kind, _, dates @ ..] = &mut self.facts;
        *kind = match strategy {
            Strategy::Compact => 1.0,
            Strategy::Jwt => 2.0,
            Strategy::Jwe => 3.0,
        };
        *dates = [
            Some(cached.cached_at),
            Some(cached.cache_expires_at),
            Some(cached.session_expires_at),
            cached.session_created_at,
            cached.session_updated_at,
            cached.user_created_at,
            cached.user_updated_at,
        ]
        .map(|instant| instant.map_or(f64::NAN, number));
        cached.payload
    }

    /// Mints a `session_data` value; `strategy` "" is the configured one, `version` "" the configured one,
    /// `max_age` 0 the configured one. `random` is 32 random bytes.
    #[allow(clippy::too_many_arguments)] // a flat list crosses the boundary without an object
    pub fn mint(
        &self,
        session: &str,
        user: &str,
        strategy: &str,
        version: &str,
        max_age: f64,
        now: f64,
        random: &[u8],
    ) -> String {
        let policy = self.verifier.policy();
        let configured = policy.version.as_deref().unwrap_or("1");
        let minting = Minting {
            session,
            user,
            version: if version.is_empty() { configured } else { version },
            now: millis(now),
            max_age: if max_age > 0.0 { millis(max_age) } else { policy.max_age },
            random: random.try_into().unwrap_or_default(),
        };
        self.verifier.mint(Strategy::from_name(strategy).unwrap_or(policy.strategy()), &minting)
    }

    /// Signs a cookie's value, before percent-encoding.
    pub fn sign(&self, value: &str) -> String {
        self.verifier.sign(value)
    }
}

#[allow(clippy::cast_precision_loss)] // a date is far below 2^53
fn number(instant: UnixMillis) -> f64 {
    instant as f64
}

/// Takes a value apart without a secret.
#[wasm_bindgen]
pub fn decode(value: &str) -> String {
    report::decoded(crate::decode::decode(value).as_ref())
}
