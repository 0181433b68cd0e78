//! Bindings of what the gate encrypts: identity headers for the server behind it, and session handles.

use better_session::config::secret::SECRET_MISSING;
use better_session::gate::identity::{BoundRequest, IdentityCipher};
use better_session::gate::session_handle;
use better_session::prelude::*;
use better_session::{Config, Verifier};
use better_session_protocol::{config_error, millis, random};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::gate::Gate;
use crate::request::scheme;

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

#[wasm_bindgen]
impl Gate {
    /// Returns the identity header of a verdict's session, or "" if the verdict has no session, there is no secret, or no
    /// random bytes are available. A server behind the gate treats a missing identity as no session.
    #[wasm_bindgen(js_name = seal)]
    pub fn encrypt_identity(
        &self,
        verdict: &str,
        method: &str,
        path: &str,
        cookie: &str,
        flags: u32,
        now: f64,
    ) -> String {
        let Ok(verdict) = better_session::json::parse(verdict) else { return String::new() };
        let (Some(cipher), Some(session), Some(user), Some(nonce)) =
            (&self.identity_cipher, verdict.member("session"), verdict.member("user"), random())
        else {
            return String::new();
        };
        let request = BoundRequest { method, path, cookie };
        let cookies = self.verifier.keys().map(|keys| (keys, self.verifier.names(), scheme(flags)));
        cipher.encrypt(session.text(), user.text(), &request, cookies, millis(now), nonce).unwrap_or_default()
    }

    /// Returns the handle of a session token for a user, or "" without a secret.
    pub fn handle(&self, user_id: &str, token: &str) -> String {
        let made = self.verifier.keys().and_then(|keys| session_handle::encrypt(keys, user_id, token));
        made.unwrap_or_default()
    }

    /// Returns the session token of a user's handle, or "" if the handle is not one of this user.
    pub fn token(&self, user_id: &str, handle: &str) -> String {
        let token = self.verifier.keys().and_then(|keys| session_handle::decrypt(keys, user_id, handle));
        token.unwrap_or_default()
    }
}
