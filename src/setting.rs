//! One option of a JSON configuration: its value, where it stands, and what is wrong with it.
//!
//! The first fault is noted and reading goes on with defaults, instead of a way out at every option: that is a
//! third of the weight in WebAssembly, and a configuration is read once.

use std::cell::Cell;

use crate::error::ConfigError;
use crate::json::Raw;
use crate::time::Seconds;

/// Longest duration taken, in seconds: 100 years. It keeps sums of instants inside a `Date`.
const MAX_SECONDS: f64 = 3_155_760_000.0;

/// The first fault that was found.
pub(crate) type Fault = Cell<Option<ConfigError>>;

/// An option that may be absent. `null` counts as absent, as it does in Better Auth.
pub(crate) struct Setting<'a> {
    value: Option<Raw<'a>>,
    name: &'a str,
    parent: Option<&'a Setting<'a>>,
    fault: &'a Fault,
}

impl<'a> Setting<'a> {
    /// The whole object.
    pub(crate) fn root(value: Option<Raw<'a>>, fault: &'a Fault) -> Self {
        let root = Self { value, name: "options", parent: None, fault };
        if !value.is_some_and(Raw::is_object) {
            root.must_be("an object of JSON values");
            return Self { value: None, ..root };
        }
        root
    }

    /// Its member `name`. A value that is no object is a fault, and has none.
    pub(crate) fn at<'b>(&'b self, name: &'b str) -> Setting<'b> {
        let mut value = None;
        if let Some(object) = self.value {
            if object.is_object() {
                value = object.member(name).filter(|value| !value.is_literal("null"));
            } else {
                self.must_be("an object");
            }
        }
        Setting { value, name, parent: Some(self), fault: self.fault }
    }

    pub(crate) fn value(&self) -> Option<Raw<'a>> {
        self.value
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self.value?.text() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.must_be("true or false");
                None
            }
        }
    }

    pub(crate) fn text(&self) -> Option<String> {
        let text = self.value?.string();
        if text.is_none() {
            self.must_be("a string");
        }
        text.map(std::borrow::Cow::into_owned)
    }

    pub(crate) fn seconds(&self) -> Option<Seconds> {
        let number = self.value?.number().filter(|number| (0.0..=MAX_SECONDS).contains(number));
        if number.is_none() {
            self.must_be("a number of seconds, 0 or more");
        }
        #[allow(clippy::cast_possible_truncation)] // within the range above
        number.map(|number| number as Seconds)
    }

    /// It is not what it must be.
    pub(crate) fn must_be(&self, what: &str) {
        self.fail(ConfigError::option(&self.path(), what));
    }

    /// Notes a fault, unless one was found before.
    pub(crate) fn fail(&self, error: ConfigError) {
        let first = self.fault.take().unwrap_or(error);
        self.fault.set(Some(first));
    }

    /// `session.cookieCache.maxAge`.
    fn path(&self) -> String {
        match self.parent {
            Some(parent) if parent.parent.is_some() => [&parent.path(), ".", self.name].concat(),
            _ => self.name.to_owned(),
        }
    }
}
