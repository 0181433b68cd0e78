//! Limits on visitor input, each with its unit and reason.

pub use crate::primitives::json::MAX_JSON_DEPTH;

/// The longest `Cookie` header that is read, in bytes. Workers accept 128 KiB of headers in all and Node 16 KiB; every
/// later step is linear in it, so that this also limits the number of cookies.
pub const MAX_HEADER_BYTES: usize = 128 * 1024;

/// The maximum number of chunks of one value: Better Auth's own `MAX_COOKIE_CHUNKS`.
pub const MAX_CHUNKS: usize = 100;

/// The longest signed session token, in bytes after percent-decoding. Tokens have 32 characters and a signature of 44;
/// the rest is room for custom generators.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// The longest header of a JWT or JWE, in base64url characters. Better Auth writes about 130.
pub const MAX_JOSE_HEADER_BYTES: usize = 2048;

/// The maximum number of secrets in a rotation list; each costs a key derivation at start.
pub const MAX_SECRETS: usize = 16;
