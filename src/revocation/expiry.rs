//! The expiry order of the index: a priority queue of slots in 8 bytes each.

use alloc::collections::BinaryHeap;
use core::cmp::Reverse;

use crate::revocation::slots::SLOT_BITS;
use crate::time::Millis;

/// Slots by expiry, the first to expire on top. An element has the milliseconds in its high bits and the slot in its low
/// bits.
#[derive(Debug, Default)]
pub(super) struct ExpiryQueue(BinaryHeap<Reverse<u64>>);

impl ExpiryQueue {
    /// Clamps an instant to the range of an element: from the epoch to the year 4199.
    pub(super) fn clamped(expires: Millis) -> u64 {
        expires.max(0).unsigned_abs().min(u64::MAX >> SLOT_BITS)
    }

    /// Inserts a slot.
    pub(super) fn push(&mut self, expires: Millis, slot: u32) {
        self.0.push(Reverse((Self::clamped(expires) << SLOT_BITS) | u64::from(slot)));
    }

    /// Removes the slot that expires first and returns it with its expiry.
    pub(super) fn pop(&mut self) -> Option<(u64, u32)> {
        let Reverse(top) = self.0.pop()?;
        let slot = u32::try_from(top & ((1 << SLOT_BITS) - 1)).ok()?;
        Some((top >> SLOT_BITS, slot))
    }

    /// Returns whether the first slot has expired.
    pub(super) fn is_due(&self, now: Millis) -> bool {
        self.0.peek().is_some_and(|Reverse(top)| (top >> SLOT_BITS) <= now.max(0).unsigned_abs())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
