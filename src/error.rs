//! The error of an invalid configuration. Invalid input from visitors is never an error: it gives a verdict.

use crate::prelude::*;
use alloc::borrow::Cow;
use core::fmt;

/// An invalid configuration. The message names the option and what it must be; it never quotes a value, which could be a
/// secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The stable code, such as `SECRET_MISSING` or `OPTION_INVALID`.
    pub code: &'static str,
    /// An English sentence for the operator.
    pub message: Cow<'static, str>,
}

impl ConfigError {
    pub(crate) const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    /// Creates the error of the option at `path`, which must be `must`.
    #[cfg(feature = "gate")]
    pub(crate) fn option(path: &str, must: &str) -> Self {
        Self::invalid([path, " must be ", must].concat())
    }

    /// Creates the error of the option that `message` names.
    pub(crate) const fn invalid(message: String) -> Self {
        Self { code: "OPTION_INVALID", message: Cow::Owned(message) }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for ConfigError {}
