//! The live marks of one isolate: look-up by hash, expiry in order, memory bounded.
//!
//! What is kept of a subject is exactly what its marks say together, whatever their order and however often
//! they come: the newest `notBefore` with its exception, and the newest one that spares somebody else.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::codec::Mark;
use super::limits::MAX_MARKS;
use super::subject::Subject;
use crate::time::UnixMillis;

/// The index. See [`MAX_MARKS`] for its bound.
#[derive(Debug)]
pub struct Index {
    held: HashMap<Subject, Held, BuildHasherDefault<Prefix>>,
    /// One entry for every one held, the first to expire on top; one that was prolonged is put back when met.
    order: BinaryHeap<Reverse<(UnixMillis, Subject)>>,
    /// No copy made until then is believed. It need not expire: such copies do.
    floor: Option<UnixMillis>,
    capacity: usize,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    newest: UnixMillis,
    except: Option<Subject>,
    /// The newest mark that does not spare `except`.
    others: Option<UnixMillis>,
    expires: UnixMillis,
}

impl Default for Index {
    fn default() -> Self {
        Self::with_capacity(MAX_MARKS)
    }
}

impl Index {
    /// An index of at most `capacity` subjects, and never more than [`MAX_MARKS`].
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let capacity = capacity.clamp(1, MAX_MARKS);
        Self { held: HashMap::default(), order: BinaryHeap::new(), floor: None, capacity }
    }

    /// Makes room at once for a batch.
    pub fn reserve(&mut self, marks: usize) {
        let room = self.capacity.saturating_sub(self.held.len()).min(marks);
        self.held.reserve(room);
        self.order.reserve(room);
    }

    /// Takes a mark in, unless it has expired.
    pub fn insert(&mut self, mark: &Mark, now: UnixMillis) {
        let (not_before, except, expires) = (mark.not_before, mark.except, mark.expires());
        if expires <= now {
            return;
        }
        match self.held.entry(mark.subject) {
            Entry::Occupied(mut held) => held.get_mut().add(not_before, except, expires),
            Entry::Vacant(place) => {
                place.insert(Held { newest: not_before, except, others: None, expires });
                self.order.push(Reverse((expires, mark.subject)));
            }
        }
        while self.held.len() > self.capacity {
            let Some(oldest) = self.first_to_expire() else { break };
            self.raise_floor(oldest.newest);
        }
    }

    /// Believes no copy made until `not_before`, whose ever it is.
    pub fn raise_floor(&mut self, not_before: UnixMillis) {
        self.floor = self.floor.max(Some(not_before));
    }

    /// Forgets what has expired: the cost is that of what is forgotten, not of what is held.
    pub fn expire(&mut self, now: UnixMillis) {
        while self.order.peek().is_some_and(|Reverse((expires, _))| *expires <= now) {
            if let Some(Reverse((_, subject))) = self.order.pop()
                && let Some(held) = self.held.get(&subject)
            {
                if held.expires > now {
                    self.order.push(Reverse((held.expires, subject)));
                } else {
                    self.held.remove(&subject);
                }
            }
        }
    }

    /// Until when copies of `subject` are not believed, in the hands of `token`.
    #[must_use]
    pub fn not_before(&self, subject: Subject, token: Subject) -> Option<UnixMillis> {
        let held = self.held.get(&subject)?;
        if held.except == Some(token) { held.others } else { Some(held.newest) }
    }

    /// Whether taking `mark` in would change nothing but its lifetime.
    #[must_use]
    pub fn covers(&self, mark: &Mark) -> bool {
        self.held.get(&mark.subject).is_some_and(|held| {
            let others =
                held.except.is_none() || held.except == mark.except || held.others >= Some(mark.not_before);
            held.newest >= mark.not_before && others
        })
    }

    /// Until when nobody's copies are believed.
    #[must_use]
    pub const fn floor(&self) -> Option<UnixMillis> {
        self.floor
    }

    /// How many subjects are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nobody is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Takes out the entry that expires first.
    fn first_to_expire(&mut self) -> Option<Held> {
        loop {
            let Reverse((expires, subject)) = self.order.pop()?;
            match self.held.get(&subject) {
                Some(held) if held.expires > expires => self.order.push(Reverse((held.expires, subject))),
                _ => return self.held.remove(&subject),
            }
        }
    }
}

impl Held {
    fn add(&mut self, not_before: UnixMillis, except: Option<Subject>, expires: UnixMillis) {
        self.expires = self.expires.max(expires);
        if except == self.except {
            self.newest = self.newest.max(not_before);
        } else if not_before > self.newest {
            self.others = Some(self.newest);
            self.newest = not_before;
            self.except = except;
        } else {
            self.others = self.others.max(Some(not_before));
        }
    }
}

/// Subjects are uniform already, and nobody without the secret can choose one: their first bytes are a hash.
#[derive(Default)]
struct Prefix(u64);

impl Hasher for Prefix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}
