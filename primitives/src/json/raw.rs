//! The text of a JSON value: its reader, and writers of strings and numbers.

use crate::prelude::*;
use alloc::borrow::Cow;

use crate::bytes::{find, split_once};
use crate::json::Reader;

/// The text of a well-formed JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    /// Wraps text that a [`Reader`] has checked.
    pub(super) const fn checked(text: &'a str) -> Self {
        Self(text)
    }

    /// Returns the value's text.
    #[must_use]
    pub const fn text(self) -> &'a str {
        self.0
    }

    /// Returns the unescaped string, or `None` if the value is not a string. A lone surrogate, which Rust's strings cannot
    /// contain, becomes U+FFFD.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        let escaped = find(inner.as_bytes(), b'\\').is_some();
        Some(if escaped { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) })
    }

    /// Returns [`Self::string`] as an owned string. Not inlined, which makes the modules smaller.
    #[inline(never)]
    pub fn owned(self) -> Option<String> {
        self.string().map(Cow::into_owned)
    }

    /// Returns whether the value is the string `expected`.
    #[must_use]
    pub fn is_string(self, expected: &str) -> bool {
        self.string().is_some_and(|text| text == expected)
    }

    /// Returns the number, or `None` if the value is not a number or exceeds the range of a double. Whole numbers below 2^53
    /// and short decimals are exact; a number of more digits may differ from the nearest double by a rounding.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        if !digits.as_bytes().first()?.is_ascii_digit() {
            return None;
        }
        // Digits beyond the precision of a double only move the point: the value stays far below the largest double.
        const ENOUGH: f64 = 1e17;
        let (mut value, mut fraction, mut shift) = (0.0, 0i32, 0i32);
        let mut bytes = digits.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'.' => fraction = 1,
                b'e' | b'E' => shift = shift.wrapping_add(exponent(&mut bytes)),
                digit if value < ENOUGH => {
                    value = value * 10.0 + f64::from(digit & 15);
                    shift = shift.wrapping_sub(fraction);
                }
                _ if fraction == 0 => shift = shift.wrapping_add(1),
                _ => {}
            }
        }
        if value > 0.0 {
            // In two steps: one power alone may be infinite where the result is not.
            let near = shift.clamp(-300, 300);
            value = scaled(scaled(value, near), shift.wrapping_sub(near));
        }
        value.is_finite().then_some(if self.0.len() > digits.len() { -value } else { value })
    }

    /// Returns whether the value is the literal `text` (`null`, `true` or `false`).
    #[must_use]
    pub fn is_literal(self, text: &str) -> bool {
        self.0 == text
    }

    /// Returns whether the value is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// Returns the elements, or `None` if the value is not an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Raw<'a>>> {
        self.is_array().then(|| self.each().collect())
    }

    /// Returns whether the value is a string.
    pub fn is_text(self) -> bool {
        self.0.starts_with('"')
    }

    /// Returns whether the value is an array.
    pub fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    /// Iterates over the elements; there are none if the value is not an array.
    pub const fn each(self) -> Elements<'a> {
        Elements { reader: Reader::new(self.0), begun: false }
    }

    /// Returns the last member called `name`, which is the one that `JSON.parse` keeps. Returns `None` if there is none or the
    /// value is not an object.
    #[must_use]
    #[inline(never)]
    pub fn member(self, name: &str) -> Option<Raw<'a>> {
        let [found] = self.members([name]);
        found
    }

    /// Returns several members in one pass.
    #[must_use]
    pub fn members<const N: usize>(self, names: [&str; N]) -> [Option<Raw<'a>>; N] {
        let mut found = [None; N];
        let _all = self.find(&names, &mut found);
        found
    }

    #[inline(never)]
    fn find(self, names: &[&str], found: &mut [Option<Raw<'a>>]) -> Option<()> {
        let mut reader = Reader::new(self.0);
        let mut more = reader.begin_object().ok()?;
        while more {
            let name = reader.name().ok()?;
            let value = reader.value(1).ok()?;
            let at = names.iter().position(|wanted| name.is_string(wanted));
            if let Some(found) = at.and_then(|at| found.get_mut(at)) {
                *found = Some(value);
            }
            more = reader.more().ok()?;
        }
        Some(())
    }
}

/// Elements of an array, read one by one.
pub struct Elements<'a> {
    reader: Reader<'a>,
    begun: bool,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Raw<'a>;

    #[inline(never)]
    fn next(&mut self) -> Option<Raw<'a>> {
        let more = if self.begun { self.reader.more_elements() } else { self.reader.begin_array() };
        self.begun = true;
        if more.ok()? { self.reader.value(1).ok() } else { None }
    }
}

