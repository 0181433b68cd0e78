//! Instants as JavaScript counts them, and ISO 8601 dates in UTC.

use core::fmt;
use core::time::Duration;
#[cfg(feature = "std")]
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, as a plain number: the unit of internal arithmetic.
pub type Millis = i64;

/// Seconds, as Better Auth's options count durations.
pub type Seconds = i64;

/// The furthest instant that a JavaScript `Date` holds, in milliseconds either way from the epoch (ECMA-262 §21.4.1.1).
pub const MAX_DATE: Millis = 8_640_000_000_000_000;

/// An instant in milliseconds since the Unix epoch, as `Date.now()` counts them.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use better_session::UnixMillis;
///
/// let now = UnixMillis::from(SystemTime::now());
/// assert!(now.saturating_add(Duration::from_secs(60)) > now);
/// assert_eq!(UnixMillis::from_millis(1_500).as_millis(), 1_500);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMillis(Millis);

impl UnixMillis {
    /// Creates an instant from milliseconds since the epoch; negative ones lie before it.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the instant `duration` later, at most the last one that fits.
    #[must_use]
    pub const fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration_millis(duration)))
    }

    /// Returns the instant `duration` earlier, at least the first one that fits.
    #[must_use]
    pub const fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration_millis(duration)))
    }

    /// Returns the milliseconds from `earlier` to this instant, negative if `earlier` is later.
    pub(crate) const fn since(self, earlier: Self) -> Millis {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(feature = "std")]
impl From<SystemTime> for UnixMillis {
    /// Truncates to milliseconds and clamps to the range of `i64`.
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(since) => Self(duration_millis(since)),
            Err(before) => Self(duration_millis(before.duration()).saturating_neg()),
        }
    }
}

#[cfg(feature = "std")]
impl TryFrom<UnixMillis> for SystemTime {
    type Error = TimeRangeError;

    fn try_from(instant: UnixMillis) -> Result<Self, TimeRangeError> {
        let distance = Duration::from_millis(instant.0.unsigned_abs());
        let time =
            if instant.0 < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        time.ok_or(TimeRangeError)
    }
}

impl fmt::Display for UnixMillis {
    /// Writes the number of milliseconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The platform's `SystemTime` cannot represent an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeRangeError;

impl fmt::Display for TimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the instant is outside the range of the system's clock")
    }
}

impl core::error::Error for TimeRangeError {}

/// Converts a duration to whole milliseconds, clamped to their range.
#[must_use]
#[allow(clippy::cast_possible_wrap, clippy::arithmetic_side_effects)] // clamped
pub const fn duration_millis(duration: Duration) -> Millis {
    const MOST: u64 = i64::MAX as u64 / 1000 - 1;
    let seconds = duration.as_secs();
    if seconds > MOST { i64::MAX } else { seconds as i64 * 1000 + duration.subsec_millis() as i64 }
}

/// Converts a duration to whole seconds, clamped to their range.
#[must_use]
#[allow(clippy::cast_possible_wrap)] // clamped
pub const fn duration_seconds(duration: Duration) -> Seconds {
    let seconds = duration.as_secs();
    if seconds > i64::MAX as u64 { i64::MAX } else { seconds as i64 }
}

/// Truncates to milliseconds and clamps to the range of a JavaScript `Date`.
pub(crate) fn to_instant(number: f64) -> Millis {
    #[allow(clippy::cast_possible_truncation)] // saturates, and JSON has no NaN
    let millis = number as Millis;
    millis.clamp(-MAX_DATE, MAX_DATE)
}

/// Parses a date as the server does: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, a fraction truncated to milliseconds, 31 February
/// rolling over into March. Returns `None` for anything else.
#[must_use]
#[allow(clippy::arithmetic_side_effects)] // no field has more than four digits, so nothing overflows
pub fn parse_iso(text: &str) -> Option<Millis> {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let (date, rest) = text.as_bytes().split_at_checked(SHAPE.len())?;
    let mut fields = [0u32; 6];
    let mut slots = fields.iter_mut();
    let mut slot = slots.next()?;
    for (byte, shape) in date.iter().zip(SHAPE) {
        match shape {
            b'0' if byte.is_ascii_digit() => *slot = *slot * 10 + u32::from(byte & 15),
            b'0' => return None,
            _ if byte == shape => slot = slots.next()?,
            _ => return None,
        }
    }
    let mut millis = 0u32;
    if rest != b"Z" {
        let digits = rest.strip_prefix(b".")?.strip_suffix(b"Z")?;
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        for at in 0..3 {
            let digit = digits.get(at).map_or(0, |byte| u32::from(byte & 15));
            millis = millis * 10 + digit;
        }
    }
    let [year, month, day, hour, minute, second] = fields;
    // ISO 8601 permits 24:00:00 for the midnight that ends a day.
    let midnight_after =
        hour == 24 && (minute | second) == 0 && !rest.iter().any(|byte| matches!(byte, b'1'..=b'9'));
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || !(hour < 24 || midnight_after)
        || minute > 59
        || second > 59
    {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second;
    Some(days_since_epoch(year, month, day) * 86_400_000 + i64::from(seconds * 1000 + millis))
}

/// Returns the days from 1970-01-01 in the proleptic Gregorian calendar. Years start in March, so that the leap day comes
/// last, and are counted from the year -400, so that no number is negative (400 years are 146,097 days).
#[allow(clippy::arithmetic_side_effects)] // a year has four digits
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    let year = year + if month > 2 { 400 } else { 399 };
    let months_from_march = (month + 9) % 12;
    let day_of_year = (months_from_march * 153 + 2) / 5;
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + day_of_year + day;
    i64::from(days) - (719_469 + 146_097)
}

/// Rounds up to whole seconds, and clamps to the range of the type.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // saturates, and is compared with what it came from
pub fn seconds_up(seconds: f64) -> Seconds {
    let whole = seconds as i64;
    whole.saturating_add(i64::from((whole as f64) < seconds))
}
