//! RustCrypto's primitives, one file each. Every function that compiles to much code is called from here only, so that
//! a module contains it once.

pub mod a256cbc_hs512;
pub mod aes256_cbc;
pub mod hkdf;
pub mod hmac;
pub mod sha256;
pub mod synthetic_nonce;
pub mod xchacha20poly1305;
