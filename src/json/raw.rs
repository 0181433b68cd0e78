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

    /// The finite number it is.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        let first = *self.0.as_bytes().first()?;
        if first != b'-' && !first.is_ascii_digit() {
            return None;
        }
        // Whole numbers of up to 15 digits are exact, and all that a server writes: no float parser for them.
        if self.0.len() <= 15 && self.0.bytes().all(|byte| byte.is_ascii_digit()) {
            #[allow(clippy::cast_precision_loss)] // below 2^53
            return self.0.parse::<u64>().ok().map(|whole| whole as f64);
        }
        self.0.parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// Whether it is the literal `text` (`null`, `true`, `false`).
    #[must_use]
    pub fn is_literal(self, text: &str) -> bool {
        self.0 == text
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
