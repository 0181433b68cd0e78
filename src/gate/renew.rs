//! Minting the cache again at the edge, for servers without a database (`cookieCache.refreshCache`), in the
//! way the server does it: the cache anew, and the token with its full lifetime.

use crate::codec::Minting;
use crate::jar::{Found, SECURE_PREFIX};
use crate::time::UnixMillis;
use crate::verdict::Verdict;
use crate::verifier::Verifier;

/// The `Set-Cookie` lines that renew what `cookie` carries, when that is due; else none. `random` is 32 fresh
/// random bytes.
#[must_use]
pub fn renew(verifier: &Verifier, cookie: &str, now: UnixMillis, random: [u8; 32]) -> Vec<String> {
    let policy = verifier.policy();
    let session = match verifier.verify(cookie, now) {
        Verdict::Authenticated(session) if session.refresh_due && policy.refresh_cache.is_some() => session,
        _ => return Vec::new(),
    };
    let jar = verifier.jar(cookie);
    let names = verifier.names();
    let name = |plain: &str| if jar.secure { [SECURE_PREFIX, plain].concat() } else { plain.to_owned() };
    let minted = verifier.mint(
        policy.strategy(),
        &Minting {
            session: &session.cached.session,
            user: &session.cached.user,
            version: &session.cached.version,
            now,
            max_age: policy.max_age,
            random,
        },
    );
    let attributes = verifier.attributes();
    let mut lines = attributes.chunked(&name(&names.session_data), &minted, Some(policy.max_age));
    if lines.is_empty() {
        return lines;
    }
    let for_this_visit = matches!(jar.dont_remember, Found::Value(_));
    let max_age = if for_this_visit { None } else { Some(policy.expires_in) };
    let token = verifier.sign(&session.cached.token);
    lines.push(attributes.line(&name(&names.session_token), &token, max_age));
    lines
}
