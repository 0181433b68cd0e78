//! A JSON Web Key Set (RFC 7517 §5), with the issuers and the audience of the caches that it verifies.

use core::fmt;

use crate::error::ConfigError;
use crate::json::{Raw, parse};
use crate::jwks::key::PublicKey;
use crate::jwks::token;
use crate::prelude::*;
use crate::verdict::StaleReason;

/// Maximum number of keys that are read. A server that rotates daily publishes about 31.
const MAX_KEYS: usize = 64;

/// The `aud` that the server writes.
const AUDIENCE: &str = "better-auth:session-cache";

/// The public keys of a server, parsed once. Fetch the set again after some minutes, and when a verdict is
/// [`StaleReason::UnknownKey`], but then at most every ten seconds: the visitor chooses the `kid`.
pub struct KeySet {
    keys: Vec<NamedKey>,
    issuers: Vec<String>,
    audience: String,
}

/// The keys of one `kid`.
struct NamedKey {
    kid: String,
    /// Empty if the key cannot verify caches, or is not alone under its `kid`.
    keys: Vec<PublicKey>,
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet")
            .field("keys", &self.keys.len())
            .field("issuers", &self.issuers)
            .finish_non_exhaustive()
    }
}

impl KeySet {
    /// Parses the body of the server's `/api/auth/jwks`. `issuers` are the accepted `iss`, each the origin of a `baseURL`, without
    /// a path or a slash at its end. Entries that are no key of a cache are kept by name, so that a verdict can say so.
    ///
    /// # Errors
    /// `KEY_SET_MALFORMED` if the text is not a key set, `ISSUER_MISSING` without an issuer.
    pub fn from_json<S: Into<String>>(
        text: &str,
        issuers: impl IntoIterator<Item = S>,
    ) -> Result<Self, ConfigError> {
        const MALFORMED: ConfigError =
            ConfigError::new("KEY_SET_MALFORMED", "a key set must be an object with an array of keys");
        let list = parse(text).ok().and_then(|set| set.member("keys")).filter(|list| list.is_array());
        let mut keys: Vec<NamedKey> = Vec::new();
        for jwk in list.ok_or(MALFORMED)?.each().take(MAX_KEYS) {
            let Some(kid) = kid(jwk) else { continue };
            match keys.iter_mut().find(|key| key.kid == kid) {
                // A token does not say which of two keys signed it.
                Some(twin) => twin.keys.clear(),
                None => keys.push(NamedKey { kid, keys: PublicKey::import(jwk) }),
            }
        }
        let issuers: Vec<String> = issuers.into_iter().map(Into::into).collect();
        if issuers.is_empty() || issuers.iter().any(String::is_empty) {
            return Err(ConfigError::new(
                "ISSUER_MISSING",
                "a key set needs the origin of the server's baseURL",
            ));
        }
        Ok(Self { keys, issuers, audience: AUDIENCE.to_owned() })
    }

    /// Sets the required `aud`, `better-auth:session-cache` by default.
    #[must_use]
    pub fn audience(mut self, audience: &str) -> Self {
        audience.clone_into(&mut self.audience);
        self
    }

    /// Verifies signature, key, and the claims `iss`, `aud`, `sub` and `sid` of a cache.
    pub(crate) fn verify(&self, value: &str) -> Result<(), StaleReason> {
        let token = token::parse(value)?;
        let named = self.keys.iter().find(|key| key.kid == token.kid).ok_or(StaleReason::UnknownKey)?;
        if named.keys.is_empty() {
            return Err(StaleReason::UnsupportedKey);
        }
        // The key's own algorithm decides: a token may repeat it, but not choose another.
        let key = named.keys.iter().find(|key| key.alg() == token.alg);
        if !key.is_some_and(|key| key.verifies(token.signed.as_bytes(), &token.signature)) {
            return Err(StaleReason::CacheBadSignature);
        }
        token::check_claims(token.claims, &self.issuers, &self.audience)
    }
}

/// Returns the `kid` of an entry, or `None` if it is no object with one.
fn kid(jwk: Raw<'_>) -> Option<String> {
    jwk.member("kid")?.owned().filter(|kid| !kid.is_empty())
}
