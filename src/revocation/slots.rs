//! Storage of the index: entries in chunks of a fixed size, addressed by slot number.
//!
//! Chunks are never moved or copied, so memory grows by one chunk at a time. A `Vec` of all entries would need three
//! times its size while it doubles. An entry takes 32 bytes, because what a new isolate spends on its first read of the
//! feed is mostly the first access to memory.

use crate::prelude::*;
use crate::revocation::entry::Revocation;
use crate::revocation::subject::Subject;
use crate::time::Millis;

/// Number of entries in a chunk of 128 KiB.
const CHUNK: usize = 4096;

/// Bits of a slot number.
pub(super) const SLOT_BITS: u32 = 18;
const NO_SLOT: u32 = (1 << SLOT_BITS) - 1;

/// The bit of a link that marks a session's entry.
const SESSION: u32 = 1 << 31;

/// An instant before every revocation, for a `not_before` that is not set.
pub(super) const NEVER: Millis = Millis::MIN;

/// An instant from the epoch to the year 10889, or [`NEVER`]: milliseconds and one, big-endian.
#[derive(Debug, Clone, Copy)]
struct Moment([u8; 6]);

impl Moment {
    fn new(instant: Millis) -> Self {
        let number = if instant == NEVER { 0 } else { instant.clamp(0, (1 << 48) - 2).saturating_add(1) };
        let [_, _, bytes @ ..] = number.to_be_bytes();
        Self(bytes)
    }

    fn get(self) -> Millis {
        let [a, b, c, d, e, f] = self.0;
        match Millis::from_be_bytes([0, 0, a, b, c, d, e, f]) {
            0 => NEVER,
            number => number.saturating_sub(1),
        }
    }
}

/// The merged revocations of one subject.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub subject: Subject,
    newest: Moment,
    expires: Moment,
    /// In the low bits a slot: of its user for a session, otherwise of the exception, or [`NO_SLOT`]. In the high bits the
    /// number of sessions that are linked to a user.
    link: u32,
}

impl Entry {
    /// Creates the entry of a subject without an exception; `owner` is the slot of a session's user.
    pub fn new(subject: Subject, newest: Millis, expires: Millis, owner: Option<u32>) -> Self {
        let (newest, expires) = (Moment::new(newest), Moment::new(expires));
        Self { subject, newest, expires, link: owner.map_or(NO_SLOT, |owner| owner | SESSION) }
    }

    /// Returns the newest `not_before`.
    pub fn newest(&self) -> Millis {
        self.newest.get()
    }

    pub fn expires(&self) -> Millis {
        self.expires.get()
    }

    /// Returns whether this is the entry of a session.
    pub const fn is_session(&self) -> bool {
        self.link & SESSION != 0
    }

    /// Returns the slot of a session's user.
    pub const fn owner(&self) -> u32 {
        self.link & NO_SLOT
    }

    /// Returns the number of sessions linked to a user.
    pub const fn sessions(&self) -> u32 {
        (self.link & !SESSION) >> SLOT_BITS
    }

    /// Sets the number of sessions linked to a user.
    pub const fn set_sessions(&mut self, count: u32) {
        self.link = (self.link & (SESSION | NO_SLOT)) | (count << SLOT_BITS);
    }

    const fn set_slot(&mut self, slot: u32) {
        self.link = (self.link & !NO_SLOT) | slot;
    }

    /// Merges a revocation that has no exception, as that of a session.
    pub fn merge_plain(&mut self, not_before: Millis, expires: Millis) {
        self.newest = Moment::new(self.newest().max(not_before));
        self.expires = Moment::new(self.expires().max(expires));
    }
}

/// Entries by slot number. The slots that are free form a list, each with the next one in the place of its link.
#[derive(Debug, Default)]
pub(super) struct Slots {
    chunks: Vec<Vec<Entry>>,
    free: Option<u32>,
    /// The number of slots in all chunks.
    len: u32,
}

impl Slots {
    /// Stores the entry and returns its slot.
    pub fn put(&mut self, entry: Entry) -> u32 {
        if let Some(slot) = self.free
            && let Some(unused) = self.get_mut(slot)
        {
            let next = unused.owner();
            *unused = entry;
            self.free = Some(next).filter(|next| *next != NO_SLOT);
            return slot;
        }
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => chunk.push(entry),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(entry);
                self.chunks.push(chunk);
            }
        }
        let slot = self.len;
        self.len = self.len.saturating_add(1);
        slot
    }

    /// Marks the slot of a session as free.
    pub fn release(&mut self, slot: u32) {
        let next = self.free.unwrap_or(NO_SLOT);
        if let Some(entry) = self.get_mut(slot) {
            entry.set_slot(next);
            self.free = Some(slot);
        }
    }

    /// Marks the slot of a token or user as free, and that of its exception.
    pub fn release_with_exception(&mut self, slot: u32) {
        if let Some((exception, _)) = self.exception(slot) {
            self.release(exception);
        }
        self.release(slot);
    }

    pub fn get(&self, slot: u32) -> Option<&Entry> {
        let slot = slot as usize;
        self.chunks.get(slot / CHUNK)?.get(slot % CHUNK)
    }

    pub fn get_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        let slot = slot as usize;
        self.chunks.get_mut(slot / CHUNK)?.get_mut(slot % CHUNK)
    }

    /// Returns the exception of a token's or user's entry, with its slot: the token to which the newest `not_before` does
    /// not apply, as subject, and the newest `not_before` that applies to it.
    pub fn exception(&self, slot: u32) -> Option<(u32, &Entry)> {
        let slot = self.get(slot)?.owner();
        if slot == NO_SLOT { None } else { Some((slot, self.get(slot)?)) }
    }

    /// Returns whether merging `revocation` would change only the lifetime of a token's or user's entry.
    pub fn covers(&self, slot: u32, revocation: &Revocation) -> bool {
        let others = self.exception(slot).is_none_or(|(_, exception)| {
            Some(exception.subject) == revocation.except || exception.newest() >= revocation.not_before
        });
        others && self.get(slot).is_some_and(|entry| entry.newest() >= revocation.not_before)
    }

    /// Merges one more revocation of a token or user into its entry.
    pub fn merge(&mut self, slot: u32, not_before: Millis, except: Option<Subject>, expires: Millis) {
        let held = self.exception(slot).map(|(slot, exception)| (slot, *exception));
        let Some(entry) = self.get_mut(slot) else { return };
        let newest = entry.newest();
        if except == held.map(|(_, exception)| exception.subject) {
            return entry.merge_plain(not_before, expires);
        }
        if not_before <= newest {
            entry.merge_plain(newest, expires);
            if let Some(exception) = held.and_then(|(slot, _)| self.get_mut(slot)) {
                exception.merge_plain(not_before, expires);
            }
            return;
        }
        entry.merge_plain(not_before, expires);
        entry.set_slot(NO_SLOT);
        if let Some((slot, _)) = held {
            self.release(slot);
        }
        if let Some(token) = except {
            self.except(slot, token, newest);
        }
    }

    /// Adds an exception to a token's or user's entry that has none.
    pub fn except(&mut self, slot: u32, token: Subject, not_before: Millis) {
        let exception = self.put(Entry::new(token, not_before, NEVER, None));
        if let Some(entry) = self.get_mut(slot) {
            entry.set_slot(exception);
        }
    }
}
