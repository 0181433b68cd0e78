//! Cryptography, encodings and byte search: thin interfaces to the libraries that do the work. Tricks for size and
//! speed are confined to this folder.

pub(crate) mod bytes;
pub(crate) mod crypto;
pub(crate) mod encoding;
pub mod json;
