//! Finds the session's cookies in a header: names, the `__Secure-` prefix, chunks, ambiguity.

use crate::prelude::*;
use alloc::borrow::Cow;

use crate::cookie::header::{Pair, pairs, percent_decode};
use crate::json::push;
use crate::limits::MAX_CHUNKS;
use crate::primitives::bytes::split_once;

/// The prefix that browsers reserve for cookies set over HTTPS (RFC 6265bis §4.1.3.1).
pub const SECURE_PREFIX: &str = "__Secure-";

/// The prefix that browsers reserve for cookies of one host, set over HTTPS (RFC 6265bis §4.1.3.2).
pub const HOST_PREFIX: &str = "__Host-";

/// The scheme of a request's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`: cookies without the `__Secure-` prefix.
    Http,
    /// `https`: cookies with the `__Secure-` prefix.
    Https,
}

impl Scheme {
    /// Returns the scheme of an absolute `http` or `https` URL, `None` for any other text.
    #[must_use]
    pub fn from_url(url: &str) -> Option<Self> {
        let (scheme, rest) = split_once(url, b':')?;
        if !rest.starts_with("//") {
            return None;
        }
        if scheme.eq_ignore_ascii_case("https") {
            Some(Self::Https)
        } else {
            scheme.eq_ignore_ascii_case("http").then_some(Self::Http)
        }
    }
}

/// The names of the session's cookies, without the `__Secure-` prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CookieNames {
    /// The signed session token, `better-auth.session_token` by default.
    pub session_token: String,
    /// The session cache, `better-auth.session_data` by default.
    pub session_data: String,
    /// The signed "don't remember me" flag, `better-auth.dont_remember` by default.
    pub dont_remember: String,
    /// The encrypted account cache, `better-auth.account_data` by default; forwarded, never read.
    pub account_data: String,
    /// `Some(true)`: only `__Secure-` names; `Some(false)`: only plain ones; `None`: the request's [`Scheme`]
    /// decides. Without a scheme, session tokens under both kinds of name are ambiguous and a token under one is accepted:
    /// then anyone who can set a plain cookie (a subdomain, an attacker on plain HTTP) can choose the session.
    pub secure: Option<bool>,
    /// The names over HTTPS have the prefix `__Host-` instead of `__Secure-`; `false` by default.
    pub host: bool,
}

impl Default for CookieNames {
    fn default() -> Self {
        Self::with_prefix("better-auth", None)
    }
}

impl CookieNames {
    /// Creates the default names with a `cookiePrefix`.
    #[must_use]
    pub fn with_prefix(prefix: &str, secure: Option<bool>) -> Self {
        let name = |key: &str| [prefix, ".", key].concat();
        Self {
            session_token: name("session_token"),
            session_data: name("session_data"),
            dont_remember: name("dont_remember"),
            account_data: name("account_data"),
            secure,
            host: false,
        }
    }

    /// Returns the prefix of the names over HTTPS.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        if self.host { HOST_PREFIX } else { SECURE_PREFIX }
    }
}

/// The value of a header's cookie of one name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lookup<'a> {
    /// No such cookie, or an empty value.
    #[default]
    Absent,
    /// One value, percent-decoded and joined from its chunks.
    Valid(Cow<'a, str>),
    /// Chunks that cannot be joined: one missing, repeated or misnumbered; or a value with forbidden bytes.
    Malformed,
    /// Two different values: the server's two parsers, first-wins and last-wins, would disagree.
    Ambiguous,
}

/// The session's cookies of one header.
#[derive(Debug, Default)]
pub struct SessionCookies<'a> {
    /// The signed session token.
    pub token: Lookup<'a>,
    /// The session cache.
    pub cache: Lookup<'a>,
    /// The signed "don't remember me" flag.
    pub dont_remember: Lookup<'a>,
    /// `true` if the names have the `__Secure-` prefix.
    pub secure: bool,
}

/// Finds the session's cookies in a `Cookie` header. `scheme` is the request's, if known; it matters only if the
/// configuration does not determine which names the server uses.
#[must_use]
pub fn read<'a>(names: &CookieNames, header: &'a str, scheme: Option<Scheme>) -> SessionCookies<'a> {
    let (mut plain, mut secure) = (CookieSet::default(), CookieSet::default());
    for pair in pairs(header) {
        plain.record(names, pair.name, &pair);
        if let Some(name) = pair.name.strip_prefix(names.prefix()) {
            secure.record(names, name, &pair);
        }
    }
    let has_secure = secure.token.state != State::Empty;
    let known = names.secure.or_else(|| scheme.map(|scheme| scheme == Scheme::Https));
    if known.is_none() && has_secure && plain.token.state != State::Empty {
        return SessionCookies { token: Lookup::Ambiguous, ..SessionCookies::default() };
    }
    let use_secure = known.unwrap_or(has_secure);
    let set = if use_secure { secure } else { plain };
    SessionCookies {
        cache: set.cache(),
        token: set.token.found(),
        dont_remember: set.dont_remember.found(),
        secure: use_secure,
    }
}

