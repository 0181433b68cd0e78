//! Time as the wire has it: milliseconds since the epoch, and ISO 8601 text in UTC.

/// Milliseconds since the Unix epoch, as `Date.now()` counts them.
pub type UnixMillis = i64;

/// Seconds, as Better Auth's options count durations.
pub type Seconds = i64;

/// Furthest instant a JavaScript `Date` can hold, either way from the epoch (ECMA-262 §21.4.1.1).
pub const MAX_DATE: UnixMillis = 8_640_000_000_000_000;

/// Whole milliseconds; what lies beyond the range of a `Date` is held at its end.
pub(crate) fn to_instant(number: f64) -> UnixMillis {
    #[allow(clippy::cast_possible_truncation)] // saturates, and NaN cannot come out of JSON
    let millis = number as UnixMillis;
    millis.clamp(-MAX_DATE, MAX_DATE)
}

/// Converts seconds to milliseconds, clamped to their range.
pub(crate) const fn to_millis(seconds: Seconds) -> UnixMillis {
    seconds.saturating_mul(1000)
}

/// Reads what the server takes for a date: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, with JavaScript's reading of
/// it (a fraction is cut to milliseconds, 31 February rolls over into March).
#[must_use]
#[allow(clippy::arithmetic_side_effects)] // no field has more than four digits: nothing can overflow
pub fn parse_iso(text: &str) -> Option<UnixMillis> {
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
    // The day's last midnight may be written as 24 o'clock, but not a digit of it passed.
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

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day comes last, and from the year -400, so that none is negative (400 years are 146,097 days).
#[allow(clippy::arithmetic_side_effects)] // a year has four digits
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    let year = year + if month > 2 { 400 } else { 399 };
    let months_from_march = (month + 9) % 12;
    let day_of_year = (months_from_march * 153 + 2) / 5;
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + day_of_year + day;
    i64::from(days) - (719_469 + 146_097)
}
