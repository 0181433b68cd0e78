//! The one kind of error that is thrown: a wrong configuration, at start.

use std::borrow::Cow;
use std::fmt;

/// A wrong configuration. It says which option and what it must be, never what a secret was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// A stable code, such as `SECRET_MISSING`.
    pub code: &'static str,
    /// A sentence for whoever starts the program.
    pub message: Cow<'static, str>,
}

impl ConfigError {
    pub(crate) const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    /// The option at `path` is not what it must be.
    #[cfg(feature = "gate")]
    pub(crate) fn option(path: &str, must: &str) -> Self {
        Self::invalid([path, " must be ", must].concat())
    }

    /// The option that `message` names is not what it must be.
    pub(crate) const fn invalid(message: String) -> Self {
        Self { code: "OPTION_INVALID", message: Cow::Owned(message) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}
