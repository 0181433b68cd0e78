//! What more than one binding converts.

use crate::ConfigError;
use crate::json::push_string;

/// `{"code","message"}`, which the JavaScript side throws as an error.
pub(super) fn config_error(error: &ConfigError) -> String {
    let mut out = ["{\"code\":\"", error.code, "\",\"message\":"].concat();
    push_string(&mut out, &error.message);
    out.push('}');
    out
}

#[allow(clippy::cast_possible_truncation)] // saturates, and NaN is 0
pub(super) fn millis(number: f64) -> i64 {
    number as i64
}
