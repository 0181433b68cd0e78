//! Recent answers of the origin about session tokens, for a bounded time and number.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Maximum number of tokens; a token has at most 4 KiB.
const MAX_TOKENS: usize = 1000;

#[derive(Debug)]
pub(crate) struct Recent<T> {
    lifetime: Duration,
    entries: Mutex<Entries<T>>,
}

#[derive(Debug)]
struct Entries<T> {
    by_token: HashMap<String, (T, Instant)>,
    /// The same tokens in the order in which they were set.
    order: VecDeque<(String, Instant)>,
}

impl<T> Entries<T> {
    fn forget(&mut self, token: &str) {
        if self.by_token.remove(token).is_some() {
            self.order.retain(|(kept, _)| kept != token);
        }
    }
}

impl<T: Clone> Recent<T> {
    pub(crate) fn new(lifetime: Duration) -> Self {
        let entries = Entries { by_token: HashMap::new(), order: VecDeque::new() };
        Self { lifetime, entries: Mutex::new(entries) }
    }

    /// Returns the value of a token that is not older than the lifetime.
    pub(crate) fn get(&self, token: &str) -> Option<T> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .by_token
            .get(token)
            .filter(|(_, at)| at.elapsed() < self.lifetime)
            .map(|(value, _)| value.clone())
    }

    pub(crate) fn set(&self, token: &str, value: T, at: Instant) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = &mut *entries;
        entries.forget(token);
        while let Some((oldest, since)) = entries.order.front() {
            if since.elapsed() < self.lifetime && entries.by_token.len() < MAX_TOKENS {
                break;
            }
            entries.by_token.remove(oldest);
            entries.order.pop_front();
        }
        entries.by_token.insert(token.to_owned(), (value, at));
        entries.order.push_back((token.to_owned(), at));
    }

    pub(crate) fn remove(&self, token: &str) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).forget(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_returned_within_its_lifetime_only() {
        let recent = Recent::new(Duration::from_secs(5));
        recent.set("new", 1, Instant::now());
        let before = Instant::now().checked_sub(Duration::from_secs(6)).unwrap();
        recent.set("old", 2, before);
        assert_eq!((recent.get("new"), recent.get("old"), recent.get("other")), (Some(1), None, None));
        recent.remove("new");
        assert_eq!(recent.get("new"), None);
    }

    #[test]
    fn the_oldest_tokens_are_dropped_beyond_the_limit() {
        let recent = Recent::new(Duration::from_secs(5));
        for number in 0..3000 {
            recent.set(&number.to_string(), number, Instant::now());
        }
        assert_eq!((recent.get("0"), recent.get("2999")), (None, Some(2999)));
        let entries = recent.entries.lock().unwrap();
        assert!(entries.by_token.len() <= MAX_TOKENS && entries.order.len() <= MAX_TOKENS);
    }

    #[test]
    fn a_token_that_is_set_again_and_again_evicts_no_other_and_takes_no_room() {
        let recent = Recent::new(Duration::from_secs(5));
        recent.set("first", 0, Instant::now());
        for number in 0..3000 {
            recent.set("again", number, Instant::now());
        }
        assert_eq!((recent.get("first"), recent.get("again")), (Some(0), Some(2999)));
        assert_eq!(recent.entries.lock().unwrap().order.len(), 2);
        recent.remove("again");
        assert_eq!(recent.entries.lock().unwrap().order.len(), 1);
    }

    #[test]
    fn expired_tokens_are_dropped_when_another_is_set() {
        let recent = Recent::new(Duration::from_secs(5));
        let before = Instant::now().checked_sub(Duration::from_secs(6)).unwrap();
        for number in 0..10 {
            recent.set(&number.to_string(), number, before);
        }
        recent.set("new", 10, Instant::now());
        assert_eq!(recent.entries.lock().unwrap().by_token.len(), 1);
    }
}
