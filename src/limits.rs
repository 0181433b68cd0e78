//! Every bound on what a visitor can make this crate do, with its unit and reason.

/// Longest `Cookie` header read, in bytes. Workers stop at 128 KiB of headers in all,
/// Node at 16 KiB; every later step is linear in it, so this also bounds the number of cookies.
pub const MAX_HEADER_BYTES: usize = 128 * 1024;

/// Most chunks of one value: Better Auth's own `MAX_COOKIE_CHUNKS`.
pub const MAX_CHUNKS: usize = 100;

/// Longest signed session token, in bytes after percent-decoding. Tokens are 32 characters and a
/// 44-character signature; the rest is room for custom generators.
pub const MAX_TOKEN_BYTES: usize = 4096;

/// Longest header of a JWT or JWE, in base64url characters. Better Auth writes about 130.
pub const MAX_JOSE_HEADER_BYTES: usize = 2048;

/// Deepest nesting of a payload's JSON. `JSON.parse` has no such bound, real payloads nest two deep.
pub const MAX_JSON_DEPTH: usize = 64;

/// Most secrets in a rotation list; every one costs a key derivation at start.
pub const MAX_SECRETS: usize = 16;
