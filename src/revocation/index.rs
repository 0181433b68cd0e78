//! The index of live revocations of one isolate: a hash table of subjects with ordered expiry and bounded memory.
//!
//! The entry of a subject is the merge of its revocations, independent of their order and repetition: the newest
//! `notBefore` with its exception, and the newest one with another exception.
//!
//! An index [for a server without a database](Index::stateless) has no global `not_before`. It stores at most
//! [`SESSIONS_PER_USER`] single sessions of a user; one more, and the oldest ones of any user once the index is full,
//! become a revocation of that user. A user's entry is never dropped before it expires.

use hashbrown::HashTable;

use crate::revocation::entry::Revocation;
use crate::revocation::expiry::ExpiryQueue;
use crate::revocation::limits::{MAX_ENTRIES, SESSIONS_PER_USER};
use crate::revocation::slots::{Entry, NEVER, Slots};
use crate::revocation::subject::Subject;
use crate::time::Millis;

/// The index of live revocations. See [`MAX_ENTRIES`] for its limit.
#[derive(Debug)]
pub struct Index {
    /// Slot numbers by subject.
    table: HashTable<u32>,
    slots: Slots,
    /// The entries by expiry. An entry whose expiry has moved is reinserted when it is reached.
    order: ExpiryQueue,
    /// The entries of single sessions, which exist only for a server without a database.
    sessions: ExpiryQueue,
    /// Every cache written at or before this instant is revoked. It need not expire, because such caches do.
    global_not_before: Option<Millis>,
    capacity: usize,
    stateless: bool,
}

impl Default for Index {
    fn default() -> Self {
        Self::with_capacity(MAX_ENTRIES)
    }
}

