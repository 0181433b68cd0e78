//! What a cache carries: `session`, `user`, `updatedAt`, `version`, checked by the rules of Better Auth's own
//! schema and otherwise left as the server wrote it.

use std::fmt;

use crate::json::{Malformed, Raw, Reader};
use crate::time::{MAX_DATE, UnixMillis, parse_iso, to_instant};

/// A cached session. The objects stay JSON text, so that nothing that a plugin stored is lost or reshaped.
#[derive(Clone, PartialEq)]
pub struct CachedSession {
    /// The `session` object as JSON text.
    pub session: String,
    /// The `user` object as JSON text.
    pub user: String,
    /// `session.token`.
    pub token: String,
    /// `session.expiresAt`.
    pub session_expires_at: UnixMillis,
    /// `session.createdAt`, which freshness is counted from.
    pub session_created_at: Option<UnixMillis>,
    /// `session.updatedAt`.
    pub session_updated_at: Option<UnixMillis>,
    /// `user.id`.
    pub user_id: String,
    /// `user.createdAt`.
    pub user_created_at: Option<UnixMillis>,
    /// `user.updatedAt`.
    pub user_updated_at: Option<UnixMillis>,
    /// `version`, `"1"` where the cache has none (before Better Auth 1.4) or an empty one.
    pub version: String,
    /// When the server wrote the cache: the payload's `updatedAt`.
    pub cached_at: UnixMillis,
    /// End of the cache's own window.
    pub cache_expires_at: UnixMillis,
    /// The whole text that was authenticated: these objects, members that no field has, and claims. Empty for a
    /// session that no cache vouches for.
    pub payload: String,
}

impl fmt::Debug for CachedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSession")
            .field("version", &self.version)
            .field("cached_at", &self.cached_at)
            .field("cache_expires_at", &self.cache_expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl CachedSession {
    /// The `session` as a type of yours. Dates are ISO 8601 strings.
    pub fn session<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.session)
    }

    /// The `user` as a type of yours. Dates are ISO 8601 strings.
    pub fn user<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.user)
    }
}

/// The registered claims of `jwt` and `jwe`, in seconds (RFC 7519 §4.1).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Claims {
    pub(crate) exp: Option<f64>,
    pub(crate) nbf: Option<f64>,
}

/// What a member must be, as Better Auth's own schemas have it.
#[derive(Clone, Copy)]
enum Kind {
    /// Of any type: the schema makes a string of it.
    Any,
    Text,
    /// A string or `null`.
    NullishText,
    Flag,
    Date,
    Number,
    /// An object of these members. Their values stand from this place on.
    Object(&'static [Member], usize),
}

#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    kind: Kind,
    required: bool,
}

const fn required(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, required: true }
}

const fn optional(name: &'static str, kind: Kind) -> Member {
    Member { name, kind, required: false }
}

const OWN: usize = 7;
const OF_SESSION: usize = 8;
const OF_USER: usize = 7;

/// What the server writes around the session, and the registered claims.
static PAYLOAD: [Member; OWN] = [
    required("session", Kind::Object(&SESSION, OWN)),
    required("user", Kind::Object(&USER, OWN + OF_SESSION)),
    required("updatedAt", Kind::Number),
    optional("version", Kind::Text),
    optional("exp", Kind::Number),
    optional("nbf", Kind::Number),
    optional("iat", Kind::Number),
];

/// `sessionSchema`, in its order.
pub(crate) static SESSION: [Member; OF_SESSION] = [
    required("id", Kind::Text),
    optional("createdAt", Kind::Date),
    optional("updatedAt", Kind::Date),
    required("userId", Kind::Any),
    required("expiresAt", Kind::Date),
    required("token", Kind::Text),
    optional("ipAddress", Kind::NullishText),
    optional("userAgent", Kind::NullishText),
];

/// `userSchema`, in its order.
pub(crate) static USER: [Member; OF_USER] = [
    required("id", Kind::Text),
    optional("createdAt", Kind::Date),
    optional("updatedAt", Kind::Date),
    required("email", Kind::Text),
    optional("emailVerified", Kind::Flag),
    required("name", Kind::Text),
    optional("image", Kind::NullishText),
];

/// The values of `PAYLOAD`, `SESSION` and `USER`, in their order.
type Values<'a> = [Value<'a>; OWN + OF_SESSION + OF_USER];

