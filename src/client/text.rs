//! Short ASCII text without an allocation: property paths, paths of endpoints, content types.

use core::ops::Deref;

/// Longest text, in bytes.
pub const MAX_TEXT: usize = 256;

/// At most `MAX_TEXT` bytes; what exceeds them is counted and not stored.
#[derive(Clone, Debug)]
pub struct Text {
    bytes: [u8; MAX_TEXT],
    length: usize,
}

impl Text {
    /// Returns an empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; MAX_TEXT], length: 0 }
    }

    /// Appends a byte.
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
        }
        self.length = self.length.saturating_add(1);
    }

    /// Returns whether more than `MAX_TEXT` bytes were appended.
    pub fn is_too_long(&self) -> bool {
        self.length > MAX_TEXT
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&self.bytes)
    }
}
