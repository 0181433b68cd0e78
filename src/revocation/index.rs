//! The live marks of one isolate: look-up by hash, expiry in order, memory bounded.
//!
//! What is kept of a subject is exactly what its marks say together, whatever their order and however often
//! they come: the newest `notBefore` with its exception, and the newest one that spares somebody else.
//!
//! An index [for a server without a database](Index::stateless) has no global_not_before. It keeps at most
//! [`SESSIONS_PER_USER`] single sessions of a user; further ones, and the oldest ones of any user once the index is
//! full, become a revocation of that user. A user is never dropped before the entry expires.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashTable;

use crate::revocation::entry::Revocation;
use crate::revocation::limits::{MAX_ENTRIES, SESSIONS_PER_USER};
use crate::revocation::slots::{Entry, NEVER, Slots};
use crate::revocation::subject::Subject;
use crate::time::Millis as UnixMillis;

/// Bits of a slot in an element of the expiry order.
const SLOT_BITS: u32 = 18;

/// The index. See [`MAX_ENTRIES`] for its bound.
#[derive(Debug)]
pub struct Index {
    /// Slots by subject.
    table: HashTable<u32>,
    slots: Slots,
    /// One element for every entry, the first to expire on top; one that was prolonged is put back when met.
    order: Order,
    /// The same for single sessions, which only a server without a database has.
    sessions: Order,
    /// No copy made until then is believed. It need not expire: such copies do.
    global_not_before: Option<UnixMillis>,
    capacity: usize,
    stateless: bool,
}

impl Default for Index {
    fn default() -> Self {
        Self::with_capacity(MAX_ENTRIES)
    }
}