/// A member's value, and the number or the instant that it is.
#[derive(Clone, Copy, Default)]
struct Value<'a> {
    raw: Option<Raw<'a>>,
    number: f64,
}

impl Value<'_> {
    fn text(&self) -> String {
        self.raw.and_then(Raw::owned).unwrap_or_default()
    }

    fn json(&self) -> String {
        self.raw.map_or("", Raw::text).to_owned()
    }

    fn millis(&self) -> UnixMillis {
        to_instant(self.number)
    }

    fn present(&self) -> Option<&Self> {
        Some(self).filter(|value| value.raw.is_some())
    }
}

/// Reads the authenticated text of a cache. `expires_at` is the window of a compact cache; without it the
/// window is the `exp` claim's.
pub(crate) fn parse(
    text: String,
    expires_at: Option<UnixMillis>,
) -> Result<(CachedSession, Claims), Malformed> {
    let mut values = Values::default();
    let mut reader = Reader::new(&text);
    object(&mut reader, &PAYLOAD, 1, &mut values)?;
    reader.end()?;
    for (member, value) in PAYLOAD.iter().chain(&SESSION).chain(&USER).zip(&mut values) {
        match value.raw {
            Some(raw) => value.number = read(member.kind, raw).ok_or(Malformed)?,
            None if member.required => return Err(Malformed),
            None => {}
        }
    }
    let [session, user, updated_at, version, exp, nbf, _iat, rest @ ..] = &values;
    let [_id, session_created, session_updated, _owner, session_expires, token, _ip, _agent, rest @ ..] =
        rest;
    let [user_id, user_created, user_updated, ..] = rest;
    let instant = |value: &Value<'_>| value.present().map(Value::millis);
    let claims =
        Claims { exp: exp.present().map(|exp| exp.number), nbf: nbf.present().map(|nbf| nbf.number) };
    let cache_expires_at = match expires_at {
        Some(millis) => millis.clamp(-MAX_DATE, MAX_DATE),
        None => to_instant(claims.exp.ok_or(Malformed)? * 1000.0),
    };
    let mut version = version.text();
    if version.is_empty() {
        version.push('1');
    }
    let cached = CachedSession {
        session: session.json(),
        user: user.json(),
        token: token.text(),
        session_expires_at: session_expires.millis(),
        session_created_at: instant(session_created),
        session_updated_at: instant(session_updated),
        user_id: user_id.text(),
        user_created_at: instant(user_created),
        user_updated_at: instant(user_updated),
        version,
        cached_at: updated_at.millis(),
        cache_expires_at,
        payload: String::new(),
    };
    Ok((CachedSession { payload: text, ..cached }, claims))
}

/// Reads an object of `members`, `depth` levels deep: their values, the last one where a name is repeated, as
/// `JSON.parse` has it.
fn object<'a>(
    reader: &mut Reader<'a>,
    members: &[Member],
    depth: usize,
    values: &mut [Value<'a>],
) -> Result<(), Malformed> {
    let mut more = reader.begin_object()?;
    while more {
        let name = reader.name()?.string().ok_or(Malformed)?;
        let known = members.iter().position(|member| member.name == name);
        let start = reader.position();
        let raw = match known.and_then(|at| members.get(at)).map(|member| member.kind) {
            Some(Kind::Object(inner, first)) if reader.is_at_object() => {
                let end = first.saturating_add(inner.len());
                let inner_values = values.get_mut(first..end).unwrap_or_default();
                inner_values.fill(Value::default());
                object(reader, inner, depth.saturating_add(1), inner_values)?;
                reader.since(start)
            }
            _ => reader.value(depth)?,
        };
        if let Some(value) = known.and_then(|at| values.get_mut(at)) {
            value.raw = Some(raw);
        }
        more = reader.more()?;
    }
    Ok(())
}

/// The number or instant that a value is, 0 where it is another thing; nothing when it is not of its kind.
fn read(kind: Kind, raw: Raw<'_>) -> Option<f64> {
    let text = raw.text();
    let sound = match kind {
        Kind::Number => return raw.number(),
        #[allow(clippy::cast_precision_loss)] // a date is far below 2^53
        Kind::Date => return parse_iso(&raw.string()?).map(|millis| millis as f64),
        Kind::Flag => text == "true" || text == "false",
        Kind::NullishText => text == "null" || text.starts_with('"'),
        Kind::Text => text.starts_with('"'),
        Kind::Object(..) => raw.is_object(),
        Kind::Any => true,
    };
    sound.then_some(0.0)
}
