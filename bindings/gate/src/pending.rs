//! The requests that wait for the origin. They stay in the module, so that their cookies are verified once.

use better_session::gate::pending::Pending;
use better_session::prelude::*;

/// Maximum number of requests. A further one replaces the oldest, whose cookies are then verified again when its response arrives.
const CAPACITY: usize = 256;

/// The pending requests by number, the oldest first.
#[derive(Default)]
pub(crate) struct PendingRequests(Vec<(u32, Box<Pending>)>);

impl PendingRequests {
    /// Keeps a request under a number of its own.
    pub(crate) fn keep(&mut self, number: u32, pending: Box<Pending>) {
        self.release(number);
        if self.0.len() >= CAPACITY {
            self.0.remove(0);
        }
        self.0.push((number, pending));
    }

    /// Returns a request, unless it was replaced.
    pub(crate) fn get(&self, number: u32) -> Option<&Pending> {
        self.0.iter().find(|(kept, _)| *kept == number).map(|(_, pending)| &**pending)
    }

    /// Removes a request whose decision is final.
    pub(crate) fn release(&mut self, number: u32) {
        self.0.retain(|(kept, _)| *kept != number);
    }
}
