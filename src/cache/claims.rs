//! The payload of a cache (`session`, `user`, `updatedAt`, `version`), checked by the rules of Better Auth's own schemas and
//! otherwise left as the server wrote it.

use crate::cache::session::{CacheInfo, CachedSession, Session, User};
use crate::cache::strategy::Strategy;
use crate::json::{Malformed, Raw, Reader};
use crate::prelude::*;
use crate::time::{MAX_DATE, Millis, UnixMillis, parse_iso, to_instant};

/// The registered claims of `jwt` and `jwe`, in seconds (RFC 7519 §4.1).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Claims {
    pub(crate) exp: Option<f64>,
    pub(crate) nbf: Option<f64>,
}

/// The type of a member in Better Auth's own schemas.
#[derive(Clone, Copy)]
enum Kind {
    /// Any type: the schema coerces it to a string.
    Any,
    Text,
    /// A string or `null`.
    NullishText,
    Flag,
    Date,
    Number,
    /// An object of these members, and the index of their first value in [`Values`].
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

/// The members of the payload, and the registered claims.
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

/// A member's value, and its number or instant if it is one.
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

    fn instant(&self) -> UnixMillis {
        UnixMillis::from_millis(to_instant(self.number))
    }

    fn present(&self) -> Option<&Self> {
        Some(self).filter(|value| value.raw.is_some())
    }
}

/// Parses the authenticated text of a cache. `expires_at` is the window of a compact cache; without it the window is the
/// claim `exp`.
pub(crate) fn parse(
    strategy: Strategy,
    text: String,
    expires_at: Option<Millis>,
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
    let instant = |value: &Value<'_>| value.present().map(Value::instant);
    let claims =
        Claims { exp: exp.present().map(|exp| exp.number), nbf: nbf.present().map(|nbf| nbf.number) };
    let expires_at = match expires_at {
        Some(millis) => millis.clamp(-MAX_DATE, MAX_DATE),
        None => to_instant(claims.exp.ok_or(Malformed)? * 1000.0),
    };
    let mut version = version.text();
    if version.is_empty() {
        version.push('1');
    }
    let session = Session {
        json: session.json(),
        token: token.text(),
        expires_at: session_expires.instant(),
        created_at: instant(session_created),
        updated_at: instant(session_updated),
    };
    let user = User {
        json: user.json(),
        id: user_id.text(),
        created_at: instant(user_created),
        updated_at: instant(user_updated),
    };
    let (cached_at, expires_at) = (updated_at.instant(), UnixMillis::from_millis(expires_at));
    let cache = CacheInfo { strategy, version, cached_at, expires_at, payload: text };
    Ok((CachedSession { session, user, cache }, claims))
}

/// Reads the values of `members` in an object that is `depth` levels deep. Of a repeated name the last value counts, as with
/// `JSON.parse`.
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

/// Returns a value's number or instant, 0 for other kinds, or `None` if the value is not of its kind.
fn read(kind: Kind, raw: Raw<'_>) -> Option<f64> {
    let text = raw.text();
    let is_of_kind = match kind {
        Kind::Number => return raw.number(),
        #[allow(clippy::cast_precision_loss)] // a date is far below 2^53
        Kind::Date => return parse_iso(&raw.string()?).map(|millis| millis as f64),
        Kind::Flag => text == "true" || text == "false",
        Kind::NullishText => text == "null" || text.starts_with('"'),
        Kind::Text => text.starts_with('"'),
        Kind::Object(..) => raw.is_object(),
        Kind::Any => true,
    };
    is_of_kind.then_some(0.0)
}
