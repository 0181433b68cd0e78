//! Every bound of the revocation index, with its unit and reason.

use crate::time::{Seconds, UnixMillis};

/// Most marks in one index. A table of 131,072 places is exactly full with them. Each takes 64 bytes and 13 for the
/// table and the order of expiry; all of the module's memory is stated in ARCHITECTURE.md. At the bound the oldest
/// mark becomes a global_not_before: no copy made before it is believed, whose ever it is. Without a database there is no
/// global_not_before: sessions are folded into their users, and an eighth more is the bound of what is taken in.
pub const MAX_ENTRIES: usize = 114_688;

/// Most single sessions that are kept of one user of a server without a database; further ones revoke all of that
/// user's sessions. A device that signs in and out anew each day of a week fits twice.
pub const SESSIONS_PER_USER: u32 = 16;

/// Longest batch read at once, in bytes: 150,000 marks, more than an index holds.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Longest life of a mark, in seconds: 400 days, the longest that a browser keeps a cookie.
pub const MAX_LIFETIME: Seconds = 400 * 86_400;

/// The server's readers take a `jwe` cache this much longer than its window, in seconds.
pub const READER_TOLERANCE: Seconds = 15;

/// A `jwt` or `jwe` cache of a browser-session ("don't remember me") lives this long, in seconds, when
/// `maxAge` is shorter: the server falls back to it.
pub const FALLBACK_MAX_AGE: Seconds = 300;

/// Longest report to the feed endpoint, in bytes: about 2,400 marks. `pkg/src/revocation/report-path.ts` has the same.
pub const MAX_REPORT_BYTES: usize = 64 * 1024;

/// A report to the feed endpoint is refused when its time is this far from ours, in milliseconds. RevocationState are
/// idempotent: the window only bounds for how long nonces are worth remembering.
pub const REPORT_WINDOW: UnixMillis = 60_000;

/// Longest body of a call that is read for its subject, in bytes. Better Auth's clients send about 100.
pub const MAX_CALL_BODY: usize = 64 * 1024;
