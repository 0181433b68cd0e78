//! The members of `session` and `user` that the server shows in its response to `get-session`. The cache has more:
//! session fields of a plugin with `returned: false` are in the cache and not in the response.

use crate::json::{self, Raw, Reader};
use crate::prelude::*;
use crate::time::{UnixMillis, parse_iso};
use crate::verdict::Authenticated;

/// Greatest number of names stored for each object. With more members the origin answers.
const MAX_NAMES: usize = 256;

/// The visibility of the members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pub(super) session: Members,
    pub(super) user: Members,
    /// The server's response has members that the cache lacks.
    pub(super) is_reshaped: bool,
}

/// The members of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// The members that the configuration hides.
    configured: Vec<String>,
    /// Every member that is not hidden is shown.
    shows_others: bool,
    /// The members of a cache, and whether the origin's response for the same session had them.
    seen: Vec<(String, bool)>,
}

impl Fields {
    /// Hides `session` and `user` members. With `shows_others` all others are shown, otherwise only those that the origin
    /// has shown.
    #[must_use]
    pub fn new(session: Vec<String>, user: Vec<String>, shows_others: bool) -> Self {
        let members = |configured| Members { configured, shows_others, seen: Vec::new() };
        Self { session: members(session), user: members(user), is_reshaped: false }
    }

    /// Compares a response of the origin with the cache of the same session, and stores which members it shows. A response
    /// about another session, or another state of it, has no effect. One with members that the cache lacks was reshaped on
    /// the server (customSession): from then on no member counts as shown, so that the origin answers.
    pub fn learn(&mut self, answer: &str, cached: &Authenticated) {
        let Ok(answer) = json::parse(answer.trim_matches([' ', '\t', '\n', '\r'])) else { return };
        let (Some(session), Some(user)) = (answer.member("session"), answer.member("user")) else { return };
        let updated_at = session.member("updatedAt").and_then(Raw::string).and_then(|text| parse_iso(&text));
        let same_token = session.member("token").is_some_and(|token| token.is_string(&cached.session.token));
        if same_token
            && updated_at == cached.session.updated_at.map(UnixMillis::as_millis)
            && user.is_object()
        {
            let is_known = |name: &str| matches!(name, "session" | "user" | "needsRefresh");
            self.is_reshaped |= !names(answer.text()).iter().all(|name| is_known(name))
                || self.session.learn(session, &cached.session.json)
                || self.user.learn(user, &cached.user.json);
        }
    }
}

impl Members {
    /// Returns whether a member is shown, or `None` if no response of the origin has shown it yet.
    pub(super) fn shows(&self, name: &str) -> Option<bool> {
        if self.configured.iter().any(|hidden| hidden == name) {
            return Some(false);
        }
        let seen = self.seen.iter().find(|(seen, _)| seen == name).map(|(_, shown)| *shown);
        if self.shows_others { Some(seen.unwrap_or(true)) } else { seen }
    }

    /// Returns whether the response has a member that the cache lacks.
    fn learn(&mut self, answer: Raw<'_>, cached: &str) -> bool {
        let cached = names(cached);
        if names(answer.text()).iter().any(|name| !cached.contains(name)) {
            return true;
        }
        for name in cached {
            let shown = answer.member(&name).is_some();
            if let Some(entry) = self.seen.iter_mut().find(|(seen, _)| *seen == name) {
                entry.1 = shown;
            } else if self.seen.len() < MAX_NAMES {
                self.seen.push((name, shown));
            }
        }
        false
    }
}

/// Returns the member names of an object, up to its first syntax error.
fn names(object: &str) -> Vec<String> {
    let mut reader = Reader::new(object);
    let mut names = Vec::new();
    let mut more = reader.begin_object();
    while more == Ok(true) {
        let Ok(Some(name)) = reader.name().map(Raw::owned) else { break };
        names.push(name);
        if reader.value(1).is_err() {
            break;
        }
        more = reader.more();
    }
    names
}
