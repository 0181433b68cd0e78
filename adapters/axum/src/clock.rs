//! The clock.

use std::time::SystemTime;

use better_session::UnixMillis;

/// Returns milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    UnixMillis::from(SystemTime::now()).as_millis()
}
