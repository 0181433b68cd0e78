//! The expiry order of the index: a priority queue of slots in 8 bytes each.

use alloc::collections::BinaryHeap;
use core::cmp::Reverse;

use crate::revocation::slots::SLOT_BITS;
use crate::time::Millis;

/// Slots by expiry, the first to expire on top. An element has the milliseconds in its high bits and the slot in its low
/// bits.
#[derive(Debug, Default)]
pub(super) struct ExpiryQueue(BinaryHeap<Reverse<u64>>);

/// The last instant of an element, in the year 4199. It stands for every later one.
const LAST: u64 = u64::MAX >> SLOT_BITS;

impl ExpiryQueue {
    /// Clamps an instant to the range of an element, which begins at the epoch.
    pub(super) fn clamped(expires: Millis) -> u64 {
        expires.max(0).unsigned_abs().min(LAST)
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

    /// Returns whether the first slot has expired. One at the last instant never has: its own expiry may be later than any clock.
    pub(super) fn is_due(&self, now: Millis) -> bool {
        let now = now.max(0).unsigned_abs();
        self.0.peek().map(|Reverse(top)| top >> SLOT_BITS).is_some_and(|first| first <= now && first < LAST)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn slots_come_out_in_the_order_of_their_expiry() {
        let mut queue = ExpiryQueue::default();
        assert!(queue.is_empty() && !queue.is_due(i64::MAX));
        for (expires, slot) in [(300, 1), (100, 2), (200, (1 << SLOT_BITS) - 1), (-5, 4)] {
            queue.push(expires, slot);
        }
        assert!(queue.is_due(0) && !queue.is_empty());
        assert_eq!(queue.pop(), Some((0, 4)));
        assert!(!queue.is_due(99) && queue.is_due(100) && queue.is_due(101));
        assert_eq!(queue.pop(), Some((100, 2)));
        assert_eq!(queue.pop(), Some((200, (1 << SLOT_BITS) - 1)));
        assert_eq!(queue.pop(), Some((300, 1)));
        assert_eq!(queue.pop(), None);
    }

    /// Otherwise the index would take such an entry out and put it back for ever.
    #[test]
    fn an_expiry_beyond_the_range_comes_last_and_is_never_due() {
        let mut queue = ExpiryQueue::default();
        queue.push(i64::MAX, 3);
        queue.push(i64::try_from(LAST).unwrap() - 1, 4);
        assert!(queue.is_due(i64::MAX));
        assert_eq!(queue.pop(), Some((LAST - 1, 4)));
        assert!(!queue.is_due(i64::MAX));
        assert_eq!(queue.pop(), Some((LAST, 3)));
    }
}
