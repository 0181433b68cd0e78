//! Caches that the server signs with the keys of its JWT plugin (`jwt({ sessionCookieCache: true })`). The caller verifies them
//! with the public keys, and passes the result on.

use core::cell::RefCell;

use crate::cache::{Opened, decode_text};
use crate::prelude::*;
use crate::primitives::bytes::split_once;
use crate::verdict::StaleReason;

/// The `typ` of a cache that the server signs with a key of its key set.
pub(crate) const KEY_SET_TYPE: &str = "better-auth.session-cache+jwt";

/// The result of verifying a cache with the server's key set.
#[derive(Debug, Clone, Copy)]
pub enum KeySetCheck<'a> {
    /// Signature, header and the claims `iss`, `aud`, `sub` and `sid` of exactly this value are valid.
    Valid(&'a str),
    /// The cache is not accepted, for this reason.
    Rejected(StaleReason),
    /// The cache is wanted, for a check: the text becomes the cache.
    Ask(&'a RefCell<String>),
    /// The cache is judged as if it were valid, and the text becomes the cache. The caller must not use the verdict before the key
    /// set has verified that text.
    Deferred(&'a RefCell<String>),
    /// The server's key set, which verifies the cache.
    #[cfg(feature = "jwks")]
    Keys(&'a crate::jwks::KeySet),
    /// The cache comes from a response of the server itself, so its signature is not needed.
    FromServer,
}

impl KeySetCheck<'_> {
    /// The check of a caller without a key set.
    pub const UNCHECKED: Self = Self::Rejected(StaleReason::UnknownKey);
}

impl Default for KeySetCheck<'_> {
    fn default() -> Self {
        Self::UNCHECKED
    }
}

/// Returns the claims of `value` if `check` vouches for it.
pub(crate) fn open(value: &str, check: KeySetCheck<'_>) -> Result<Opened, StaleReason> {
    match check {
        KeySetCheck::Rejected(reason) => return Err(reason),
        KeySetCheck::Ask(asked) => {
            asked.replace(value.to_owned());
            return Err(StaleReason::UnknownKey);
        }
        #[cfg(feature = "jwks")]
        KeySetCheck::Keys(keys) => keys.verify(value)?,
        KeySetCheck::Deferred(cache) => {
            cache.replace(value.to_owned());
        }
        KeySetCheck::Valid(valid) if valid != value => return Err(StaleReason::UnknownKey),
        _ => {}
    }
    let claims = split_once(value, b'.').and_then(|(_, rest)| split_once(rest, b'.'));
    let text = claims.and_then(|(claims, _)| decode_text(claims)).ok_or(StaleReason::CacheMalformed)?;
    Ok(Opened { text, expires_at: None, current: true })
}
