//! Text encodings of bytes.

mod base64;

pub use base64::{decode_base64, decode_base64url, encode_base64url, push_base64, push_base64url};
