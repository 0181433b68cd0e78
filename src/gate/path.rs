//! Path normalisation, for matching and forwarding.
//!
//! Servers disagree about `//`, `%2f`, `;x=y` and `%252e`: a path that is public to the gate may be an admin page to the
//! server. A path is rewritten to a form that every server reads alike (RFC 3986 §6.2.2, and a fixed point of the WHATWG URL
//! parser), and that form is both matched and forwarded. A path without such a form is ambiguous: see
//! [`readings`](crate::gate::readings).

use crate::prelude::*;
/// Longest path, in bytes as received. Node accepts 16 KiB of headers in total, nginx 8 KiB a line.
pub const MAX_PATH_BYTES: usize = 8 * 1024;

/// Reason why a path has no form that every server reads alike. The response is 400 with its code if the path cannot be
/// forwarded: it is too long, has a control character, has too many readings, or one of them is below `basePath`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// Longer than [`MAX_PATH_BYTES`].
    TooLong,
    /// `%` without two hex digits. Servers remove it, keep it or fail.
    BadEscape,
    /// `%2f` or `%5c`. Some servers read one segment, others two.
    EncodedSlash,
    /// An escape inside an escape (`%252e`). A server that decodes twice reads another path.
    DoubleEncoding,
    /// A control character, raw or escaped.
    ControlCharacter,
    /// Escaped bytes that are invalid UTF-8, such as the overlong slash `%c0%af`.
    NotUtf8,
    /// `;`, raw or escaped. Servlet containers remove it and the rest of the segment.
    Parameter,
    /// A segment of dots and spaces other than `.` and `..`. Windows shortens it.
    DotSegment,
    /// `//` inside the path. Some servers merge slashes.
    EmptySegment,
}

impl PathFault {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "PATH_TOO_LONG",
            Self::BadEscape => "PATH_BAD_ESCAPE",
            Self::EncodedSlash => "PATH_ENCODED_SLASH",
            Self::DoubleEncoding => "PATH_DOUBLE_ENCODING",
            Self::ControlCharacter => "PATH_CONTROL_CHARACTER",
            Self::NotUtf8 => "PATH_NOT_UTF8",
            Self::Parameter => "PATH_PARAMETER",
            Self::DotSegment => "PATH_DOT_SEGMENT",
            Self::EmptySegment => "PATH_EMPTY_SEGMENT",
        }
    }
}

/// A normalised path, or one reading of an ambiguous one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalPath {
    pub(super) text: String,
    pub(super) decoded: String,
}

impl NormalPath {
    /// Returns the path to forward: percent-encoded, absolute, without empty and dot segments.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the segments to match, percent-decoded. A trailing slash adds no segment.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.decoded.split('/').filter(|segment| !segment.is_empty())
    }
}

/// Normalises `raw`, the path of a request target or of the configuration, without query and fragment. Merges slashes.
///
/// # Errors
/// Returns the [`PathFault`] if the path has no form that every server reads alike.
pub fn normalise(raw: &str) -> Result<NormalPath, PathFault> {
    normalise_strictly(raw).map(|(path, _)| path)
}

/// Returns the normalised path, and whether slashes inside it were merged.
pub(super) fn normalise_strictly(raw: &str) -> Result<(NormalPath, bool), PathFault> {
    if raw.len() > MAX_PATH_BYTES {
        return Err(PathFault::TooLong);
    }
    let flat = flatten(raw.as_bytes())?;
    let decoded = core::str::from_utf8(&flat.decoded).map_err(|_| PathFault::NotUtf8)?;
    if has_escape(decoded.as_bytes()) {
        return Err(PathFault::DoubleEncoding);
    }
    resolve(&flat.text, decoded)
}

/// The same path canonically escaped and decoded. Both split at `/` into the same segments, because escaped slashes are
/// rejected.
struct Flat {
    text: String,
    decoded: Vec<u8>,
}

fn flatten(raw: &[u8]) -> Result<Flat, PathFault> {
    let mut flat = Flat { text: String::with_capacity(raw.len()), decoded: Vec::with_capacity(raw.len()) };
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'%' => {
                let [high, low, after @ ..] = tail else { return Err(PathFault::BadEscape) };
                let value = hex(*high)
                    .zip(hex(*low))
                    .map(|(high, low)| (high << 4) | low)
                    .ok_or(PathFault::BadEscape)?;
                rest = after;
                if matches!(value, b'/' | b'\\') {
                    return Err(PathFault::EncodedSlash);
                }
                flat.push(value, is_unreserved(value))?;
            }
            b'/' | b'\\' => flat.push(b'/', true)?,
            _ => flat.push(byte, !needs_escape(byte))?,
        }
    }
    Ok(flat)
}

impl Flat {
    fn push(&mut self, byte: u8, plain: bool) -> Result<(), PathFault> {
        match byte {
            0..=0x1f | 0x7f => return Err(PathFault::ControlCharacter),
            b';' => return Err(PathFault::Parameter),
            _ => {}
        }
        self.decoded.push(byte);
        if plain {
            self.text.push(char::from(byte));
        } else {
            escape_into(&mut self.text, byte);
        }
        Ok(())
    }
}

/// Removes empty and `.` segments, and the segment before each `..`, but never the root (RFC 3986 §5.2.4).
fn resolve(text: &str, decoded: &str) -> Result<(NormalPath, bool), PathFault> {
    let mut segments: Vec<(&str, &str)> = Vec::new();
    let mut ends_in_slash = true;
    for (escaped, plain) in text.split('/').zip(decoded.split('/')) {
        ends_in_slash = matches!(plain, "" | "." | "..");
        match plain {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ if plain.bytes().all(|byte| matches!(byte, b'.' | b' ')) => return Err(PathFault::DotSegment),
            _ => segments.push((escaped, plain)),
        }
    }
    let mut path =
        NormalPath { text: String::with_capacity(text.len()), decoded: String::with_capacity(decoded.len()) };
    for (escaped, plain) in &segments {
        path.text.push('/');
        path.text.push_str(escaped);
        path.decoded.push('/');
        path.decoded.push_str(plain);
    }
    if ends_in_slash || segments.is_empty() {
        path.text.push('/');
    }
    Ok((path, decoded.contains("//")))
}

/// Returns whether a second decoder would find an escape. Some old servers decode `%u`.
fn has_escape(decoded: &[u8]) -> bool {
    decoded.windows(3).any(|window| match window {
        [b'%', b'u' | b'U', _] => true,
        [b'%', high, low] => hex(*high).is_some() && hex(*low).is_some(),
        _ => false,
    })
}

/// Returns whether a byte means the same escaped and unescaped (RFC 3986 §2.3).
const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// Returns whether a byte must be escaped: the WHATWG path percent-encode set, and `?` and `#`, which end a path.
const fn needs_escape(byte: u8) -> bool {
    matches!(byte, b' ' | b'"' | b'#' | b'<' | b'>' | b'?' | b'^' | b'`' | b'{' | b'}' | 0x7f..)
}

pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Appends `byte` as `%XX`, upper case (RFC 3986 §2.1).
fn escape_into(out: &mut String, byte: u8) {
    let digit =
        |nibble: u8| char::from(if nibble < 10 { b'0' | nibble } else { (b'A' - 10).saturating_add(nibble) });
    out.push('%');
    out.push(digit(byte >> 4));
    out.push(digit(byte & 15));
}
