//! The result of checking a cache with the server's key set, as JavaScript passes it.

use better_session::StaleReason;
use better_session::cache::KeySetCheck;

/// The reasons of rejections by their numbers; 0 stands for no check.
const REASONS: [StaleReason; 6] = [
    StaleReason::UnknownKey,
    StaleReason::WrongType,
    StaleReason::UnsupportedKey,
    StaleReason::CacheBadSignature,
    StaleReason::CacheMalformed,
    StaleReason::StrategyMismatch,
];

/// The number for a valid cache.
pub const VALID: u32 = 6;

/// The number with which JavaScript asks for the cache.
pub const ASK: u32 = 7;

/// Returns the check of this number. `valid` is the cache that verified, for [`VALID`].
pub fn key_set_check(valid: &str, number: u32) -> KeySetCheck<'_> {
    if number == VALID {
        return KeySetCheck::Valid(valid);
    }
    KeySetCheck::Rejected(REASONS.get(number as usize).copied().unwrap_or(StaleReason::UnknownKey))
}
