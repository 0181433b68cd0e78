//! A log of the revocations that arrived recently, for lookups that were in flight when they did.
//!
//! A lookup that read the database before a revocation may complete after it. Timestamps cannot show this, because the
//! revocation's time comes from another machine's clock; the order of arrival in this isolate can. A lookup that starts
//! after a revocation arrived reads the database after it, so a known revocation never rejects a new lookup.

use crate::prelude::*;
use crate::revocation::subject::Subject;
use crate::time::Millis;

/// Greatest number of arrivals kept. A lookup during which more of them arrive counts as overtaken.
const MAX_ARRIVALS: usize = 4096;

/// A bounded log of arrivals.
#[derive(Debug, Default)]
pub struct Arrivals {
    /// Written in a circle once it is full.
    log: Vec<(Subject, Option<Subject>, Millis)>,
    count: u64,
}

impl Arrivals {
    /// Returns the number of revocations that have arrived so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Records the arrival of a revocation of `subject`, except `except`, dated `not_before`.
    pub fn push(&mut self, subject: Subject, except: Option<Subject>, not_before: Millis) {
        let arrival = (subject, except, not_before);
        match self.log.get_mut(position(self.count)) {
            Some(oldest) => *oldest = arrival,
            None => self.log.push(arrival),
        }
        self.count = self.count.saturating_add(1);
    }

    /// Returns whether any revocation that arrived after the first `count` ones satisfies `applies`. Returns true if
    /// some of them are no longer in the log, or `count` does not belong to this log.
    pub fn any_since(
        &self,
        count: u64,
        mut applies: impl FnMut(Subject, Option<Subject>, Millis) -> bool,
    ) -> bool {
        let Some(new) = self.count.checked_sub(count) else { return true };
        new > MAX_ARRIVALS as u64
            || (count..self.count)
                .filter_map(|number| self.log.get(position(number)))
                .any(|(subject, except, not_before)| applies(*subject, *except, *not_before))
    }
}

/// Returns the place of the arrival with this number.
fn position(number: u64) -> usize {
    number as usize % MAX_ARRIVALS
}