/// The values seen under one name.
#[derive(Default, Clone, Copy)]
struct CookieSlot<'a> {
    value: &'a str,
    state: State,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum State {
    #[default]
    Empty,
    Valid,
    /// Valid, and seen more than once.
    Repeated,
    Malformed,
    /// Two values that differ.
    Conflict,
}

impl<'a> CookieSlot<'a> {
    /// Records one more value. Takes time linear in the header, since no value is compared after a conflict.
    fn record(&mut self, pair: &Pair<'a>) {
        if self.state == State::Conflict {
            return;
        }
        let well_formed = pair.is_well_formed();
        let was_well_formed = matches!(self.state, State::Valid | State::Repeated);
        self.state = if self.state == State::Empty {
            self.value = pair.value;
            if well_formed { State::Valid } else { State::Malformed }
        } else if well_formed != was_well_formed || percent_decode(self.value) != percent_decode(pair.value) {
            State::Conflict
        } else if well_formed {
            State::Repeated
        } else {
            self.state
        };
    }

    fn found(&self) -> Lookup<'a> {
        match self.state {
            State::Conflict => Lookup::Ambiguous,
            State::Malformed => Lookup::Malformed,
            _ if self.value.is_empty() => Lookup::Absent,
            _ => Lookup::Valid(percent_decode(self.value)),
        }
    }
}

/// The slots of one prefix.
#[derive(Default)]
struct CookieSet<'a> {
    token: CookieSlot<'a>,
    cache: CookieSlot<'a>,
    dont_remember: CookieSlot<'a>,
    chunks: Vec<CookieSlot<'a>>,
    misnumbered: bool,
}

impl<'a> CookieSet<'a> {
    fn record(&mut self, names: &CookieNames, name: &str, pair: &Pair<'a>) {
        if let Some(slot) = self.slot(names, name) {
            slot.record(pair);
        }
    }

    /// Returns the slot of the cookie `name`, or `None` if it is not one of the session's.
    fn slot(&mut self, names: &CookieNames, name: &str) -> Option<&mut CookieSlot<'a>> {
        if name == names.session_token {
            return Some(&mut self.token);
        }
        if name == names.dont_remember {
            return Some(&mut self.dont_remember);
        }
        let rest = name.strip_prefix(names.session_data.as_str())?;
        if rest.is_empty() { Some(&mut self.cache) } else { self.chunk(rest.strip_prefix('.')?) }
    }

    fn chunk(&mut self, number: &str) -> Option<&mut CookieSlot<'a>> {
        let Some(index) = chunk_index(number) else {
            self.misnumbered = true;
            return None;
        };
        while self.chunks.len() <= index {
            self.chunks.push(CookieSlot::default());
        }
        self.chunks.get_mut(index)
    }

    /// Returns the session cache. As on the server, the cookie without a number takes precedence over chunks.
    fn cache(&self) -> Lookup<'a> {
        match self.cache.found() {
            Lookup::Absent => {}
            bare => return bare,
        }
        if self.chunks.is_empty() {
            return if self.misnumbered { Lookup::Malformed } else { Lookup::Absent };
        }
        if self.chunks.iter().any(|chunk| chunk.state == State::Conflict) {
            return Lookup::Ambiguous;
        }
        let mut joined = String::new();
        for chunk in &self.chunks {
            match chunk.found() {
                Lookup::Valid(part) if chunk.state == State::Valid && !self.misnumbered => {
                    push(&mut joined, &part)
                }
                _ => return Lookup::Malformed,
            }
        }
        Lookup::Valid(Cow::Owned(joined))
    }
}

/// Parses a chunk's number: canonical decimal below [`MAX_CHUNKS`].
fn chunk_index(number: &str) -> Option<usize> {
    const { assert!(MAX_CHUNKS == 100, "two digits") };
    let digit = |digit: u8| usize::from(digit & 15);
    match *number.as_bytes() {
        [only @ b'0'..=b'9'] => Some(digit(only)),
        [tens @ b'1'..=b'9', ones @ b'0'..=b'9'] => {
            Some(digit(tens).saturating_mul(10).saturating_add(digit(ones)))
        }
        _ => None,
    }
}
