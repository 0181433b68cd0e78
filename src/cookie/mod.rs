//! Cookies on the wire: the parser of the header, the session's cookies, signed values, `Set-Cookie` lines.

pub mod header;
pub mod session_cookies;
#[cfg(feature = "gate")]
pub mod set_cookie;
pub mod signed;
