//! The stack of open containers.

use crate::json::{MAX_JSON_DEPTH, Malformed};

/// The open containers, one bit each: 1 for an object, 0 for an array.
pub(super) struct Levels {
    pub(super) bits: u64,
    pub(super) open: usize,
}

impl Levels {
    pub(super) fn push(&mut self, object: bool, depth: usize) -> Result<(), Malformed> {
        self.bits = (self.bits << 1) | u64::from(object);
        self.open = self.open.saturating_add(1);
        if self.open.saturating_add(depth) > MAX_JSON_DEPTH { Err(Malformed) } else { Ok(()) }
    }

    pub(super) fn pop(&mut self) {
        self.bits >>= 1;
        self.open = self.open.saturating_sub(1);
    }

    pub(super) const fn in_object(&self) -> bool {
        self.bits & 1 == 1
    }

    pub(super) const fn closing(&self) -> u8 {
        if self.in_object() { b'}' } else { b']' }
    }
}