/// Appends text as it stands. A function of its own, which `push_str` is not once it is compiled.
#[inline(never)]
pub fn push(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Appends one ASCII character.
#[inline(never)]
pub fn push_ascii(out: &mut String, character: u8) {
    out.push(char::from(character & 0x7f));
}

/// Appends a whole number in decimal.
pub fn push_integer(out: &mut String, number: i64) {
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut first = digits.len();
    for slot in digits.iter_mut().rev() {
        *slot = b'0' | u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        first = first.saturating_sub(1);
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        push(out, "-");
    }
    let digits = digits.get(first..).unwrap_or_default();
    push(out, core::str::from_utf8(digits).unwrap_or_default());
}

/// Appends `text` as a JSON string.
pub fn push_string(out: &mut String, text: &str) {
    push(out, "\"");
    let mut copied = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            8 => "\\b",
            12 => "\\f",
            0..=0x1f => "\\u00",
            _ => continue,
        };
        push(out, text.get(copied..at).unwrap_or_default());
        push(out, escape);
        if escape.len() > 2 {
            push_hex(out, byte);
        }
        copied = at.saturating_add(1);
    }
    push(out, text.get(copied..).unwrap_or_default());
    push(out, "\"");
}

/// Appends a byte as two hexadecimal digits.
pub fn push_hex(out: &mut String, byte: u8) {
    for nibble in [byte >> 4, byte & 15] {
        push_ascii(out, if nibble < 10 { b'0' | nibble } else { (b'a' - 10).wrapping_add(nibble) });
    }
}

/// Returns `value` times 10 to the power of `shift`.
fn scaled(value: f64, shift: i32) -> f64 {
    let power = power_of_ten(shift.unsigned_abs());
    if shift < 0 { value / power } else { value * power }
}

/// Returns 10 to the power of `exponent`, by squaring.
fn power_of_ten(mut exponent: u32) -> f64 {
    let (mut power, mut square) = (1.0, 10.0);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    power
}

/// Reads the exponent of a checked number, clamped to a range beyond which every number is infinite or zero.
fn exponent(digits: &mut core::str::Bytes<'_>) -> i32 {
    const FAR: i32 = 10_000_000;
    let (mut value, mut negative) = (0i32, false);
    for byte in digits {
        match byte {
            b'-' => negative = true,
            b'+' => {}
            digit => value = value.wrapping_mul(10).wrapping_add(i32::from(digit & 15)).min(FAR),
        }
    }
    if negative { value.wrapping_neg() } else { value }
}

#[inline(never)] // few strings have escapes, and their readers stay small
fn unescape(inner: &str) -> String {
    let mut out = String::new();
    let mut rest = inner;
    while let Some((plain, escape)) = split_once(rest, b'\\') {
        push(&mut out, plain);
        let (character, length) = match escape.as_bytes().first() {
            Some(b'u') => unicode(escape),
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{c}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            other => (char::from(other.copied().unwrap_or_default()), 1),
        };
        out.push(character);
        rest = escape.get(length..).unwrap_or_default();
    }
    push(&mut out, rest);
    out
}

/// Returns the character of `u` and four digits, or of the two escapes of a surrogate pair, and their length in bytes.
fn unicode(escape: &str) -> (char, usize) {
    let first = unit(escape, 0);
    let second = unit(escape, 6);
    let is_pair = escape.as_bytes().get(5..7) == Some(b"\\u")
        && (0xd800..0xdc00).contains(&first)
        && (0xdc00..0xe000).contains(&second);
    if is_pair {
        let low = ((first & 0x3ff) << 10) | (second & 0x3ff);
        return (char::from_u32(low.saturating_add(0x1_0000)).unwrap_or('\u{fffd}'), 11);
    }
    (char::from_u32(first).unwrap_or('\u{fffd}'), 5)
}

/// Returns the value of the four hexadecimal digits after the `u` at `at`, or 0 if there are none.
fn unit(escape: &str, at: usize) -> u32 {
    let digits = escape.as_bytes().get(at.wrapping_add(1)..at.wrapping_add(5)).unwrap_or_default();
    // The low bits of `A` and `a` are 1, and only letters have the bit for 64.
    let value = |digit: u8| u32::from(digit & 15).wrapping_add(u32::from(digit >> 6).wrapping_mul(9));
    digits.iter().fold(0, |unit, digit| (unit << 4) | value(*digit))
}
