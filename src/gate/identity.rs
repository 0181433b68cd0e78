//! The identity header: the visitor's session, encrypted for the server behind the gate with XChaCha20-Poly1305 under a
//! separate key, bound to the method and path of one request and valid for 30 seconds.
//!
//! The header is the base64url of nonce (24 bytes) ‖ ciphertext ‖ tag. The plaintext is
//! `{"at":ms,"session":…,"user":…}`, or, if the request carries the session's cache, `{"at":ms,"cache":{"cookie":name,
//! "secure":…,"host":…,"hash":…},"session":{"id":…},"user":{"id":…}}`. A second copy of the session would make the headers longer
//! than a server accepts. For the same reason a session that is not in a cookie goes without its longest members.

use crate::cache::session::CachedSession;
use crate::cache::{self, Strategy, claims, decode_base64url, encode_base64url};
use crate::cookie::session_cookies::{self, CookieNames, Lookup, Scheme};
use crate::json::{self, Raw, Reader, push_string};
use crate::keyring::Keys;
use crate::prelude::*;
use crate::primitives::crypto::sha256;
use crate::primitives::crypto::xchacha20poly1305::{NONCE_BYTES, XChaCha20Poly1305};
use crate::time::Millis;

/// The name of the request header. The gate removes it from incoming requests.
pub const HEADER: &str = "x-better-session-identity";

/// How long an identity is valid, in milliseconds: the time of a request from the gate to the server.
pub const LIFETIME: Millis = 30_000;

/// How far the server's clock may be behind the gate's, in milliseconds.
pub const SKEW: Millis = 5_000;

/// Longest session and user, in bytes of JSON, that are encrypted whole. Node refuses a request with 16 KiB of headers.
const MAX_CONTENT: usize = 6 * 1024;

/// Longest member, in bytes of JSON, of a session or user that is longer than that.
const MAX_MEMBER: usize = 512;

/// Longest header accepted, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Encrypts and decrypts identities. The current secret's key encrypts; every secret's key decrypts.
pub struct IdentityCipher {
    current: XChaCha20Poly1305,
    older: Vec<XChaCha20Poly1305>,
}

impl core::fmt::Debug for IdentityCipher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("IdentityCipher").finish_non_exhaustive()
    }
}

/// The request to which an identity is bound.
#[derive(Debug, Clone, Copy)]
pub struct BoundRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, as it is forwarded.
    pub path: &'a str,
    /// The `Cookie` header, as it is forwarded.
    pub cookie: &'a str,
}

/// The header is forged, for another request, or expired. The error does not tell which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecryptError;

impl IdentityCipher {
    /// Creates the cipher from derived keys.
    #[must_use]
    pub fn new(keys: &Keys) -> Self {
        let older = keys.all().filter(|(_, current)| !current).map(|(key, _)| key.gate.identity.clone());
        Self { current: keys.current.gate.identity.clone(), older: older.collect() }
    }

    /// Encrypts `session` and `user` (JSON texts) for one request, or a reference to its cache cookie if that has the same
    /// texts. Without such a cookie, members longer than 512 bytes are left out of a session and user of more than 6 KiB. `names` and `scheme` are those of the cookies. `nonce` must be random and used once.
    ///
    /// # Errors
    /// Returns an error if the text exceeds the cipher's limit of 256 GiB.
    pub fn encrypt(
        &self,
        session: &str,
        user: &str,
        request: &BoundRequest<'_>,
        cookies: Option<(&Keys, &CookieNames, Option<Scheme>)>,
        now: Millis,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<String, DecryptError> {
        let reference = cookies.and_then(|(keys, names, scheme)| {
            let found = Reference::find(keys, names, request.cookie, scheme)?;
            // The origin may have returned a newer session than the cache has.
            (session == found.cached.session.json && user == found.cached.user.json)
                .then(|| found.text(names))
        });
        let content = reference.flatten().unwrap_or_else(|| whole(session, user));
        let text = ["{\"at\":", &now.to_string(), ",", &content, "}"].concat();
        let bound = binding(request);
        let encrypted = self.current.encrypt(nonce, text.as_bytes(), bound.as_bytes()).ok_or(DecryptError)?;
        Ok(encode_base64url(&encrypted))
    }

    /// Decrypts the header of a request and returns `{"at","session","user"}` as JSON text. `keys` read the request's cache
    /// cookie if the identity refers to it.
    ///
    /// # Errors
    /// Returns the same error for every reason.
    pub fn decrypt(
        &self,
        header: &str,
        request: &BoundRequest<'_>,
        keys: &Keys,
        now: Millis,
    ) -> Result<String, DecryptError> {
        if header.len() > MAX_BYTES {
            return Err(DecryptError);
        }
        let bytes = decode_base64url(header).ok_or(DecryptError)?;
        let bound = binding(request);
        let decrypt = |cipher: &XChaCha20Poly1305| cipher.decrypt(&bytes, bound.as_bytes());
        let plaintext =
            decrypt(&self.current).or_else(|| self.older.iter().find_map(decrypt)).ok_or(DecryptError)?;
        let text = String::from_utf8(plaintext).map_err(|_| DecryptError)?;
        let identity = json::parse(&text).map_err(|_| DecryptError)?;
        let at = identity.member("at").and_then(Raw::number).ok_or(DecryptError)?;
        #[allow(clippy::cast_possible_truncation)] // saturates
        let age = now.saturating_sub(at as Millis);
        if !(SKEW.saturating_neg()..=LIFETIME).contains(&age) {
            return Err(DecryptError);
        }
        if identity.member("cache").is_some() {
            return resolve(identity, request.cookie, keys).ok_or(DecryptError);
        }
        Ok(text)
    }
}

/// The session cache in a `Cookie` header, authenticated but without its window: the gate has checked that.
struct Reference {
    cached: CachedSession,
    secure: bool,
    hash: String,
}

impl Reference {
    fn find(keys: &Keys, names: &CookieNames, header: &str, scheme: Option<Scheme>) -> Option<Self> {
        let cookies = session_cookies::read(names, header, scheme);
        let Lookup::Valid(value) = &cookies.cache else { return None };
        let strategy = Strategy::of_shape(value)?;
        let opened = cache::open(keys, strategy, value).ok()?;
        let (cached, _) = claims::parse(strategy, opened.text, opened.expires_at).ok()?;
        let hash = encode_base64url(&sha256::digest(&[value.as_bytes()]));
        Some(Self { cached, secure: cookies.secure, hash })
    }

