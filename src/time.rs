//! Time as the wire has it: milliseconds since the epoch, and ISO 8601 text in UTC.

/// Milliseconds since the Unix epoch, as `Date.now()` counts them.
pub type UnixMillis = i64;

/// Seconds, as Better Auth's options count durations.
pub type Seconds = i64;

/// Furthest instant a JavaScript `Date` can hold, either way from the epoch (ECMA-262 §21.4.1.1).
pub const MAX_DATE: UnixMillis = 8_640_000_000_000_000;

/// Reads what the server takes for a date: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, with JavaScript's reading of
/// it (a fraction is cut to milliseconds, 31 February rolls over into March).
#[must_use]
pub fn parse_iso(text: &str) -> Option<UnixMillis> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        bytes.get(from..to)?.iter().try_fold(0i64, |sum, byte| {
            let digit = char::from(*byte).to_digit(10)?;
            sum.checked_mul(10)?.checked_add(i64::from(digit))
        })
    };
    let punctuation = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if punctuation.iter().any(|(at, byte)| bytes.get(*at) != Some(byte)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let millis = match bytes.get(19..)? {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            let digit = |at: usize| digits.get(at).map_or(0, |byte| i64::from(byte & 15));
            digit(0).saturating_mul(100).saturating_add(digit(1).saturating_mul(10)).saturating_add(digit(2))
        }
        _ => return None,
    };
    // The day's last midnight may be written as 24 o'clock, but not a digit of it passed.
    let midnight_after = hour == 24 && bytes.get(14..)?.iter().all(|byte| !matches!(byte, b'1'..=b'9'));
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || !(hour < 24 || midnight_after)
        || minute > 59
        || second > 59
    {
        return None;
    }
    let seconds = days_since_epoch(year, month, day)
        .saturating_mul(86_400)
        .saturating_add(hour.saturating_mul(3600))
        .saturating_add(minute.saturating_mul(60))
        .saturating_add(second);
    Some(seconds.saturating_mul(1000).saturating_add(millis))
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day comes last, and from the year -400, so that none is negative (400 years are 146,097 days).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year.saturating_add(if month > 2 { 400 } else { 399 });
    let months_from_march = month.saturating_add(9) % 12;
    let day_of_year = months_from_march.saturating_mul(153).saturating_add(2) / 5;
    let leap_days = (year / 4).saturating_sub(year / 100).saturating_add(year / 400);
    year.saturating_mul(365)
        .saturating_add(leap_days)
        .saturating_add(day_of_year)
        .saturating_add(day)
        .saturating_sub(719_469)
        .saturating_sub(146_097)
}
