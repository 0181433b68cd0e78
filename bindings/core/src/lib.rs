//! Bindings of the core. What it proves leaves as the authenticated text itself, which JavaScript parses, and as
//! numbers in a place of their own: nothing is written anew.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes

use better_session::cache::claims::CachedSession;
use better_session::cache::{MintRequest, Strategy};
use better_session::credential::{Credential, authorization};
use better_session::time::UnixMillis;
use better_session::{Config, ConfigError, Verdict};
use better_session_protocol::{config_error, millis, random, scheme, text};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// How many numbers there are.
const FACTS: usize = 9;

/// One long-lived handle: keys are derived when it is made.
#[wasm_bindgen]
pub struct Verifier {
    made: Result<better_session::Verifier, ConfigError>,
    facts: [f64; FACTS],
}

#[wasm_bindgen]
impl Verifier {
    /// Look at [`Self::fault`] next: a wrong configuration is told, not thrown.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Verifier {
        let made = Config::from_json(options).and_then(better_session::Verifier::new);
        Self { made, facts: [0.0; FACTS] }
    }

    /// `{"code","message"}` for a wrong configuration, under which nothing is proven; else "".
    pub fn fault(&self) -> String {
        self.made.as_ref().err().map(config_error).unwrap_or_default()
    }

    /// Where the facts of the last answer are: the strategy (0: nothing is proven; 1 compact, 2 jwt, 3 jwe); flags (1:
    /// fresh, 2: refresh due); and in milliseconds, NaN where there is none, `cachedAt`, `cacheExpiresAt`, the session's
    /// `expiresAt`, `createdAt` and `updatedAt`, the user's `createdAt` and `updatedAt`.
    pub fn facts(&self) -> *const f64 {
        self.facts.as_ptr()
    }

    /// The payload of a proven session; else the reason, and for a genuine token a space and the token.
    /// `number` is the request's scheme: 1 http, 2 https, 0 unknown.
    pub fn verify(&mut self, cookie_header: &[u8], now: f64, number: u32) -> String {
        self.facts = [0.0; FACTS];
        let Ok(verifier) = &self.made else { return String::new() };
        match verifier.verify_with_scheme(text(cookie_header), scheme(number), millis(now)) {
            Verdict::Authenticated(answer) => {
                let flags = f64::from(u8::from(answer.fresh) | (u8::from(answer.refresh_due) << 1));
                self.proven(answer.strategy, flags, answer.cached)
            }
            Verdict::Stale { reason, token } => [reason.code(), " ", &token].concat(),
            Verdict::Unauthenticated { reason } => reason.code().to_owned(),
        }
    }

    /// Returns whether an `Authorization` header is a credential that the server may act on; see [`better_session::credential`].
    pub fn heeds(&self, header: &str, any_bearer: bool) -> bool {
        let Ok(verifier) = &self.made else { return true };
        authorization(verifier.keys(), header, any_bearer) != Credential::Absent
    }

    /// The payload of a value that opens; else the reason.
    pub fn open(&mut self, value: &[u8], now: f64) -> String {
        self.facts = [0.0; FACTS];
        let Ok(verifier) = &self.made else { return String::new() };
        match verifier.open(text(value), millis(now)) {
            Ok(opened) => self.proven(opened.strategy, 0.0, opened.cached),
            Err(reason) => reason.code().to_owned(),
        }
    }

    fn proven(&mut self, strategy: Strategy, flags: f64, cached: CachedSession) -> String {
        let kind = match strategy {
            Strategy::Compact => 1.0,
            Strategy::Jwt => 2.0,
            Strategy::Jwe => 3.0,
        };
        let dates = [
            Some(cached.cached_at),
            Some(cached.cache_expires_at),
            Some(cached.session_expires_at),
            cached.session_created_at,
            cached.session_updated_at,
            cached.user_created_at,
            cached.user_updated_at,
        ]
        .map(|instant| instant.map_or(f64::NAN, number));
        let facts = [kind, flags].into_iter().chain(dates);
        self.facts.iter_mut().zip(facts).for_each(|(to, from)| *to = from);
        cached.payload
    }

    /// Mints a `session_data` value; `strategy` "" is the configured one, `version` "" the configured one,
    /// `max_age` 0 the configured one. Returns "" if the platform gives no random bytes.
    #[allow(clippy::too_many_arguments)] // a flat list crosses the boundary without an object
    pub fn mint(
        &self,
        session: &str,
        user: &str,
        strategy: &str,
        version: &str,
        max_age: f64,
        now: f64,
    ) -> String {
        let (Ok(verifier), Some(random)) = (&self.made, random()) else { return String::new() };
        let policy = verifier.policy();
        let configured = policy.version.as_deref().unwrap_or("1");
        let minting = MintRequest {
            session,
            user,
            version: if version.is_empty() { configured } else { version },
            now: millis(now),
            max_age: if max_age > 0.0 { millis(max_age) } else { policy.max_age },
            random,
        };
        verifier.mint(Strategy::from_name(strategy).unwrap_or(policy.strategy()), &minting)
    }
}

#[allow(clippy::cast_precision_loss)] // a date is far below 2^53
fn number(instant: UnixMillis) -> f64 {
    instant as f64
}

/// Takes a value apart without a secret.
#[wasm_bindgen]
pub fn decode(value: &str) -> String {
    better_session_protocol::verdict::decoded(better_session::cache::decode::decode(value).as_ref())
}
