//! One JSON value's own text, and how it reads and is written.

use std::borrow::Cow;
use std::str::Chars;

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
        if !self.0.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return None;
        }
        let (mut value, mut fraction, mut shift) = (0.0, 0i32, 0i32);
        let mut bytes = self.0.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'0'..=b'9' => {
                    value = value * 10.0 + f64::from(byte & 15);
                    shift = shift.saturating_sub(fraction);
                }
                b'.' => fraction = 1,
                b'e' | b'E' => shift = shift.saturating_add(exponent(&mut bytes)),
                _ => {} // the minus
            }
        }
        let power = 10f64.powi(shift.saturating_abs());
        if value > 0.0 {
            value = if shift < 0 { value / power } else { value * power };
        }
        value.is_finite().then_some(if self.0.starts_with('-') { -value } else { value })
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
    let mut copied = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            8 => b'b',
            12 => b'f',
            0..=0x1f => b'u',
            _ => continue,
        };
        out.push_str(text.get(copied..at).unwrap_or_default());
        copied = at.saturating_add(1);
        out.push('\\');
        out.push(char::from(short));
        if short == b'u' {
            out.push_str(if byte < 16 { "000" } else { "001" });
            out.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or_default());
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out.push('"');
}

/// The rest of a checked number after its `e`.
fn exponent(digits: &mut std::str::Bytes<'_>) -> i32 {
    let (mut value, mut negative) = (0i32, false);
    for byte in digits {
        match byte {
            b'-' => negative = true,
            b'+' => {}
            digit => value = value.saturating_mul(10).saturating_add(i32::from(digit & 15)),
        }
    }
    if negative { value.saturating_neg() } else { value }
}

#[inline(never)] // few strings have escapes, and their readers stay small
fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        out.push(match character {
            '\\' => match rest.next().unwrap_or_default() {
                'u' => escaped(&mut rest),
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            plain => plain,
        });
    }
    out
}

/// The character after `\u`: one escape, or the two of a surrogate pair.
fn escaped(rest: &mut Chars<'_>) -> char {
    let first = unit(rest);
    let mut ahead = rest.clone();
    if (0xd800..0xdc00).contains(&first) && ahead.next() == Some('\\') && ahead.next() == Some('u') {
        let second = unit(&mut ahead);
        if (0xdc00..0xe000).contains(&second) {
            *rest = ahead;
            let pair = ((first & 0x3ff) << 10) | (second & 0x3ff);
            return char::from_u32(pair.saturating_add(0x1_0000)).unwrap_or('\u{fffd}');
        }
    }
    char::from_u32(first).unwrap_or('\u{fffd}')
}

fn unit(rest: &mut Chars<'_>) -> u32 {
    let digit = |unit, digit: char| (unit << 4) | digit.to_digit(16).unwrap_or(0);
    rest.by_ref().take(4).fold(0, digit)
}
