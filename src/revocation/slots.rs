//! Storage of the index: entries in chunks of a fixed size, addressed by slot number.
//!
//! Chunks are never moved or copied, so memory grows by one chunk at a time. A `Vec` of all entries would need three
//! times its size while it doubles.

use crate::prelude::*;
use crate::revocation::subject::Subject;
use crate::time::Millis;

/// Number of entries in a chunk of 256 KiB.
const CHUNK: usize = 4096;

/// An instant before every revocation, for a `not_before` that is not set.
pub(super) const NEVER: Millis = Millis::MIN;

/// The merged revocations of one subject.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub subject: Subject,
    /// The token to which `newest` does not apply.
    pub except: Option<Subject>,
    /// The newest `not_before`.
    pub newest: Millis,
    /// The newest `not_before` without the exception `except`; [`NEVER`] if there is none.
    pub others: Millis,
    pub expires: Millis,
    /// For a session, the slot of its user; for a user, the number of sessions linked to it.
    pub link: u32,
}

impl Entry {
    /// Merges one more revocation of the subject.
    pub fn merge(&mut self, not_before: Millis, except: Option<Subject>, expires: Millis) {
        self.expires = self.expires.max(expires);
        if except == self.except {
            self.newest = self.newest.max(not_before);
        } else if not_before > self.newest {
            self.others = self.newest;
            self.newest = not_before;
            self.except = except;
        } else {
            self.others = self.others.max(not_before);
        }
    }
}

/// Entries by slot number, with a free list.
#[derive(Debug, Default)]
pub(super) struct Slots {
    chunks: Vec<Vec<Entry>>,
    free: Vec<u32>,
    /// The number of slots in all chunks.
    len: u32,
}

impl Slots {
    /// Stores the entry and returns its slot.
    pub fn put(&mut self, entry: Entry) -> u32 {
        if let Some(slot) = self.free.pop()
            && let Some(unused) = self.get_mut(slot)
        {
            *unused = entry;
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

    /// Marks the slot as unused.
    pub fn release(&mut self, slot: u32) {
        self.free.push(slot);
    }

    pub fn get(&self, slot: u32) -> Option<&Entry> {
        let slot = slot as usize;
        self.chunks.get(slot / CHUNK)?.get(slot % CHUNK)
    }

    pub fn get_mut(&mut self, slot: u32) -> Option<&mut Entry> {
        let slot = slot as usize;
        self.chunks.get_mut(slot / CHUNK)?.get_mut(slot % CHUNK)
    }
}
