//! The limits of revocation, each with its unit and reason.

use crate::time::{Millis, Seconds};

/// Greatest number of subjects in one index: the load limit of a hash table with 131,072 buckets. Each takes 32 bytes,
/// 32 more with an exception, and 13 in the table and the expiry queue; ARCHITECTURE.md states the module's total memory. At the limit the oldest
/// revocation becomes the global `not_before`, which revokes every cache written before it. Without a database there is
/// no global `not_before`: sessions are merged into their users, and an eighth more entries are accepted.
pub const MAX_ENTRIES: usize = 114_688;

/// Greatest number of single sessions stored for one user of a server without a database; one more revokes all of that
/// user's sessions. Twice a week of daily sign-outs on one device.
pub const SESSIONS_PER_USER: u32 = 16;

/// Longest batch, in bytes: 150,000 revocations, more than an index holds.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Longest lifetime of a revocation, in seconds: 400 days, the longest that a browser keeps a cookie.
pub const MAX_LIFETIME: Seconds = 400 * 86_400;

/// How long after its window the server's readers accept a `jwe` cache, in seconds.
pub const READER_TOLERANCE: Seconds = 15;

/// The window of a `jwt` or `jwe` cache of a browser session ("don't remember me"), in seconds, if `maxAge` is shorter:
/// the server's fallback.
pub const FALLBACK_MAX_AGE: Seconds = 300;

/// Longest body of a message to the feed endpoint, in bytes: about 2,400 revocations. `pkg/src/revocation/report-path.ts`
/// has the same limit.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// Greatest difference between the time of a message to the feed endpoint and the reader's clock, in milliseconds.
/// Revocations are idempotent, so the window only limits how long nonces must be stored.
pub const MESSAGE_WINDOW: Millis = 60_000;

/// Longest body of a call that is parsed for the revoked subject, in bytes. Better Auth's clients send about 100.
pub const MAX_CALL_BODY: usize = 64 * 1024;
