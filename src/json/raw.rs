//! One JSON value's own text, and how it reads and is written.

use std::borrow::Cow;

use super::Reader;

/// A JSON value's own text, checked to be well formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    /// Text that a [`Reader`] has checked.
    pub(super) const fn checked(text: &'a str) -> Self {
        Self(text)
    }

    /// The value's own text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.0
    }

    /// The string it is, unescaped, or nothing when it is of another type. A lone surrogate, which no Rust
    /// string can hold, reads as U+FFFD.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') { Some(Cow::Owned(unescape(inner))) } else { Some(Cow::Borrowed(inner)) }
    }

    /// Whether it is the string `expected`.
    #[must_use]
    pub fn is_string(self, expected: &str) -> bool {
        self.string().is_some_and(|text| text == expected)
    }

    /// The number it is. Exact for what a server writes, whole numbers below 2^53 and short decimals; a
    /// number of more digits is off by a rounding, and one beyond the range of a double is none.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        let (negative, digits) = self.0.strip_prefix('-').map_or((false, self.0), |digits| (true, digits));
        let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut value = 0.0;
        for digit in whole.chars().chain(fraction.chars()) {
            value = value * 10.0 + f64::from(digit.to_digit(10)?);
        }
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?;
        let shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let power = 10f64.powi(shift.saturating_abs());
        if value > 0.0 {
            value = if shift < 0 { value / power } else { value * power };
        }
        value.is_finite().then_some(if negative { -value } else { value })
    }

    /// Whether it is the literal `text` (`null`, `true`, `false`).
    #[must_use]
    pub fn is_literal(self, text: &str) -> bool {
        self.0 == text
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// The elements, when the value is an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Raw<'a>>> {
        let mut reader = Reader::new(self.0);
        let mut elements = Vec::new();
        let mut more = reader.begin_array().ok()?;
        while more {
            elements.push(reader.value(1).ok()?);
            more = reader.more_elements().ok()?;
        }
        Some(elements)
    }

    /// The last member called `name`, as `JSON.parse` keeps it, when the value is an object.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Raw<'a>> {
        let mut reader = Reader::new(self.0);
        let mut found = None;
        let mut more = reader.begin_object().ok()?;
        while more {
            let matches = reader.name().ok()?.is_string(name);
            let value = reader.value(1).ok()?;
            if matches {
                found = Some(value);
            }
            more = reader.more().ok()?;
        }
        found
    }
}

/// Appends a whole number in decimal.
pub fn push_integer(out: &mut String, number: i64) {
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut used = 0usize;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' | u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        used = used.saturating_add(1);
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits.iter().skip(20usize.saturating_sub(used)).map(|digit| char::from(*digit)));
}

/// Appends `text` as a JSON string.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => {
                let code = control as u32;
                out.push_str("\\u00");
                for shift in [4, 0] {
                    out.push(char::from_digit((code >> shift) & 15, 16).unwrap_or('0'));
                }
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    let mut high: Option<u32> = None;
    while let Some(character) = rest.next() {
        let unit = match character {
            '\\' => match rest.next() {
                Some('u') => {
                    let mut unit = 0u32;
                    for _ in 0..4 {
                        unit = (unit << 4) | rest.next().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
                    }
                    unit
                }
                Some('b') => 8,
                Some('f') => 12,
                Some('n') => 10,
                Some('r') => 13,
                Some('t') => 9,
                Some(other) => other as u32,
                None => 0xfffd,
            },
            plain => plain as u32,
        };
        match (high.take(), unit) {
            (Some(first), 0xdc00..=0xdfff) => {
                let pair = ((first & 0x3ff) << 10) | (unit & 0x3ff);
                let code = pair.saturating_add(0x1_0000);
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                continue;
            }
            (Some(_), _) => out.push('\u{fffd}'),
            (None, _) => {}
        }
        if (0xd800..=0xdbff).contains(&unit) {
            high = Some(unit);
        } else {
            out.push(char::from_u32(unit).unwrap_or('\u{fffd}'));
        }
    }
    if high.is_some() {
        out.push('\u{fffd}');
    }
    out
}
