//! `Set-Cookie` lines: written as Better Auth writes them (the same attributes, order and chunks), and parsed as browsers do.

use crate::prelude::*;
use core::time::Duration;

use crate::cookie::header::{pairs, percent_encode};
use crate::cookie::session_cookies::{HOST_PREFIX, SECURE_PREFIX};
use crate::json::push_integer;
use crate::limits::MAX_CHUNKS;
use crate::time::{Seconds, duration_seconds};

/// The longest serialised cookie, in bytes: Better Auth's limit, a little below Safari's 4093.
const MAX_COOKIE_BYTES: usize = 4050;

/// The longest `Max-Age`, in seconds: 400 days (RFC 6265bis §5.5).
const MAX_AGE_LIMIT: Seconds = 34_560_000;

/// The attributes of a cookie, except for its age.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attributes {
    /// `Domain`, for cross-subdomain cookies; absent by default.
    pub domain: Option<String>,
    /// `Path`, `/` by default.
    pub path: Option<String>,
    /// `SameSite`, `lax` by default.
    pub same_site: Option<String>,
    /// `HttpOnly`, on by default.
    pub http_only: bool,
    /// `Secure`; by default, set if the name has the `__Secure-` prefix.
    pub secure: Option<bool>,
    /// `Partitioned`, off by default; implies `Secure`.
    pub partitioned: bool,
    /// `Max-Age` in place of the one that the session's options give; absent by default. It applies to the session cache, as on
    /// the server.
    pub max_age: Option<Duration>,
}

/// The attributes of the two cookies that are minted again with `refreshCache`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CookieAttributes {
    /// The attributes of the session token.
    pub session_token: Attributes,
    /// The attributes of the session cache and its chunks.
    pub session_data: Attributes,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            domain: None,
            path: Some("/".to_owned()),
            same_site: Some("lax".to_owned()),
            http_only: true,
            secure: None,
            partitioned: false,
            max_age: None,
        }
    }
}

impl Attributes {
    /// Returns the `Set-Cookie` value for `name` and the percent-encoded `value`. Without `max_age` the cookie lasts until the
    /// browser closes.
    #[must_use]
    pub fn line(&self, name: &str, value: &str, max_age: Option<Duration>) -> String {
        let mut line = [name, "=", &percent_encode(value)].concat();
        if let Some(max_age) = max_age {
            line.push_str("; Max-Age=");
            push_integer(&mut line, duration_seconds(max_age).min(MAX_AGE_LIMIT));
        }
        for (attribute, value) in [("; Domain=", &self.domain), ("; Path=", &self.path)] {
            if let Some(value) = value {
                line.push_str(attribute);
                line.push_str(value);
            }
        }
        if self.http_only {
            line.push_str("; HttpOnly");
        }
        let none = self.same_site.as_ref().is_some_and(|value| value.eq_ignore_ascii_case("none"));
        let prefixed = [SECURE_PREFIX, HOST_PREFIX].iter().any(|prefix| name.starts_with(prefix));
        if self.secure.unwrap_or(prefixed) || prefixed || none || self.partitioned {
            line.push_str("; Secure");
        }
        if let Some(same_site) = &self.same_site {
            let mut characters = same_site.chars();
            line.push_str("; SameSite=");
            line.extend(characters.next().map(|first| first.to_ascii_uppercase()));
            line.push_str(characters.as_str());
        }
        if self.partitioned {
            line.push_str("; Partitioned");
        }
        line
    }

    /// Returns the lines that set a cache: one, or one for each chunk, none longer than the limit. Returns an empty list if
    /// `value` is too long.
    #[must_use]
    pub fn chunked(&self, name: &str, value: &str, max_age: Option<Duration>) -> Vec<String> {
        let longest_name = [name, ".99"].concat();
        let overhead = self.line(&longest_name, "", max_age).len();
        let room = MAX_COOKIE_BYTES.saturating_sub(overhead);
        if value.len() <= room {
            return vec![self.line(name, value, max_age)];
        }
        if value.len() > room.saturating_mul(MAX_CHUNKS) {
            return Vec::new();
        }
        // A cache value is ASCII, so that a split never falls inside a character.
        let pieces = value.as_bytes().chunks(room).map(|piece| String::from_utf8_lossy(piece));
        let chunk_name = |at: i64| {
            let mut chunk_name = [name, "."].concat();
            push_integer(&mut chunk_name, at);
            chunk_name
        };
        (0..).zip(pieces).map(|(at, piece)| self.line(&chunk_name(at), &piece, max_age)).collect()
    }
}

/// A `Set-Cookie` line as a browser parses it (RFC 6265 §5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetCookie<'a> {
    /// `name=value` as written in the line.
    pub pair: &'a str,
    /// The cookie's name.
    pub name: &'a str,
    /// The value, unquoted and still percent-encoded.
    pub value: &'a str,
    /// The line deletes the cookie: an empty value, a `Max-Age` of zero or less, or an `Expires` in 1970.
    pub deletes: bool,
}

impl<'a> SetCookie<'a> {
    /// Parses a line. Returns `None` if it names no cookie.
    #[must_use]
    pub fn parse(line: &'a str) -> Option<Self> {
        let mut parts = line.split(';').map(|part| part.trim_matches([' ', '\t']));
        let text = parts.next()?;
        let pair = pairs(text).next().filter(|pair| !pair.name.is_empty())?;
        let (mut max_age, mut expires) = (None, "");
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                name if name.eq_ignore_ascii_case("max-age") => max_age = Some(value.trim()),
                name if name.eq_ignore_ascii_case("expires") => expires = value,
                _ => {}
            }
        }
        let expired = match max_age {
            Some(age) => age.starts_with('-') || (!age.is_empty() && age.bytes().all(|digit| digit == b'0')),
            None => expires.contains("1970"),
        };
        Some(Self {
            pair: text,
            name: pair.name,
            value: pair.value,
            deletes: pair.value.is_empty() || expired,
        })
    }

    /// Parses `lines`, one cookie each. Of several lines for one name, keeps the last, as a browser does.
    #[must_use]
    pub fn parse_all(lines: &'a str) -> Vec<Self> {
        let mut cookies: Vec<Self> = Vec::new();
        for cookie in lines.lines().filter_map(Self::parse) {
            cookies.retain(|earlier| earlier.name != cookie.name);
            cookies.push(cookie);
        }
        cookies
    }
}
