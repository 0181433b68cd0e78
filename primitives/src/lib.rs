//! Cryptography, encodings, JSON and byte search: thin interfaces to the libraries that do the work. Tricks for size and speed
//! are confined to this crate. It belongs to better-session and has no stable API.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![no_std]

extern crate alloc;

pub mod bytes;
pub mod crypto;
pub mod encoding;
pub mod json;
mod prelude;
