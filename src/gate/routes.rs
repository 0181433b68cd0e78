//! Which paths requirement no session, a fresh one, or the origin's own word.
//!
//! Patterns: `/exact`, `/one/*` or `/one/:name` (exactly one segment), `/all/**` (`/all` itself and all
//! below it), `/**` (everything). Anything that no pattern names needs a session.

use crate::gate::path::{NormalPath, normalise};

/// The route rules of one gate. Empty rules deny: every path needs a session.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    public: Vec<Pattern>,
    fresh: Vec<Pattern>,
    authoritative: Vec<Pattern>,
}

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteRequirement {
    /// No session is needed.
    pub public: bool,
    /// The session must be younger than `freshAge`.
    pub fresh: bool,
    /// The origin is asked, whatever the cookie says.
    pub authoritative: bool,
}

/// A pattern that is none: it holds this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern(pub String);

impl Routes {
    /// Reads the three lists.
    ///
    /// # Errors
    /// The first pattern that is not absolute, has `**` before its end, a `*` or `:` inside a segment, or a
    /// path that the gate would refuse or rewrite.
    pub fn new<'a>(
        public: impl IntoIterator<Item = &'a str>,
        fresh: impl IntoIterator<Item = &'a str>,
        authoritative: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BadPattern> {
        Ok(Self {
            public: parse_all(public)?,
            fresh: parse_all(fresh)?,
            authoritative: parse_all(authoritative)?,
        })
    }

    /// What `path` asks for. A grant (`public`) holds for the path as written; a demand (`fresh`,
    /// `authoritative`) also for every spelling that a lenient server takes for it, and outweighs a grant.
    #[must_use]
    pub fn requirement(&self, path: &NormalPath) -> RouteRequirement {
        let fresh = self.fresh.iter().any(|pattern| pattern.matches(path, demanded));
        let authoritative = self.authoritative.iter().any(|pattern| pattern.matches(path, demanded));
        let public =
            !fresh && !authoritative && self.public.iter().any(|pattern| pattern.matches(path, granted));
        RouteRequirement { public, fresh, authoritative }
    }

    /// Returns whether `fresh` has a pattern for `path` that names at least `segments` segments of it.
    pub(super) fn names_fresh(&self, path: &NormalPath, segments: usize) -> bool {
        let named = |pattern: &Pattern| pattern.segments.len() >= segments && pattern.matches(path, demanded);
        self.fresh.iter().any(named)
    }
}

/// One pattern of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
    open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Any,
    Text(String),
}

impl Pattern {
    /// Reads one pattern.
    ///
    /// # Errors
    /// See [`Routes::new`].
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        Self::read(text).ok_or_else(|| BadPattern(text.into()))
    }

    fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('/')?;
        let open = rest == "**" || rest.ends_with("/**");
        if open {
            rest = rest.strip_suffix("**")?;
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let segments = match rest {
            "" => Vec::new(),
            _ => rest.split('/').map(Segment::read).collect::<Option<Vec<_>>>()?,
        };
        Some(Self { segments, open })
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
        self.open || given.next().is_none()
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

fn granted(pattern: &str, given: &str) -> bool {
    pattern == given
}

/// Express ignores case, Windows ignores what dots and spaces end a name.
fn demanded(pattern: &str, given: &str) -> bool {
    let plain = |text| str::trim_end_matches(text, ['.', ' ']).len();
    let (pattern_end, given_end) = (plain(pattern), plain(given));
    pattern_end == given_end
        && pattern.bytes().zip(given.bytes()).take(given_end).all(|(a, b)| a.eq_ignore_ascii_case(&b))
}
