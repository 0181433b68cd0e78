//! Bindings of the core: text in, JSON text out.

use wasm_bindgen::prelude::wasm_bindgen;

use super::convert::{config_error, millis};
use crate::codec::{Minting, Strategy};
use crate::{Config, report};

/// One long-lived handle: keys are derived when it is made.
#[wasm_bindgen]
pub struct Verifier(crate::Verifier);

#[wasm_bindgen]
impl Verifier {
    /// Throws `{"code","message"}` as text for a wrong configuration.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Verifier, String> {
        let verifier = Config::from_json(options).and_then(crate::Verifier::new);
        verifier.map(Verifier).map_err(|error| config_error(&error))
    }

    pub fn verify(&self, cookie_header: &str, now: f64) -> String {
        report::verdict(&self.0.verify(cookie_header, millis(now)))
    }

    pub fn open(&self, value: &str, now: f64) -> String {
        report::opened(&self.0.open(value, millis(now)))
    }

    /// The whole authenticated text of a value that `open` accepts.
    pub fn payload(&self, value: &str, now: f64) -> Option<String> {
        self.0.open_with_text(value, millis(now)).ok().map(|(_, text)| text)
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
        let policy = self.0.policy();
        let configured = policy.version.as_deref().unwrap_or("1");
        let minting = Minting {
            session,
            user,
            version: if version.is_empty() { configured } else { version },
            now: millis(now),
            max_age: if max_age > 0.0 { millis(max_age) } else { policy.max_age },
            random: random.try_into().unwrap_or_default(),
        };
        self.0.mint(Strategy::from_name(strategy).unwrap_or(policy.strategy()), &minting)
    }

    /// Signs a cookie's value, before percent-encoding.
    pub fn sign(&self, value: &str) -> String {
        self.0.sign(value)
    }
}

/// Takes a value apart without a secret.
#[wasm_bindgen]
pub fn decode(value: &str) -> String {
    report::decoded(crate::decode::decode(value).as_ref())
}
