//! One path for matching and forwarding.
//!
//! Servers disagree about `//`, `/../`, `%2e`, `%2f`, `\`, `;x=y` and `%252e`: what the gate calls
//! public, the server behind might call an admin page. So a path is rewritten to a form that every reader
//! takes alike (RFC 3986 §6.2.2, and a fixed point of the WHATWG URL parser), and that form is what is
//! matched *and* forwarded. What has no such form is refused.

/// Longest path in bytes, as received. Node stops at 16 KiB of headers in all; nginx at 8 KiB a line.
pub const MAX_PATH_BYTES: usize = 8 * 1024;

/// Why a path cannot be forwarded safely. Each is answered with 400 and its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// Longer than [`MAX_PATH_BYTES`].
    TooLong,
    /// `%` without two hex digits: servers drop it, keep it or fail.
    BadEscape,
    /// `%2f` or `%5c`: one segment to some servers, two to others.
    EncodedSlash,
    /// An escape inside an escape (`%252e`): means something else to whoever decodes twice.
    DoubleEncoding,
    /// A control character, NUL among them, raw or escaped.
    ControlCharacter,
    /// Escaped bytes that are not UTF-8, such as the overlong slash `%c0%af`.
    NotUtf8,
    /// `;`, raw or escaped: servlet containers cut it and what follows from the segment.
    Parameter,
    /// A segment of dots and spaces other than `.` and `..`: Windows cuts it short.
    DotSegment,
}

impl PathFault {
    /// The stable code.
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
        }
    }
}

/// A path in its one safe form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalPath {
    text: String,
    decoded: String,
}

impl NormalPath {
    /// The path to forward: percent-encoded, absolute, without empty or dot segments.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The segments to match, percent-decoded; a trailing slash yields none.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.decoded.split('/').filter(|segment| !segment.is_empty())
    }
}

/// Rewrites `raw`, the path of a request target without query or fragment, to its one safe form.
///
/// # Errors
/// The [`PathFault`] that says why there is none.
pub fn normalise(raw: &str) -> Result<NormalPath, PathFault> {
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

/// The same path twice: canonically escaped, and decoded. Both split at `/` into the same segments,
/// because no escaped slash gets this far.
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

/// Drops empty and `.` segments and lets `..` take one away, never the root (RFC 3986 §5.2.4).
fn resolve(text: &str, decoded: &str) -> Result<NormalPath, PathFault> {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    let mut open = true; // the last segment names a folder: the path ends in a slash
    for (escaped, plain) in text.split('/').zip(decoded.split('/')) {
        open = matches!(plain, "" | "." | "..");
        match plain {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            _ if plain.bytes().all(|byte| matches!(byte, b'.' | b' ')) => return Err(PathFault::DotSegment),
            _ => kept.push((escaped, plain)),
        }
    }
    let mut path =
        NormalPath { text: String::with_capacity(text.len()), decoded: String::with_capacity(decoded.len()) };
    for (escaped, plain) in &kept {
        path.text.push('/');
        path.text.push_str(escaped);
        path.decoded.push('/');
        path.decoded.push_str(plain);
    }
    if open || kept.is_empty() {
        path.text.push('/');
    }
    Ok(path)
}

/// Something that a second decoder would take for an escape; `%u` is an old server's own.
fn has_escape(decoded: &[u8]) -> bool {
    decoded.windows(3).any(|window| match window {
        [b'%', b'u' | b'U', _] => true,
        [b'%', high, low] => hex(*high).is_some() && hex(*low).is_some(),
        _ => false,
    })
}

/// RFC 3986 §2.3: escaped or not, these mean the same.
const fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// The WHATWG path percent-encode set, and `?` and `#`, which end a path when they stand without_cache_cookie.
const fn needs_escape(byte: u8) -> bool {
    matches!(byte, b' ' | b'"' | b'#' | b'<' | b'>' | b'?' | b'^' | b'`' | b'{' | b'}' | 0x7f..)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Appends `byte` as `%XX`, upper case (RFC 3986 §2.1).
fn escape_into(out: &mut String, byte: u8) {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
    out.push('%');
    out.push(digit(byte >> 4));
    out.push(digit(byte & 15));
}
