//! The primitives: natively, and with the SIMD and the AES backend of the modules in Node and browsers.
#![cfg(feature = "verify")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

use better_session::primitives::{bytes, crypto, encoding};

mod base64;
mod search;
mod wycheproof;
