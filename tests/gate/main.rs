//! The gate, from outside: paths and routes against vector files, decisions against real caches minted here.
#![cfg(feature = "gate")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::string_slice
)]

mod credentials;
mod decision;
mod defaults;
mod fields;
mod forward;
mod get_session;
mod identity;
mod origin_session;
mod path;
mod protocol;
mod remint;
mod routes;
mod sign_in;
mod stateless;
mod support;

#[cfg(not(target_arch = "wasm32"))]
mod properties;
