//! The client's decisions from outside. Each test runs natively and, where `test` is `wasm_bindgen_test`, in Node and
//! browsers; what needs proptest runs natively only.
#![cfg(feature = "client")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects)]

mod call;
mod endpoint;
mod refetch;
mod response;
mod retry;

#[cfg(not(target_arch = "wasm32"))]
mod properties;