impl Index {
    /// An index of at most `capacity` subjects, and never more than [`MAX_ENTRIES`].
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let capacity = capacity.clamp(1, MAX_ENTRIES);
        Self {
            table: HashTable::new(),
            slots: Slots::default(),
            order: Order::default(),
            sessions: Order::default(),
            global_not_before: None,
            capacity,
            stateless: false,
        }
    }

    /// An index for a server without a database, where a global_not_before would sign everybody out.
    #[must_use]
    pub fn stateless(capacity: usize) -> Self {
        Self { stateless: true, ..Self::with_capacity(capacity) }
    }

    /// Takes a mark in, unless it has expired, or the index [`is_overfull`](Self::is_overfull).
    pub fn insert(&mut self, mark: &Revocation, now: UnixMillis) {
        let expires = mark.expires();
        if expires <= now || self.is_overfull() {
            return;
        }
        let (subject, except) = match mark.only {
            Some(token) if self.stateless => return self.insert_session(mark, token),
            Some(token) => (token, None),
            None => (mark.subject, mark.except),
        };
        if self.stateless || self.slot(subject).is_some() || self.make_room(mark.not_before, expires) {
            self.add(subject, mark.not_before, except, expires);
        }
        self.fold();
    }

    /// Raises the global_not_before by what expires first, so that one more entry fits. Returns false if that is the new one.
    /// The table never holds more than the bound: it would double for one entry more.
    fn make_room(&mut self, not_before: UnixMillis, expires: UnixMillis) -> bool {
        while self.len() >= self.capacity {
            let Some(slot) = Self::pop(&mut self.order, &self.slots) else { break };
            if self.slots.get(slot).is_some_and(|oldest| oldest.expires > expires) {
                self.put_back(slot, false);
                self.raise_global_not_before(not_before);
                return false;
            }
            if let Some(oldest) = self.remove(slot) {
                self.raise_global_not_before(oldest.newest);
            }
        }
        true
    }

    /// Revokes one session of one user, or all sessions of a user who has too many single ones.
    fn insert_session(&mut self, mark: &Revocation, token: Subject) {
        let (user, not_before, expires) = (mark.subject, mark.not_before, mark.expires());
        let session = user.joined(token);
        let owner = self.add(user, NEVER, None, expires);
        if let Some(entry) = self.slot(session).and_then(|slot| self.slots.get_mut(slot)) {
            return entry.add(not_before, None, expires);
        }
        let Some(entry) = self.slots.get_mut(owner) else { return };
        if entry.link >= SESSIONS_PER_USER {
            return entry.add(not_before, None, expires);
        }
        entry.link = entry.link.saturating_add(1);
        let entry =
            Entry { subject: session, except: None, newest: not_before, others: NEVER, expires, link: owner };
        let slot = self.place(entry);
        self.sessions.push(expires, slot);
        self.fold();
    }

    /// Turns the oldest single sessions into revocations of their users until the index is within its bound.
    fn fold(&mut self) {
        while self.len() > self.capacity {
            let Some(session) = Self::pop(&mut self.sessions, &self.slots) else { break };
            let Some(entry) = self.remove(session) else { break };
            if let Some(user) = self.slots.get_mut(entry.link) {
                user.link = user.link.saturating_sub(1);
                user.add(entry.newest, None, entry.expires);
            }
        }
    }

    /// Adds to the subject's entry, which is made if there is none, and returns its slot.
    fn add(
        &mut self,
        subject: Subject,
        not_before: UnixMillis,
        except: Option<Subject>,
        expires: UnixMillis,
    ) -> u32 {
        if let Some(slot) = self.slot(subject) {
            if let Some(entry) = self.slots.get_mut(slot) {
                let except = if not_before == NEVER { entry.except } else { except };
                entry.add(not_before, except, expires);
            }
            return slot;
        }
        let slot = self.place(Entry { subject, except, newest: not_before, others: NEVER, expires, link: 0 });
        self.order.push(expires, slot);
        slot
    }

    fn place(&mut self, entry: Entry) -> u32 {
        let slot = self.slots.put(entry);
        let slots = &self.slots;
        self.table.insert_unique(entry.subject.hash(), slot, |slot| {
            slots.get(*slot).map_or(0, |entry| entry.subject.hash())
        });
        slot
    }

    fn remove(&mut self, slot: u32) -> Option<Entry> {
        let entry = *self.slots.get(slot)?;
        self.table.find_entry(entry.subject.hash(), |held| *held == slot).ok()?.remove();
        self.slots.release(slot);
        Some(entry)
    }

    fn slot(&self, subject: Subject) -> Option<u32> {
        let is = |slot: &u32| self.slots.get(*slot).is_some_and(|entry| entry.subject == subject);
        self.table.find(subject.hash(), is).copied()
    }

    fn find(&self, subject: Subject) -> Option<&Entry> {
        self.slots.get(self.slot(subject)?)
    }

    /// Believes no copy made until `not_before`, whose ever it is. Without a database there is no global_not_before.
    pub fn raise_global_not_before(&mut self, not_before: UnixMillis) {
        if !self.stateless {
            self.global_not_before = self.global_not_before.max(Some(not_before));
        }
    }

    /// Forgets what has expired: the cost is that of what is forgotten, not of what is held.
    pub fn expire(&mut self, now: UnixMillis) {
        while self.sessions.is_due(now) {
            let Some(slot) = Self::pop(&mut self.sessions, &self.slots) else { break };
            if self.slots.get(slot).is_some_and(|entry| entry.expires > now) {
                self.put_back(slot, true);
            } else if let Some(session) = self.remove(slot)
                && let Some(user) = self.slots.get_mut(session.link)
            {
                user.link = user.link.saturating_sub(1);
            }
        }
        while self.order.is_due(now) {
            let Some(slot) = Self::pop(&mut self.order, &self.slots) else { break };
            // A user expires after the last of its sessions.
            if self.slots.get(slot).is_some_and(|entry| entry.expires > now) {
                self.put_back(slot, false);
            } else {
                self.remove(slot);
            }
        }
    }

    fn put_back(&mut self, slot: u32, session: bool) {
        let Some(expires) = self.slots.get(slot).map(|entry| entry.expires) else { return };
        if session { self.sessions.push(expires, slot) } else { self.order.push(expires, slot) }
    }

    /// Takes out the slot that expires first.
    fn pop(order: &mut Order, slots: &Slots) -> Option<u32> {
        loop {
            let (expires, slot) = order.pop()?;
            match slots.get(slot) {
                Some(entry) if Order::clamped(entry.expires) > expires => order.push(entry.expires, slot),
                _ => return Some(slot),
            }
        }
    }

    /// Until when copies of `subject` are not believed, in the hands of `token`.
    #[must_use]
    pub fn not_before(&self, subject: Subject, token: Subject) -> Option<UnixMillis> {
        let entry = self.find(subject)?;
        let not_before = if entry.except == Some(token) { entry.others } else { entry.newest };
        Some(not_before).filter(|not_before| *not_before != NEVER)
    }

    /// Until when copies of this session of this user are not believed.
    #[must_use]
    pub fn session_not_before(&self, user: Subject, token: Subject) -> Option<UnixMillis> {
        if self.stateless { self.not_before(user.joined(token), token) } else { None }
    }

    /// Whether taking `mark` in would change nothing but its lifetime.
    #[must_use]
    pub fn covers(&self, mark: &Revocation) -> bool {
        let subject = match mark.only {
            Some(token) if self.stateless => mark.subject.joined(token),
            Some(token) => token,
            None => mark.subject,
        };
        self.find(subject).is_some_and(|entry| {
            let others =
                entry.except.is_none() || entry.except == mark.except || entry.others >= mark.not_before;
            entry.newest >= mark.not_before && others
        })
    }

    /// Until when nobody's copies are believed.
    #[must_use]
    pub const fn global_not_before(&self) -> Option<UnixMillis> {
        self.global_not_before
    }

    /// How many subjects are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether nobody is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether another user would be beyond the bound, and nothing is left to fold.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.stateless && self.len() >= self.capacity && self.sessions.is_empty()
    }

    /// Whether revocations are lost because every entry is a user of its own. Gates stop taking calls at the
    /// bound ([`is_full`](Self::is_full)); an eighth more is for what several of them took at the same moment.
    #[must_use]
    pub fn is_overfull(&self) -> bool {
        self.stateless && self.len() > self.capacity.saturating_add(self.capacity / 8).saturating_add(1)
    }
}

/// Slots by the time at which they expire, in 8 bytes each: the milliseconds above, the slot below.
#[derive(Debug, Default)]
struct Order(BinaryHeap<Reverse<u64>>);

impl Order {
    /// The times that fit: until the year 4199.
    fn clamped(expires: UnixMillis) -> u64 {
        u64::try_from(expires).unwrap_or(0).min(u64::MAX >> SLOT_BITS)
    }

    fn push(&mut self, expires: UnixMillis, slot: u32) {
        self.0.push(Reverse((Self::clamped(expires) << SLOT_BITS) | u64::from(slot)));
    }

    fn pop(&mut self) -> Option<(u64, u32)> {
        let Reverse(top) = self.0.pop()?;
        let slot = top & ((1 << SLOT_BITS) - 1);
        Some((top >> SLOT_BITS, u32::try_from(slot).unwrap_or(u32::MAX)))
    }

    fn is_due(&self, now: UnixMillis) -> bool {
        self.0.peek().is_some_and(|Reverse(top)| (top >> SLOT_BITS) <= u64::try_from(now).unwrap_or(0))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
