//! A reader of JSON options that records the first invalid one.
//!
//! It goes on with defaults after an invalid option: an early return at every option would make the reader three times
//! as large in WebAssembly.

use crate::prelude::*;
use core::cell::Cell;
use core::time::Duration;

use crate::error::ConfigError;
use crate::json::Raw;

/// The longest duration that is accepted, in seconds: 100 years. It keeps sums of instants within a `Date`.
const MAX_SECONDS: f64 = 3_155_760_000.0;

/// An invalid option: the path of its section, its name, and what it must be.
#[derive(Clone, Copy)]
struct InvalidOption {
    section: &'static str,
    name: &'static str,
    must: &'static str,
}

/// The first invalid option, if any.
#[derive(Default)]
pub(crate) struct FirstInvalid(Cell<Option<InvalidOption>>);

impl FirstInvalid {
    pub(crate) fn error(&self) -> Option<ConfigError> {
        let InvalidOption { section, name, must } = self.0.get()?;
        let dot = if section.is_empty() { "" } else { "." };
        Some(ConfigError::invalid([section, dot, name, " must be ", must].concat()))
    }
}

/// An object of options. As in Better Auth, `null` counts as absent, for the object and for its members.
pub(crate) struct OptionsReader<'a> {
    object: Option<Raw<'a>>,
    path: &'static str,
    fault: &'a FirstInvalid,
}

impl<'a> OptionsReader<'a> {
    /// Starts at the whole configuration.
    pub(crate) fn root(object: Option<Raw<'a>>, fault: &'a FirstInvalid) -> Self {
        let root = Self { object: object.filter(|object| object.is_object()), path: "", fault };
        if root.object.is_none() {
            root.reject("options", "an object of JSON values");
        }
        root
    }

    /// Returns the object at `path`, which is this reader's path and one more name. Rejects a value that is not an object.
    pub(crate) fn section(&self, path: &'static str) -> OptionsReader<'a> {
        let dot = usize::from(!self.path.is_empty());
        let name = path.get(self.path.len().saturating_add(dot)..).unwrap_or(path);
        let value = self.value(name);
        let object = value.filter(|value| value.is_object());
        if value.is_some() && object.is_none() {
            self.reject(name, "an object");
        }
        OptionsReader { object, path, fault: self.fault }
    }

    pub(crate) fn value(&self, name: &str) -> Option<Raw<'a>> {
        self.object?.member(name).filter(|value| !value.is_literal("null"))
    }

    pub(crate) fn flag(&self, name: &'static str) -> Option<bool> {
        match self.value(name)?.text() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.reject(name, "true or false");
                None
            }
        }
    }

    pub(crate) fn text(&self, name: &'static str) -> Option<String> {
        let text = self.value(name)?.owned();
        if text.is_none() {
            self.reject(name, "a string");
        }
        text
    }

    /// Sets `slot`, unless the text is absent or empty.
    pub(crate) fn set_text(&self, name: &'static str, slot: &mut String) {
        match self.text(name) {
            Some(text) if !text.is_empty() => *slot = text,
            _ => {}
        }
    }

    /// Returns a duration in seconds, to the millisecond: a part of one must not become zero, which means "always" or the default.
    pub(crate) fn seconds(&self, name: &'static str, default: Duration) -> Duration {
        let Some(value) = self.value(name) else { return default };
        let number = value.number().unwrap_or(-1.0);
        if !(0.0..=MAX_SECONDS).contains(&number) {
            self.reject(name, "a number of seconds, from 0 to 100 years");
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in the range above, or rejected
        let millis = (number * 1000.0 + 0.999) as u64;
        Duration::from_millis(millis.max(u64::from(number > 0.0)))
    }

    /// Records that an option is invalid, unless an earlier one is.
    #[cold]
    pub(crate) fn reject(&self, name: &'static str, must: &'static str) {
        let first = self.fault.0.get().unwrap_or(InvalidOption { section: self.path, name, must });
        self.fault.0.set(Some(first));
    }
}
