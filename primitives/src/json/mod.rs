//! A reader of RFC 8259 text that borrows from it. It accepts exactly what `JSON.parse` accepts, up to
//! [`MAX_JSON_DEPTH`] levels, never recurses, and allocates only to unescape a string.
//!
//! `serde_json` would cost a third of the module's size budget (see ARCHITECTURE.md); the tests compare this reader
//! with it.

mod levels;
mod raw;

pub use raw::{Raw, push_integer, push_string};
pub use raw::{push, push_hex};

use levels::Levels;

use crate::bytes::plain_json_prefix;

/// The deepest nesting that is accepted. `JSON.parse` has no limit; payloads of Better Auth nest two deep.
pub const MAX_JSON_DEPTH: usize = 64;

/// The text is not JSON, or nests deeper than [`MAX_JSON_DEPTH`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// A cursor over one JSON text.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `text`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    // Inlined whatever the module is optimised for: every byte of a cache comes through these four.
    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    #[inline(always)]
    fn next(&mut self) -> Result<u8, Malformed> {
        let byte = self.peek().ok_or(Malformed)?;
        self.advance();
        Ok(byte)
    }

    #[inline(always)]
    fn space(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_space();
        }
    }

    #[inline(never)] // servers write none
    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance();
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        self.space();
        if self.next()? == byte { Ok(()) } else { Err(Malformed) }
    }

    /// Returns whether an object begins at the cursor.
    #[must_use]
    pub fn is_at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Enters an object. Returns `true` if it has a member to read.
    ///
    /// # Errors
    /// If no object begins at the cursor.
    pub fn begin_object(&mut self) -> Result<bool, Malformed> {
        self.begin(b'{', b'}')
    }

    /// Enters an array as [`Self::begin_object`] enters an object.
    pub fn begin_array(&mut self) -> Result<bool, Malformed> {
        self.begin(b'[', b']')
    }

    fn begin(&mut self, opening: u8, closing: u8) -> Result<bool, Malformed> {
        self.expect(opening)?;
        self.space();
        let empty = self.peek() == Some(closing);
        if empty {
            self.advance();
        }
        Ok(!empty)
    }

    /// Reads a member's name and its colon.
    ///
    /// # Errors
    /// If they are malformed.
    pub fn name(&mut self) -> Result<Raw<'a>, Malformed> {
        self.space();
        let start = self.at;
        self.quoted()?;
        let name = self.since(start);
        self.colon()?;
        Ok(name)
    }

    fn quoted(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        self.string_rest()
    }

    fn colon(&mut self) -> Result<(), Malformed> {
        self.expect(b':')?;
        self.space();
        Ok(())
    }

    fn skip_name(&mut self) -> Result<(), Malformed> {
        self.quoted()?;
        self.colon()
    }

    /// Reads the separator after a member's value. Returns `true` if another member follows, `false` if the object ends.
    ///
    /// # Errors
    /// If neither follows.
    pub fn more(&mut self) -> Result<bool, Malformed> {
        self.follows(b'}')
    }

    /// Reads the separator after an element. Returns `true` if another one follows, `false` if the array ends.
    ///
    /// # Errors
    /// If neither follows.
    pub fn more_elements(&mut self) -> Result<bool, Malformed> {
        self.follows(b']')
    }

    fn follows(&mut self, closing: u8) -> Result<bool, Malformed> {
        self.space();
        match self.next()? {
            b',' => Ok(true),
            byte if byte == closing => Ok(false),
            _ => Err(Malformed),
        }
    }

    /// Returns the cursor's position, for [`Self::since`].
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Returns the text from `start` to the cursor.
    #[must_use]
    pub fn since(&self, start: usize) -> Raw<'a> {
        Raw::checked(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Checks that only white space is left.
    ///
    /// # Errors
    /// If other text is left.
    pub fn end(&mut self) -> Result<(), Malformed> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Malformed) }
    }

    /// Reads one value of any type that is already `depth` levels deep.
    ///
    /// # Errors
    /// If it is malformed or nested too deeply.
    pub fn value(&mut self, depth: usize) -> Result<Raw<'a>, Malformed> {
        self.space();
        let start = self.at;
        let mut levels = Levels { bits: 0, open: 0 };
        loop {
            self.space();
            match self.next()? {
                b'"' => self.string_rest()?,
                first @ (b't' | b'f' | b'n') => self.word(first)?,
                opening @ (b'{' | b'[') => {
                    levels.push(opening == b'{', depth)?;
                    self.space();
                    if self.peek() != Some(levels.closing()) {
                        if levels.in_object() {
                            self.skip_name()?;
                        }
                        continue;
                    }
                    self.advance();
                    levels.pop();
                }
                first => self.number_rest(first)?,
            }
            // A value has ended: close what ends with it, or go on to the next one.
            loop {
                if levels.open == 0 {
                    return Ok(self.since(start));
                }
                self.space();
                match self.next()? {
                    b',' => {
                        if levels.in_object() {
                            self.skip_name()?;
                        }
                        break;
                    }
                    closing if closing == levels.closing() => levels.pop(),
                    _ => return Err(Malformed),
                }
            }
        }
    }

    fn word(&mut self, first: u8) -> Result<(), Malformed> {
        let rest: &[u8] = match first {
            b't' => b"rue",
            b'f' => b"alse",
            _ => b"ull",
        };
        for &byte in rest {
            if self.next()? != byte {
                return Err(Malformed);
            }
        }
        Ok(())
    }

    fn string_rest(&mut self) -> Result<(), Malformed> {
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at = self.at.wrapping_add(plain_json_prefix(rest));
            match self.next()? {
                b'"' => return Ok(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            if !self.next()?.is_ascii_hexdigit() {
                                return Err(Malformed);
                            }
                        }
                    }
                    _ => return Err(Malformed),
                },
                0x00..=0x1f => return Err(Malformed),
                _ => {}
            }
        }
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        if !self.next()?.is_ascii_digit() {
            return Err(Malformed);
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.advance();
        }
        Ok(())
    }

    fn number_rest(&mut self, first: u8) -> Result<(), Malformed> {
        let lead = if first == b'-' { self.next()? } else { first };
        if lead != b'0' {
            self.at = self.at.saturating_sub(1);
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.advance();
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance();
            }
            self.digits()?;
        }
        Ok(())
    }
}

/// Reads `text` as one whole JSON value.
pub fn parse(text: &str) -> Result<Raw<'_>, Malformed> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    reader.end()?;
    Ok(value)
}