    /// Returns the members of an identity that refers to the cache.
    fn text(&self, names: &CookieNames) -> Option<String> {
        let mut text = "\"cache\":{\"cookie\":".to_owned();
        push_string(&mut text, &names.session_data);
        let literal = |value| if value { "true" } else { "false" };
        let (secure, host) = (literal(self.secure), literal(names.host));
        for part in [
            ",\"secure\":",
            secure,
            ",\"host\":",
            host,
            ",\"hash\":\"",
            &self.hash,
            "\"},\"session\":{\"id\":",
        ] {
            text.push_str(part);
        }
        push_string(&mut text, &id(&self.cached.session.json, "id")?);
        text.push_str("},\"user\":{\"id\":");
        push_string(&mut text, &self.cached.user.id);
        text.push('}');
        Some(text)
    }
}

/// Returns the members of an identity without a reference.
fn whole(session: &str, user: &str) -> String {
    let is_long = session.len().saturating_add(user.len()) > MAX_CONTENT;
    let part = |object: &str| if is_long { without_long_members(object) } else { None };
    let (short_session, short_user) = (part(session), part(user));
    let session = short_session.as_deref().unwrap_or(session);
    let user = short_user.as_deref().unwrap_or(user);
    ["\"session\":", session, ",\"user\":", user].concat()
}

/// Returns an object without its long members, or `None` if it is not an object.
fn without_long_members(object: &str) -> Option<String> {
    let mut reader = Reader::new(object);
    let mut out = String::new();
    let mut more = reader.begin_object().ok()?;
    while more {
        let name = reader.name().ok()?;
        let value = reader.value(1).ok()?;
        if name.text().len().saturating_add(value.text().len()) <= MAX_MEMBER {
            out.push_str(if out.is_empty() { "{" } else { "," });
            out.push_str(name.text());
            out.push(':');
            out.push_str(value.text());
        }
        more = reader.more().ok()?;
    }
    out.push_str(if out.is_empty() { "{}" } else { "}" });
    Some(out)
}

/// Returns an identity with the session of the cache to which it refers.
fn resolve(identity: Raw<'_>, header: &str, keys: &Keys) -> Option<String> {
    let cache = identity.member("cache")?;
    let names = CookieNames {
        session_data: cache.member("cookie")?.string()?.into_owned(),
        secure: Some(cache.member("secure")?.is_literal("true")),
        host: cache.member("host").is_some_and(|host| host.is_literal("true")),
        ..CookieNames::default()
    };
    let Reference { cached, hash, .. } = Reference::find(keys, &names, header, None)?;
    let is = |value: Option<Raw<'_>>, expected: &str| value.is_some_and(|value| value.is_string(expected));
    let same = is(cache.member("hash"), &hash)
        && is(identity.member("user")?.member("id"), &cached.user.id)
        && is(identity.member("session")?.member("id"), &id(&cached.session.json, "id")?);
    let at = identity.member("at")?.text();
    same.then(|| {
        ["{\"at\":", at, ",\"session\":", &cached.session.json, ",\"user\":", &cached.user.json, "}"].concat()
    })
}

/// Returns a member of an object that is text.
fn id(object: &str, name: &str) -> Option<String> {
    json::parse(object).ok()?.member(name)?.string().map(alloc::borrow::Cow::into_owned)
}

/// Returns the associated data that binds an identity to its request.
fn binding(request: &BoundRequest<'_>) -> String {
    [request.method, " ", request.path].concat()
}
