//! The revocations that arrived lately, for lookups that were under way when they did.
//!
//! A lookup that read the database before a revocation may answer after it. Clocks cannot tell: the revocation's time
//! is another machine's. What can is the order of arrival here: a lookup that starts after a revocation arrived reads
//! the database after it, whatever either clock says, so nobody is refused for a revocation that is known already.

use std::collections::VecDeque;

use crate::revocation::subject::Subject;
use crate::time::Millis as UnixMillis;

/// Most arrivals remembered. A lookup that more of them overtake is asked again.
const MAX_ARRIVALS: usize = 4096;

/// A bounded log of arrivals.
#[derive(Debug, Default)]
pub struct Arrivals {
    log: VecDeque<(Subject, Option<Subject>, UnixMillis)>,
    count: u64,
}

impl Arrivals {
    /// How many revocations have arrived so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// A revocation on `subject` arrives that spares `except` and was made at `not_before`.
    pub fn push(&mut self, subject: Subject, except: Option<Subject>, not_before: UnixMillis) {
        if self.log.len() == MAX_ARRIVALS {
            self.log.pop_front();
        }
        self.log.push_back((subject, except, not_before));
        self.count = self.count.saturating_add(1);
    }

    /// Whether any revocation that arrived after the first `count` ones satisfies `about`; true if some of them are
    /// forgotten, or `count` is not of this log.
    pub fn any_since(
        &self,
        count: u64,
        mut about: impl FnMut(Subject, Option<Subject>, UnixMillis) -> bool,
    ) -> bool {
        let Some(new) = self.count.checked_sub(count).and_then(|new| usize::try_from(new).ok()) else {
            return true;
        };
        new > self.log.len()
            || self.log.iter().rev().take(new).any(|(subject, except, made)| about(*subject, *except, *made))
    }
}
