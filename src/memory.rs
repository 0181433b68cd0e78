//! A memory of authenticated cookies: bytes that were authenticated before need not be authenticated again.
//!
//! Equal bytes have an equal MAC. A hit therefore requires that all bytes of the session token and of the cache are equal;
//! whether the cache is still valid is judged anew each time. An entry is found by [`KEY_CHARS`] characters of the token's
//! MAC. Whoever does not know them reaches no entry, so that the comparison of the other bytes reveals nothing.

use alloc::collections::VecDeque;
use core::fmt;

use hashbrown::HashTable;

use crate::cache::claims::Claims;
use crate::cache::session::CachedSession;
use crate::prelude::*;

/// Characters of the MAC in a key: 144 bits of base64.
const KEY_CHARS: usize = 24;

/// Characters of the MAC after the key.
const REST_CHARS: usize = 20;

type Key = [u8; KEY_CHARS];

/// Authenticated cookies and their content.
struct Entry {
    key: Key,
    /// The signed token, after percent-decoding.
    token: String,
    /// The cache, joined from its chunks.
    cache: String,
    cached: CachedSession,
    claims: Claims,
}

impl Entry {
    /// Returns the bytes of the texts that the entry owns.
    fn bytes(&self) -> usize {
        let CachedSession { session, user, cache } = &self.cached;
        let texts = [&self.token, &self.cache, &cache.payload, &session.json, &user.json];
        texts.iter().fold(0, |sum, text| sum.saturating_add(text.len()))
    }
}

/// The last authenticated cookies. At the bound of entries or bytes the oldest ones are dropped.
struct Memory {
    /// The entries by age, the oldest first; `None` for one that was replaced.
    entries: VecDeque<Option<Entry>>,
    /// How many entries were dropped before the first one.
    dropped: u64,
    /// The number of each entry since the memory was created, by key.
    table: HashTable<u64>,
    bytes: usize,
    max_entries: usize,
    max_bytes: usize,
}

impl Memory {
    fn entry(&self, number: u64) -> Option<&Entry> {
        let at = usize::try_from(number.checked_sub(self.dropped)?).ok()?;
        self.entries.get(at)?.as_ref()
    }

    fn find(&self, key: &Key) -> Option<&u64> {
        self.table.find(hash(key), |number| self.entry(*number).is_some_and(|entry| entry.key == *key))
    }

    fn get(&self, token: &str, cache: &str) -> Option<(CachedSession, Claims)> {
        let entry = self.entry(*self.find(&key(token)?)?)?;
        (entry.token == token && entry.cache == cache).then(|| (entry.cached.clone(), entry.claims))
    }

    fn put(&mut self, entry: Entry) {
        let (key, bytes) = (entry.key, entry.bytes());
        if bytes > self.max_bytes {
            return;
        }
        if let Some(number) = self.find(&key).copied() {
            self.forget(number);
        }
        while self.bytes > self.max_bytes.saturating_sub(bytes) || self.entries.len() >= self.max_entries {
            self.forget(self.dropped);
            if self.entries.pop_front().is_none() {
                return; // a bound of no entries
            }
            self.dropped = self.dropped.saturating_add(1);
        }
        let number = self.dropped.saturating_add(self.entries.len() as u64);
        self.entries.push_back(Some(entry));
        self.bytes = self.bytes.saturating_add(bytes);
        let (entries, dropped) = (&self.entries, self.dropped);
        let rehash = |number: &u64| {
            let at = usize::try_from(number.saturating_sub(dropped)).ok();
            at.and_then(|at| entries.get(at)?.as_ref()).map_or(0, |entry| hash(&entry.key))
        };
        self.table.insert_unique(hash(&key), number, rehash);
    }

    /// Removes an entry and leaves its place empty.
    fn forget(&mut self, number: u64) {
        let at = usize::try_from(number.saturating_sub(self.dropped)).ok();
        let Some(entry) = at.and_then(|at| self.entries.get_mut(at)?.take()) else { return };
        self.bytes = self.bytes.saturating_sub(entry.bytes());
        if let Ok(found) = self.table.find_entry(hash(&entry.key), |other| *other == number) {
            found.remove();
        }
    }
}

/// A [`Memory`] that a verifier shares between its callers: between threads with `std`, within one without.
pub(crate) struct SharedMemory(lock::Lock<Memory>);

impl fmt::Debug for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMemory").finish_non_exhaustive()
    }
}

impl SharedMemory {
    /// Creates an empty memory of at most `entries` entries, whose texts have at most `bytes` bytes.
    pub(crate) fn new(entries: usize, bytes: usize) -> Self {
        Self(lock::Lock::new(Memory {
            entries: VecDeque::new(),
            dropped: 0,
            table: HashTable::new(),
            bytes: 0,
            max_entries: entries,
            max_bytes: bytes,
        }))
    }

    /// Returns the content of exactly these cookies, if they were authenticated before.
    pub(crate) fn get(&self, token: &str, cache: &str) -> Option<(CachedSession, Claims)> {
        self.0.with(|memory| memory.get(token, cache)).flatten()
    }

    /// Remembers authenticated cookies, in place of those with the same token.
    pub(crate) fn put(&self, token: &str, cache: &str, cached: &CachedSession, claims: Claims) {
        let Some(key) = key(token) else { return };
        let (token, cache) = (token.to_owned(), cache.to_owned());
        self.0.with(|memory| memory.put(Entry { key, token, cache, cached: cached.clone(), claims }));
    }
}

#[cfg(feature = "std")]
mod lock {
    use std::sync::{Mutex, PoisonError};

    pub(super) struct Lock<T>(Mutex<T>);

    impl<T> Lock<T> {
        pub(super) const fn new(value: T) -> Self {
            Self(Mutex::new(value))
        }

        pub(super) fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> Option<R> {
            Some(run(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner)))
        }
    }
}

#[cfg(not(feature = "std"))]
mod lock {
    use core::cell::RefCell;

    pub(super) struct Lock<T>(RefCell<T>);

    impl<T> Lock<T> {
        pub(super) const fn new(value: T) -> Self {
            Self(RefCell::new(value))
        }

        pub(super) fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> Option<R> {
            self.0.try_borrow_mut().ok().map(|mut value| run(&mut value))
        }
    }
}

/// Returns the first characters of the MAC, which ends a signed token.
fn key(token: &str) -> Option<Key> {
    let end = token.len().checked_sub(REST_CHARS)?;
    token.as_bytes().get(..end)?.last_chunk().copied()
}

/// Returns the hash of a key. A MAC is pseudorandom, so that its own bits serve.
fn hash(key: &Key) -> u64 {
    let (words, _) = key.as_chunks();
    words.iter().fold(0, |hash: u64, word| hash.rotate_left(23) ^ u64::from_le_bytes(*word))
}