impl Index {
    /// Creates an index of at most `capacity` subjects, and never more than [`MAX_ENTRIES`].
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        let capacity = capacity.clamp(1, MAX_ENTRIES);
        Self {
            table: HashTable::new(),
            slots: Slots::default(),
            order: ExpiryQueue::default(),
            sessions: ExpiryQueue::default(),
            global_not_before: None,
            capacity,
            stateless: false,
        }
    }

    /// Creates an index for a server without a database, where a global `not_before` would sign everybody out.
    #[must_use]
    pub fn stateless(capacity: usize) -> Self {
        Self { stateless: true, ..Self::with_capacity(capacity) }
    }

    /// Inserts a revocation, unless it has expired or the index [`is_overfull`](Self::is_overfull). Returns whether it was
    /// known: whether it changed no more than the lifetime of its entry.
    pub fn insert(&mut self, revocation: &Revocation, now: Millis) -> bool {
        let (subject, except) = match revocation.only {
            Some(token) if self.stateless => (revocation.subject.joined(token), None),
            Some(token) => (token, None),
            None => (revocation.subject, revocation.except),
        };
        let (not_before, expires) = (revocation.not_before, revocation.expires());
        let session = self.stateless && revocation.only.is_some();
        let slot = if session { self.session(revocation.subject, subject) } else { self.slot(subject) };
        let known = if session {
            slot.and_then(|slot| self.slots.get(slot)).is_some_and(|entry| entry.newest() >= not_before)
        } else {
            slot.is_some_and(|slot| self.slots.covers(slot, revocation))
        };
        if expires <= now || self.is_overfull() {
            return known;
        }
        if session {
            self.insert_session(revocation, subject);
        } else if slot.is_some() || self.stateless || self.make_room(not_before, expires) {
            self.merge_at(slot, subject, not_before, except, expires);
        }
        self.merge_sessions();
        known
    }

    /// Makes room for one more entry by turning the entries that expire first into the global `not_before`. Returns false
    /// if the new entry itself expires first. The table never exceeds the limit, beyond which it would double.
    fn make_room(&mut self, not_before: Millis, expires: Millis) -> bool {
        while self.len() >= self.capacity {
            let Some(slot) = Self::pop(&mut self.order, &self.slots) else { break };
            if self.slots.get(slot).is_some_and(|oldest| oldest.expires() > expires) {
                self.reinsert(slot, false);
                self.raise_global_not_before(not_before);
                return false;
            }
            if let Some(oldest) = self.remove(slot) {
                self.slots.release_with_exception(slot);
                self.raise_global_not_before(oldest.newest());
            }
        }
        true
    }

    /// Revokes one session of one user, or all sessions of a user with too many single ones.
    fn insert_session(&mut self, revocation: &Revocation, session: Subject) {
        let (user, not_before, expires) = (revocation.subject, revocation.not_before, revocation.expires());
        let owner = self.merge_at(self.slot(user), user, NEVER, None, expires);
        if let Some(entry) = self.session(user, session).and_then(|slot| self.slots.get_mut(slot)) {
            return entry.merge_plain(not_before, expires);
        }
        let Some(entry) = self.slots.get_mut(owner) else { return };
        let count = entry.sessions();
        if count >= SESSIONS_PER_USER {
            return self.slots.merge(owner, not_before, None, expires);
        }
        entry.set_sessions(count.saturating_add(1));
        let entry = Entry::new(session, not_before, expires, Some(owner));
        let slot = self.store(entry);
        self.sessions.push(expires, slot);
    }

    /// Turns the oldest single sessions into revocations of their users until the index is within its limit.
    fn merge_sessions(&mut self) {
        while self.len() > self.capacity {
            let Some(session) = Self::pop(&mut self.sessions, &self.slots) else { break };
            let Some(entry) = self.remove_session(session) else { break };
            self.slots.merge(entry.owner(), entry.newest(), None, entry.expires());
        }
    }

    /// Removes the entry of a session, and counts one session less for its user.
    fn remove_session(&mut self, slot: u32) -> Option<Entry> {
        let session = self.remove(slot)?;
        self.slots.release(slot);
        if let Some(user) = self.slots.get_mut(session.owner()) {
            user.set_sessions(user.sessions().saturating_sub(1));
        }
        Some(session)
    }

    /// Merges a revocation into the subject's entry, which is at `slot`, or creates it. Returns its slot.
    fn merge_at(
        &mut self,
        slot: Option<u32>,
        subject: Subject,
        not_before: Millis,
        except: Option<Subject>,
        expires: Millis,
    ) -> u32 {
        if let Some(slot) = slot {
            self.slots.merge(slot, not_before, except, expires);
            return slot;
        }
        let slot = self.store(Entry::new(subject, not_before, expires, None));
        if let Some(token) = except {
            self.slots.except(slot, token, NEVER);
        }
        self.order.push(expires, slot);
        slot
    }

    fn store(&mut self, entry: Entry) -> u32 {
        let slot = self.slots.put(entry);
        let slots = &self.slots;
        let hash = |slot: &u32| slots.get(*slot).map_or(0, |entry| entry.subject.hash());
        let len = self.table.len();
        if len == self.table.capacity() && len <= MAX_ENTRIES / 4 {
            // Four times the size instead of twice, as growing reads every entry. From room for 7 it grows to 114,688.
            self.table.reserve(len.saturating_mul(2).max(7), hash);
        }
        self.table.insert_unique(entry.subject.hash(), slot, hash);
        slot
    }

    /// Removes an entry from the table. Its slot is released by the caller, who knows whether it is a session's.
    fn remove(&mut self, slot: u32) -> Option<Entry> {
        let entry = *self.slots.get(slot)?;
        self.table.find_entry(entry.subject.hash(), |held| *held == slot).ok()?.remove();
        Some(entry)
    }

    /// Returns the slot of a user's session. A record whose subject was computed from others' subjects may equal it in
    /// the table, so that the user is compared too.
    fn session(&self, user: Subject, session: Subject) -> Option<u32> {
        let owner = self.slot(user)?;
        let is = |slot: &u32| {
            let entry = self.slots.get(*slot);
            entry
                .is_some_and(|entry| entry.subject == session && entry.is_session() && entry.owner() == owner)
        };
        self.table.find(session.hash(), is).copied()
    }

    fn slot(&self, subject: Subject) -> Option<u32> {
        let is = |slot: &u32| {
            self.slots.get(*slot).is_some_and(|entry| entry.subject == subject && !entry.is_session())
        };
        self.table.find(subject.hash(), is).copied()
    }

    /// Revokes every cache written at or before `not_before`. Has no effect without a database.
    pub fn raise_global_not_before(&mut self, not_before: Millis) {
        if !self.stateless {
            self.global_not_before = self.global_not_before.max(Some(not_before));
        }
    }

    /// Removes expired entries, in time proportional to their number.
    pub fn expire(&mut self, now: Millis) {
        while self.sessions.is_due(now) {
            let Some(slot) = Self::pop(&mut self.sessions, &self.slots) else { break };
            if self.slots.get(slot).is_some_and(|entry| entry.expires() > now) {
                self.reinsert(slot, true);
            } else {
                self.remove_session(slot);
            }
        }
        while self.order.is_due(now) {
            let Some(slot) = Self::pop(&mut self.order, &self.slots) else { break };
            // A user's entry expires after the last of its sessions.
            if self.slots.get(slot).is_some_and(|entry| entry.expires() > now) {
                self.reinsert(slot, false);
            } else if self.remove(slot).is_some() {
                self.slots.release_with_exception(slot);
            }
        }
    }

    fn reinsert(&mut self, slot: u32, session: bool) {
        let Some(expires) = self.slots.get(slot).map(Entry::expires) else { return };
        if session { self.sessions.push(expires, slot) } else { self.order.push(expires, slot) }
    }

    /// Removes and returns the slot that expires first.
    fn pop(order: &mut ExpiryQueue, slots: &Slots) -> Option<u32> {
        loop {
            let (expires, slot) = order.pop()?;
            match slots.get(slot) {
                Some(entry) if ExpiryQueue::clamped(entry.expires()) > expires => {
                    order.push(entry.expires(), slot)
                }
                _ => return Some(slot),
            }
        }
    }

    /// Returns the instant up to which caches of `subject` with the session token `token` are revoked.
    #[must_use]
    pub fn not_before(&self, subject: Subject, token: Subject) -> Option<Millis> {
        let slot = self.slot(subject)?;
        let entry = self.slots.get(slot)?;
        let exception = self.slots.exception(slot).filter(|(_, exception)| exception.subject == token);
        let not_before = exception.map_or(entry, |(_, exception)| exception).newest();
        Some(not_before).filter(|not_before| *not_before != NEVER)
    }

    /// Returns the instant up to which caches of this user's session are revoked.
    #[must_use]
    pub fn session_not_before(&self, user: Subject, token: Subject) -> Option<Millis> {
        let slot = if self.stateless { self.session(user, user.joined(token))? } else { return None };
        self.slots.get(slot).map(Entry::newest)
    }

    /// Returns the instant up to which every cache is revoked.
    #[must_use]
    pub const fn global_not_before(&self) -> Option<Millis> {
        self.global_not_before
    }

    /// Returns the number of subjects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Returns whether the index has no subject.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Returns whether one more user would exceed the limit and no single session is left to merge.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.stateless && self.len() >= self.capacity && self.sessions.is_empty()
    }

    /// Returns whether revocations are dropped because every entry is a user's. Gates stop forwarding calls that end
    /// sessions at the limit ([`is_full`](Self::is_full)); an eighth more is for calls in flight at several gates.
    #[must_use]
    pub fn is_overfull(&self) -> bool {
        self.stateless && self.len() > self.capacity.saturating_add(self.capacity / 8).saturating_add(1)
    }
}
