//! Time as the wire has it: milliseconds since the epoch, and ISO 8601 text in UTC.

/// Milliseconds since the Unix epoch, as `Date.now()` counts them.
pub type UnixMillis = i64;

/// Seconds, as Better Auth's options count durations.
pub type Seconds = i64;

/// Furthest instant a JavaScript `Date` can hold, either way from the epoch (ECMA-262 §21.4.1.1).
pub const MAX_DATE: UnixMillis = 8_640_000_000_000_000;
