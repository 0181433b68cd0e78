//! Cryptography, encodings and byte search: thin interfaces to the libraries that do the work. Tricks for size and
//! speed are confined to this folder.

pub mod bytes;
pub mod crypto;
pub mod encoding;
pub mod json;
