//! core.wasm: the verifier. An authenticated session crosses the boundary as the payload's own text, which JavaScript
//! parses, and as numbers in a static buffer; no JSON is serialised.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes
#![cfg_attr(all(target_family = "wasm", not(feature = "std")), no_std)]

#[cfg(target_family = "wasm")]
mod runtime;

use core::cell::RefCell;
use core::time::Duration;

use better_session::cache::KeySetCheck;
use better_session::credential::{Credential, authorization};
use better_session::prelude::*;
use better_session::{
    CacheInfo, Config, ConfigError, MintRequest, Session, Strategy, UnixMillis, User, Verdict,
};
use better_session_protocol::flags::{
    DEFER_KEY_SET, RESULT_FRESH, RESULT_REFRESH_DUE, RESULT_TOKEN_UNVERIFIED,
};
use better_session_protocol::{config_error, instant, random, scheme, text};
use wasm_bindgen::prelude::wasm_bindgen;

/// The number of [`Verifier::facts`].
const FACTS: usize = 13;

/// A verifier, whose keys are derived when it is created.
#[wasm_bindgen]
pub struct Verifier {
    made: Result<better_session::Verifier, ConfigError>,
    facts: [f64; FACTS],
    /// The cache that the key set must verify.
    deferred: String,
}

#[wasm_bindgen]
impl Verifier {
    /// Creates a verifier. An invalid configuration does not throw: see [`Self::fault`].
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Verifier {
        let made = Config::from_json(options).and_then(better_session::Verifier::new);
        Self { made, facts: [0.0; FACTS], deferred: String::new() }
    }

    /// Returns `{"code","message"}` for an invalid configuration, with which every other method returns ""; otherwise "".
    pub fn fault(&self) -> String {
        self.made.as_ref().err().map(config_error).unwrap_or_default()
    }

    /// Returns the address of the last result's numbers: the strategy (0 not authenticated, 1 compact, 2 jwt, 3 jwe); flags
    /// (1 fresh, 2 refresh due, 4 token not verified); and in milliseconds, NaN if absent, `cachedAt`, `cacheExpiresAt`, the session's `expiresAt`,
    /// `createdAt` and `updatedAt`, the user's `createdAt` and `updatedAt`; and the time in which the result stays the same, its
    /// first instant and the one after its last; and the address and the length in bytes of the cache that the key set must
    /// verify, whose length is 0 if there is none. It stays there until the next call.
    pub fn facts(&self) -> *const f64 {
        self.facts.as_ptr()
    }

    /// Verifies a `Cookie` header. Returns the payload of an authenticated session; otherwise the reason, and for a valid token
    /// a space and the token. `flags` are the request's scheme (1 http, 2 https, 0 unknown) and [`DEFER_KEY_SET`], with which
    /// a cache that needs the key set is judged as if it were valid. The numbers then name that cache, and the result counts only
    /// if the key set verifies it.
    pub fn verify(&mut self, cookie_header: &[u8], now: f64, flags: u32) -> String {
        self.facts = [0.0; FACTS];
        let Ok(verifier) = &self.made else { return String::new() };
        let deferred = RefCell::new(String::new());
        let check = match flags & DEFER_KEY_SET {
            0 => KeySetCheck::UNCHECKED,
            _ => KeySetCheck::Deferred(&deferred),
        };
        let (verdict, around) =
            verifier.verify_around(text(cookie_header), scheme(flags & 3), check, instant(now));
        self.defer(deferred.into_inner());
        match verdict {
            Verdict::Authenticated(answer) => {
                let mut flags = if answer.fresh { RESULT_FRESH } else { 0 };
                flags |= if answer.refresh_due { RESULT_REFRESH_DUE } else { 0 };
                flags |= if answer.token_verified { 0 } else { RESULT_TOKEN_UNVERIFIED };
                let flags = f64::from(flags);
                answer.cache.map_or_else(String::new, |cache| {
                    self.record(flags, &answer.session, &answer.user, cache, around)
                })
            }
            Verdict::Stale { reason, token } => [reason.code(), " ", &token].concat(),
            Verdict::Unauthenticated { reason } => reason.code().to_owned(),
        }
    }

    /// Keeps a cache that the key set must verify, and writes its numbers.
    fn defer(&mut self, cache: String) {
        self.deferred = cache;
        let [.., address, length] = &mut self.facts;
        *length = count(self.deferred.len());
        *address = count(self.deferred.as_ptr().addr());
    }

    /// Returns whether an `Authorization` header is a credential that the server may act on; see [`better_session::credential`].
    pub fn heeds(&self, header: &str, any_bearer: bool) -> bool {
        let Ok(verifier) = &self.made else { return true };
        authorization(verifier.server_keys(), header, any_bearer) != Credential::Absent
    }

    /// Opens a bare `session_data` value. Returns its payload, or the reason why it is rejected.
    pub fn open(&mut self, value: &[u8], now: f64) -> String {
        self.facts = [0.0; FACTS];
        let Ok(verifier) = &self.made else { return String::new() };
        match verifier.open_around(text(value), KeySetCheck::UNCHECKED, instant(now)) {
            Ok((opened, around)) => self.record(0.0, &opened.session, &opened.user, opened.cache, around),
            Err(reason) => reason.code().to_owned(),
        }
    }

    /// Writes the numbers and returns the payload.
    fn record(
        &mut self,
        flags: f64,
        session: &Session,
        user: &User,
        cache: CacheInfo,
        [first, end]: [UnixMillis; 2],
    ) -> String {
        let kind = match cache.strategy {
            Strategy::Compact => 1.0,
            Strategy::Jwt => 2.0,
            _ => 3.0,
        };
        let dates = [
            Some(cache.cached_at),
            Some(cache.expires_at),
            Some(session.expires_at),
            session.created_at,
            session.updated_at,
            user.created_at,
            user.updated_at,
            Some(first),
            Some(end),
        ]
        .map(|instant| instant.map_or(f64::NAN, number));
        let facts = [kind, flags].into_iter().chain(dates);
        self.facts.iter_mut().zip(facts).for_each(|(to, from)| *to = from);
        cache.payload
    }

    /// Mints a `session_data` value. `strategy` "", `version` "" and `max_age` 0 (seconds) stand for the configured ones.
    /// Returns "" if the platform provides no random bytes.
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
        let mut request = MintRequest::new(session, user, instant(now), random);
        if let Ok(strategy) = strategy.parse() {
            request = request.strategy(strategy);
        }
        if !version.is_empty() {
            request = request.version(version);
        }
        if max_age > 0.0 {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // saturates
            let seconds = max_age as u64;
            request = request.max_age(Duration::from_secs(seconds));
        }
        verifier.mint(&request)
    }
}

#[allow(clippy::cast_precision_loss)] // a date is far below 2^53
fn number(instant: UnixMillis) -> f64 {
    instant.as_millis() as f64
}

#[allow(clippy::cast_possible_truncation)] // WebAssembly has 32 bits
fn count(size: usize) -> f64 {
    f64::from(size as u32)
}

/// Decodes a value without a secret. Returns JSON, or `null` for a malformed value.
#[wasm_bindgen]
pub fn decode(value: &str) -> String {
    better_session_protocol::verdict::decoded(better_session::cache::decode::decode(value).as_ref())
}
