//! Session handles: names of sessions for lists that a page shows, in place of session tokens, which are credentials.
//!
//! A handle is the prefix `sh1_` and the base64url of the token, encrypted deterministically under a key of its own. The id of the
//! user to whom it is given is the associated data.

use crate::keyring::Keys;
use crate::prelude::*;
use crate::primitives::encoding::{decode_base64url, encode_base64url};

/// The prefix of every handle. Better Auth's tokens consist of letters and digits.
pub const PREFIX: &str = "sh1_";

/// Longest handle that is read, in bytes. The handle of a token of the server has 100.
const MAX_BYTES: usize = 4096;

/// Returns the handle of a session token for the user with this id, under the current secret. Returns `None` if a library rejects
/// its input, which none does for a token.
#[must_use]
pub fn encrypt(keys: &Keys, user_id: &str, token: &str) -> Option<String> {
    let encrypted = keys.current.gate.handles.encrypt(token.as_bytes(), user_id.as_bytes())?;
    Some([PREFIX, &encode_base64url(&encrypted)].concat())
}

/// Returns the token of a handle that was made for the user with this id, under the current secret or an older one. Returns
/// `None` if it was made for another user, altered, or is not a handle.
#[must_use]
pub fn decrypt(keys: &Keys, user_id: &str, handle: &str) -> Option<String> {
    let text = Some(handle).filter(|handle| handle.len() <= MAX_BYTES)?.strip_prefix(PREFIX)?;
    let bytes = decode_base64url(text)?;
    let token = keys.all().find_map(|(key, _)| key.gate.handles.decrypt(&bytes, user_id.as_bytes()))?;
    String::from_utf8(token).ok()
}
