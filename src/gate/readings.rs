//! The readings of a request's path: every path that a server behind the gate may take it for.
//!
//! Most paths have one, their normal form. An ambiguous path is rewritten in each way in which servers and proxies are known
//! to rewrite paths, and so is each result, because several of them may stand in a row. It requires what any of these
//! readings requires.

use crate::prelude::*;

use crate::gate::path::{NormalPath, PathFault, hex, normalise_strictly};

/// Greatest number of readings. Each step is one pass over the path, which has at most 8 KiB.
const MAX_READINGS: usize = 32;

/// Stands for a slash inside a segment, and for an empty segment: control characters are never in a path. Only a wildcard
/// matches them.
const SLASH: char = '\u{1}';
const EMPTY: &str = "\u{2}";

/// The path of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPath {
    /// The text to forward: the normal form, or an ambiguous path as it was spelt.
    text: String,
    readings: Vec<NormalPath>,
    fault: Option<PathFault>,
}

impl RequestPath {
    /// Reads the path of a request target, without query and fragment.
    ///
    /// # Errors
    /// Returns the fault of a path that is too long, has a control character in any reading, or has too many readings.
    pub fn read(raw: &str) -> Result<Self, PathFault> {
        let fault = match normalise_strictly(raw) {
            Ok((path, false)) => {
                return Ok(Self { text: path.text.clone(), readings: vec![path], fault: None });
            }
            Ok((_, true)) => PathFault::EmptySegment,
            Err(fault @ (PathFault::TooLong | PathFault::ControlCharacter)) => return Err(fault),
            Err(fault) => fault,
        };
        let mut texts = vec![raw.replace('\\', "/")];
        let mut next = 0;
        while let Some(text) = texts.get(next).cloned() {
            next = next.saturating_add(1);
            for step in STEPS {
                let rewritten = step(&text);
                if rewritten.bytes().any(|byte| byte.is_ascii_control()) {
                    return Err(PathFault::ControlCharacter);
                }
                if !texts.contains(&rewritten) {
                    texts.push(rewritten);
                }
                if texts.len() > MAX_READINGS {
                    return Err(fault);
                }
            }
        }
        let readings = texts.iter().map(|text| reading(text)).collect();
        Ok(Self { text: raw.to_owned(), readings, fault: Some(fault) })
    }

    /// Returns the path to forward.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the path of this site to which a sign-in page may lead back. It never begins with two slashes, which would
    /// name another host.
    #[must_use]
    pub fn local(&self) -> String {
        ["/", self.text.trim_start_matches(['/', '\\'])].concat()
    }

    /// Returns the fault that makes the path ambiguous.
    #[must_use]
    pub const fn fault(&self) -> Option<PathFault> {
        self.fault
    }

    /// Returns the normal form, unless the path is ambiguous.
    #[must_use]
    pub fn normal(&self) -> Option<&NormalPath> {
        self.readings.first().filter(|_| self.fault.is_none())
    }

    /// Returns the readings: the normal form alone, or those of an ambiguous path.
    #[must_use]
    pub fn readings(&self) -> &[NormalPath] {
        &self.readings
    }
}

/// The ways in which servers rewrite a path before they match it.
const STEPS: [fn(&str) -> String; 9] = [
    decode,
    decode_overlong,
    drop_percent,
    |text| text.replace('\\', "/"),
    |text| each_segment(text, |segment| segment.split(';').next().unwrap_or_default()),
    |text| dots(text, ".."),
    |text| dots(text, "."),
    resolve,
    merge,
];

/// Returns the path that splits at slashes first and decodes each segment, as most routers do.
fn reading(text: &str) -> NormalPath {
    let mut decoded = String::with_capacity(text.len());
    let last = text.split('/').count().saturating_sub(1);
    for (position, segment) in text.split('/').enumerate() {
        if position > 0 {
            decoded.push('/');
        }
        match segment {
            "" if position > 0 && position < last => decoded.push_str(EMPTY),
            _ => decoded.extend(decode(segment).chars().map(|char| if char == '/' { SLASH } else { char })),
        }
    }
    NormalPath { text: text.to_owned(), decoded }
}

/// Decodes every escape, `%2f` and `%u002f` included. An escape that is none stays. Bytes that are no UTF-8 are Latin-1.
fn decode(text: &str) -> String {
    String::from_utf8(bytes(text))
        .unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect())
}

/// Decodes overlong UTF-8 of two bytes (`%c0%af` is a slash) to the ASCII that old decoders read.
fn decode_overlong(text: &str) -> String {
    let mut bytes = bytes(text);
    while let Some(at) = bytes.windows(2).position(|pair| matches!(pair, [0xc0 | 0xc1, 0x80..=0xbf])) {
        let value = bytes.get(at..at.saturating_add(2)).map_or(0, |pair| match pair {
            [lead, tail] => ((lead & 1) << 6) | (tail & 0x3f),
            _ => 0,
        });
        bytes.splice(at..at.saturating_add(2), [value]);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Returns the bytes of a text with its escapes decoded.
fn bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let byte = |high: u8, low: u8| hex(high).zip(hex(low)).map(|(high, low)| (high << 4) | low);
    loop {
        let (value, after) = match rest {
            [] => return out,
            [b'%', b'u' | b'U', b'0', b'0', high, low, after @ ..] => (byte(*high, *low), after),
            [b'%', high, low, after @ ..] => (byte(*high, *low), after),
            _ => (None, rest),
        };
        match (value, rest.split_first()) {
            (Some(value), _) => {
                out.push(value);
                rest = after;
            }
            (None, Some((first, after))) => {
                out.push(*first);
                rest = after;
            }
            (None, None) => return out,
        }
    }
}

/// Removes each `%` that begins no escape.
fn drop_percent(text: &str) -> String {
    let is_escape =
        |rest: &str| matches!(rest.as_bytes(), [high, low, ..] if hex(*high).and(hex(*low)).is_some());
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if is_escape(part) {
            out.push('%');
        }
        out.push_str(part);
    }
    out
}

/// Replaces the segments of dots and spaces, which Windows shortens, by a dot segment.
fn dots<'a>(text: &'a str, replacement: &'a str) -> String {
    each_segment(text, |segment| {
        let shortened =
            !matches!(segment, "" | "." | "..") && segment.bytes().all(|byte| matches!(byte, b'.' | b' '));
        if shortened { replacement } else { segment }
    })
}

/// Removes the dot segments, but never the root. `..` removes an empty segment too.
fn resolve(text: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in text.split('/') {
        match segment {
            "." => {}
            ".." if segments.len() > 1 => {
                segments.pop();
            }
            ".." => {}
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

/// Merges slashes.
fn merge(text: &str) -> String {
    let mut merged = String::with_capacity(text.len());
    for char in text.chars() {
        if char != '/' || !merged.ends_with('/') {
            merged.push(char);
        }
    }
    merged
}

fn each_segment<'a>(text: &'a str, rewrite: impl Fn(&'a str) -> &'a str) -> String {
    text.split('/').map(rewrite).collect::<Vec<_>>().join("/")
}
