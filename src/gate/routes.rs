//! Route patterns, and the session that a path requires.
//!
//! Patterns: `/exact`, `/one/*` or `/one/:name` (exactly one segment), `/all/**` (`/all` itself and every path below it),
//! `/**` (every path). A path that matches no pattern requires a session.

use crate::gate::path::{NormalPath, normalise};
use crate::prelude::*;

/// The route patterns of one gate. Without patterns every path requires a session.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    public: Vec<Pattern>,
    optional: Vec<Pattern>,
    fresh: Vec<Pattern>,
    authoritative: Vec<Pattern>,
    when: Vec<Pattern>,
}

/// The session that a path requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteRequirement {
    /// No session.
    Public,
    /// A session if the visitor has one: a stale one is looked up.
    Optional,
    /// A session. Both conditions can apply to the same path.
    Session {
        /// The session must be younger than `freshAge`.
        fresh: bool,
        /// The session must be looked up at the origin, even if the cache verifies.
        authoritative: bool,
    },
}

impl RouteRequirement {
    /// A session without further conditions.
    pub const SESSION: Self = Self::Session { fresh: false, authoritative: false };

    /// Returns whether the session must be younger than `freshAge`.
    #[must_use]
    pub const fn fresh(self) -> bool {
        matches!(self, Self::Session { fresh: true, .. })
    }

    /// Returns whether the session must be looked up at the origin.
    #[must_use]
    pub const fn authoritative(self) -> bool {
        matches!(self, Self::Session { authoritative: true, .. })
    }
}

/// An invalid pattern: its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern(pub String);

impl Routes {
    /// Parses the three lists of patterns.
    ///
    /// # Errors
    /// Returns the first pattern that is not absolute, has `**` before its end, has a segment with `?`, `#`, a `*` beside other
    /// characters or a `:` without a name, or has a path that the gate would reject. Segments match after normalisation: `/%41`
    /// is `/A`.
    pub fn new<'a>(
        public: impl IntoIterator<Item = &'a str>,
        fresh: impl IntoIterator<Item = &'a str>,
        authoritative: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BadPattern> {
        Ok(Self {
            public: parse_all(public)?,
            fresh: parse_all(fresh)?,
            authoritative: parse_all(authoritative)?,
            ..Self::default()
        })
    }

    /// Adds the patterns of optional sessions, and those of the predicates.
    ///
    /// # Errors
    /// Returns the first invalid pattern, as [`Self::new`] does.
    pub fn with<'a>(
        mut self,
        optional: impl IntoIterator<Item = &'a str>,
        when: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BadPattern> {
        self.optional = parse_all(optional)?;
        self.when = parse_all(when)?;
        Ok(self)
    }

    /// Returns the requirement of `path`. `public` and `optional` patterns match the exact path. The other patterns also
    /// match every form that a lenient server treats as the same path. `fresh` and `authoritative` take precedence over
    /// `optional`, and all of them and a predicate over `public`.
    #[must_use]
    pub fn requirement(&self, path: &NormalPath) -> RouteRequirement {
        let fresh = matches_any(&self.fresh, path, is_same_leniently);
        let authoritative = matches_any(&self.authoritative, path, is_same_leniently);
        if !fresh && !authoritative {
            if matches_any(&self.optional, path, is_same) {
                return RouteRequirement::Optional;
            }
            if matches_any(&self.public, path, is_same) && self.predicates(path, 0).is_empty() {
                return RouteRequirement::Public;
            }
        }
        RouteRequirement::Session { fresh, authoritative }
    }

    /// Returns the positions of the predicates whose patterns have at least `segments` segments and match `path`.
    pub(super) fn predicates(&self, path: &NormalPath, segments: usize) -> Vec<usize> {
        let named = self.when.iter().enumerate().filter(|(_, pattern)| pattern.names(path, segments));
        named.map(|(position, _)| position).collect()
    }

    /// Returns the pattern with at least `segments` segments that decides on `path`: the first of those that take
    /// precedence.
    pub(super) fn pattern(&self, path: &NormalPath, segments: usize) -> Option<&str> {
        let mut demands = [&self.fresh, &self.authoritative, &self.when].into_iter().flatten();
        let demand = demands.find(|pattern| pattern.names(path, segments));
        let mut grants = [&self.optional, &self.public].into_iter().filter(|_| segments == 0).flatten();
        let found = demand.or_else(|| grants.find(|pattern| pattern.matches(path, is_same)));
        found.map(|pattern| pattern.text.as_str())
    }

    /// Returns whether a `fresh` pattern with at least `segments` segments matches `path`.
    pub(super) fn names_fresh(&self, path: &NormalPath, segments: usize) -> bool {
        self.fresh.iter().any(|pattern| pattern.names(path, segments))
    }
}

/// A route pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    segments: Vec<Segment>,
    /// The pattern ends in `**`.
    is_prefix: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Any,
    Text(String),
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// Returns the pattern if it is invalid; see [`Routes::new`].
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        Self::read(text).ok_or_else(|| BadPattern(text.into()))
    }

    fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('/')?;
        let is_prefix = rest == "**" || rest.ends_with("/**");
        if is_prefix {
            rest = rest.strip_suffix("**")?;
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let segments = match rest {
            "" => Vec::new(),
            _ => rest.split('/').map(Segment::read).collect::<Option<Vec<_>>>()?,
        };
        Some(Self { text: text.into(), segments, is_prefix })
    }

    /// Returns whether the pattern has at least `segments` segments and matches `path` leniently.
    fn names(&self, path: &NormalPath, segments: usize) -> bool {
        self.segments.len() >= segments && self.matches(path, is_same_leniently)
    }

    fn matches(&self, path: &NormalPath, same: fn(&str, &str) -> bool) -> bool {
        let mut given = path.segments();
        for segment in &self.segments {
            match (segment, given.next()) {
                (_, None) => return false,
                (Segment::Text(text), Some(given)) if !same(text, given) => return false,
                _ => {}
            }
        }
        self.is_prefix || given.next().is_none()
    }
}

impl Segment {
    fn read(text: &str) -> Option<Self> {
        if text == "*" || (text.len() > 1 && text.starts_with(':')) {
            return Some(Self::Any);
        }
        if text.contains(['*', '?', '#']) || text.starts_with(':') {
            return None;
        }
        let path = normalise(text).ok()?;
        let mut segments = path.segments();
        let only = segments.next()?;
        segments.next().is_none().then(|| Self::Text(only.into()))
    }
}

fn parse_all<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Vec<Pattern>, BadPattern> {
    patterns.into_iter().map(Pattern::parse).collect()
}

fn matches_any(patterns: &[Pattern], path: &NormalPath, same: fn(&str, &str) -> bool) -> bool {
    patterns.iter().any(|pattern| pattern.matches(path, same))
}

fn is_same(pattern: &str, given: &str) -> bool {
    pattern == given
}

/// Compares segments as lenient servers do: Express ignores case, Windows ignores trailing dots and spaces.
pub(super) fn is_same_leniently(pattern: &str, given: &str) -> bool {
    let plain = |text| str::trim_end_matches(text, ['.', ' ']).len();
    let (pattern_end, given_end) = (plain(pattern), plain(given));
    pattern_end == given_end
        && pattern.bytes().zip(given.bytes()).take(given_end).all(|(a, b)| a.eq_ignore_ascii_case(&b))
}
