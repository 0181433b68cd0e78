//! The error of a wrong configuration.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use better_session::ConfigError;

/// A wrong configuration of a [`SessionGate`](crate::SessionGate). The message names the option and quotes no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildError {
    code: &'static str,
    message: Cow<'static, str>,
}

impl BuildError {
    pub(crate) const fn invalid(message: &'static str) -> Self {
        Self { code: "OPTION_INVALID", message: Cow::Borrowed(message) }
    }

    /// Returns the stable code, such as `OPTION_INVALID` or `SECRET_MISSING`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }
}

impl From<ConfigError> for BuildError {
    fn from(error: ConfigError) -> Self {
        Self { code: error.code, message: error.message }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for BuildError {}
