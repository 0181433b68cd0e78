//! Bindings of identity headers for the server behind the gate.

use better_session::config::secret::SECRET_MISSING;
use better_session::gate::identity::{BoundRequest, IdentityCipher};
use better_session::prelude::*;
use better_session::{Config, Verifier};
use better_session_protocol::{config_error, millis};
use wasm_bindgen::prelude::wasm_bindgen;

/// Decrypts identity headers.
#[wasm_bindgen]
pub struct IdentityOpener(IdentityCipher, Verifier);

#[wasm_bindgen]
impl IdentityOpener {
    /// Creates the cipher. Throws `{"code","message"}` as text if the configuration is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<IdentityOpener, String> {
        let verifier = Config::from_json(options).and_then(Verifier::new);
        let verifier = verifier.map_err(|error| config_error(&error))?;
        let cipher = verifier.keys().map(IdentityCipher::new);
        cipher.map(|cipher| Self(cipher, verifier)).ok_or_else(|| config_error(&SECRET_MISSING))
    }

    /// Returns `{"at","session","user"}`, or "" if the header is not a valid identity of this request.
    #[wasm_bindgen(js_name = open)]
    pub fn decrypt(&self, header: &str, method: &str, path: &str, cookie: &str, now: f64) -> String {
        let request = BoundRequest { method, path, cookie };
        let Some(keys) = self.1.keys() else { return String::new() };
        self.0.decrypt(header, &request, keys, millis(now)).unwrap_or_default()
    }
}
