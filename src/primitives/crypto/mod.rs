//! RustCrypto's primitives, one file each. Every function that compiles to much code is called from here only, so that
//! a module contains it once.

pub(crate) mod aes256_cbc;
pub(crate) mod hkdf;
pub(crate) mod hmac;
pub(crate) mod sha256;
pub(crate) mod xchacha20poly1305;
