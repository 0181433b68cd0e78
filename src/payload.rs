//! What a cache carries: `session`, `user`, `updatedAt`, `version`, checked by the rules of Better Auth's own
//! schema and otherwise left as the server wrote it.

use std::borrow::Cow;
use std::fmt;

use crate::json::{Malformed, Raw, Reader};
use crate::time::{MAX_DATE, UnixMillis, parse_iso};

/// A cached session. The objects stay JSON text, so that nothing that a plugin stored is lost or reshaped.
#[derive(Clone, PartialEq)]
pub struct Cached {
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
    /// `user.id`.
    pub user_id: String,
    /// `version`, `"1"` where the cache has none (before Better Auth 1.4) or an empty one.
    pub version: String,
    /// When the server wrote the cache: the payload's `updatedAt`.
    pub cached_at: UnixMillis,
    /// End of the cache's own window.
    pub cache_expires_at: UnixMillis,
}

impl fmt::Debug for Cached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("version", &self.version)
            .field("cached_at", &self.cached_at)
            .field("cache_expires_at", &self.cache_expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl Cached {
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

/// Reads the authenticated text of a cache. `expires_at` is the window of a compact cache; without it the
/// window is the `exp` claim's.
pub(crate) fn parse(text: &str, expires_at: Option<UnixMillis>) -> Result<(Cached, Claims), Malformed> {
    let mut draft = Draft::default();
    let mut reader = Reader::new(text);
    let mut more = reader.begin_object()?;
    while more {
        let name = reader.name()?.string().ok_or(Malformed)?;
        match name.as_ref() {
            "session" => draft.session = Some(SessionHead::read(&mut reader)?),
            "user" => draft.user = Some(UserHead::read(&mut reader)?),
            "updatedAt" => draft.updated_at = Some(number(reader.value(1)?)?),
            "version" => draft.version = Some(reader.value(1)?.string().ok_or(Malformed)?),
            "exp" => draft.claims.exp = Some(number(reader.value(1)?)?),
            "nbf" => draft.claims.nbf = Some(number(reader.value(1)?)?),
            "iat" => drop(number(reader.value(1)?)?),
            _ => drop(reader.value(1)?),
        }
        more = reader.more()?;
    }
    reader.end()?;
    let session = draft.session.ok_or(Malformed)?;
    let user = draft.user.ok_or(Malformed)?;
    let cache_expires_at = match expires_at {
        Some(millis) => millis,
        None => to_millis(draft.claims.exp.ok_or(Malformed)? * 1000.0),
    };
    let cached = Cached {
        session: session.text.to_owned(),
        user: user.text.to_owned(),
        token: session.token.into_owned(),
        session_expires_at: session.expires_at,
        session_created_at: session.created_at,
        user_id: user.id.into_owned(),
        version: draft
            .version
            .filter(|version| !version.is_empty())
            .map_or_else(|| "1".to_owned(), Cow::into_owned),
        cached_at: to_millis(draft.updated_at.ok_or(Malformed)?),
        cache_expires_at: cache_expires_at.clamp(-MAX_DATE, MAX_DATE),
    };
    Ok((cached, draft.claims))
}

#[derive(Default)]
struct Draft<'a> {
    session: Option<SessionHead<'a>>,
    user: Option<UserHead<'a>>,
    updated_at: Option<f64>,
    version: Option<Cow<'a, str>>,
    claims: Claims,
}

struct SessionHead<'a> {
    text: &'a str,
    token: Cow<'a, str>,
    expires_at: UnixMillis,
    created_at: Option<UnixMillis>,
}

impl<'a> SessionHead<'a> {
    /// Better Auth's `sessionSchema`: `id`, `token` strings, `expiresAt` a date, the others as below.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let (mut id, mut owner, mut token, mut expires_at, mut created_at) = (false, false, None, None, None);
        let text = members(reader, |name, value| {
            match name {
                "id" => id = value.string().is_some(),
                "userId" => owner = true, // of any type: the schema makes a string of it
                "token" => token = Some(value.string().ok_or(Malformed)?),
                "expiresAt" => expires_at = Some(date(value)?),
                "createdAt" => created_at = Some(date(value)?),
                "updatedAt" => drop(date(value)?),
                "ipAddress" | "userAgent" => nullish_string(value)?,
                _ => {}
            }
            Ok(())
        })?;
        if !id || !owner {
            return Err(Malformed);
        }
        Ok(Self {
            text,
            token: token.ok_or(Malformed)?,
            expires_at: expires_at.ok_or(Malformed)?,
            created_at,
        })
    }
}

struct UserHead<'a> {
    text: &'a str,
    id: Cow<'a, str>,
}

impl<'a> UserHead<'a> {
    /// Better Auth's `userSchema`: `id`, `email`, `name` strings, the others as below.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let (mut id, mut email, mut named) = (None, false, false);
        let text = members(reader, |name, value| {
            match name {
                "id" => id = Some(value.string().ok_or(Malformed)?),
                "email" => email = value.string().is_some(),
                "name" => named = value.string().is_some(),
                "emailVerified" if !value.is_literal("true") && !value.is_literal("false") => {
                    return Err(Malformed);
                }
                "createdAt" | "updatedAt" => drop(date(value)?),
                "image" => nullish_string(value)?,
                _ => {}
            }
            Ok(())
        })?;
        if !email || !named {
            return Err(Malformed);
        }
        Ok(Self { text, id: id.ok_or(Malformed)? })
    }
}

/// Reads an object at the second level, giving each member to `visit`; returns the object's text.
fn members<'a>(
    reader: &mut Reader<'a>,
    mut visit: impl FnMut(&str, Raw<'a>) -> Result<(), Malformed>,
) -> Result<&'a str, Malformed> {
    let start = reader.position();
    let mut more = reader.begin_object()?;
    while more {
        let name = reader.name()?.string().ok_or(Malformed)?;
        let value = reader.value(2)?;
        visit(&name, value)?;
        more = reader.more()?;
    }
    Ok(reader.since(start).text())
}

fn date(value: Raw<'_>) -> Result<UnixMillis, Malformed> {
    value.string().and_then(|text| parse_iso(&text)).ok_or(Malformed)
}

fn number(value: Raw<'_>) -> Result<f64, Malformed> {
    value.number().ok_or(Malformed)
}

fn nullish_string(value: Raw<'_>) -> Result<(), Malformed> {
    if value.is_literal("null") || value.string().is_some() { Ok(()) } else { Err(Malformed) }
}

/// Whole milliseconds; what lies beyond the range of a `Date` is held at its end.
fn to_millis(number: f64) -> UnixMillis {
    #[allow(clippy::cast_possible_truncation)] // saturates, and NaN cannot come out of JSON
    let millis = number as i64;
    millis.clamp(-MAX_DATE, MAX_DATE)
}
