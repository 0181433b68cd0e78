//! Every bound of the revocation index, with its unit and reason.

use crate::time::{Seconds, UnixMillis};

/// Most marks in one index. A table of 131,072 places is exactly full with them: 8.5 MB, and 3 MB for the
/// order of expiry, of a Worker's 128 MB. At the bound the oldest mark becomes a floor: no copy made before it
/// is believed, whose ever it is.
pub const MAX_MARKS: usize = 114_688;

/// Longest batch read at once, in bytes: 150,000 marks, more than an index holds.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Longest life of a mark, in seconds: 400 days, the longest that a browser keeps a cookie.
pub const MAX_LIFETIME: Seconds = 400 * 86_400;

/// The server's readers take a `jwe` cache this much longer than its window, in seconds.
pub const READER_TOLERANCE: Seconds = 15;

/// A `jwt` or `jwe` cache of a browser-session ("don't remember me") lives this long, in seconds, when
/// `maxAge` is shorter: the server falls back to it.
pub const FALLBACK_MAX_AGE: Seconds = 300;

/// A report to the feed endpoint is refused when its time is this far from ours, in milliseconds. Marks are
/// idempotent: the window only bounds for how long nonces are worth remembering.
pub const REPORT_WINDOW: UnixMillis = 60_000;

/// Longest body of a call that is read for its subject, in bytes. Better Auth's clients send about 100.
pub const MAX_CALL_BODY: usize = 64 * 1024;
