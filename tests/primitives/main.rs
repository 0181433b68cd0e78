//! The private primitives, compiled into this test: natively, and with the SIMD and the AES backend of the modules in
//! Node and browsers. Nothing in `src/` needs what the wasm test attribute writes.
#![cfg(feature = "verify")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]
#![allow(dead_code, unused_imports)] // each interface has members that only the crate uses

#[path = "../../src/primitives/bytes/mod.rs"]
mod bytes;
#[path = "../../src/primitives/crypto/mod.rs"]
mod crypto;
#[path = "../../src/primitives/encoding/mod.rs"]
mod encoding;

mod base64;
mod search;
mod wycheproof;
