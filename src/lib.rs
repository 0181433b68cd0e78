//! Better Auth's sessions without the server: verify, decode and mint its session cookies with the
//! verdict that the server itself would give.
//!
//! Data goes one way: [`header`] → [`jar`] → [`token`] and [`codec`] → [`payload`] → [`policy`] →
//! [`verdict`]; the [`gate`] turns a verdict into what an edge does. Nothing here reads a clock, draws
//! randomness or does I/O: time and random bytes are arguments. Bindings live in `wasm`, the only place that
//! names a platform.
#![deny(missing_docs)]
// The macro of the bindings writes unsafe code; `tests/purity.rs` keeps it out of everything else.
#![cfg_attr(
    not(any(feature = "wasm", feature = "wasm-gate", feature = "client-bindings")),
    forbid(unsafe_code)
)]
// client.wasm has no room for std; see `wasm::client`.
#![cfg_attr(all(feature = "wasm-client", target_arch = "wasm32", not(test)), no_std)]

#[cfg(feature = "client")]
extern crate alloc;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "gate")]
pub mod gate;
#[cfg(any(feature = "wasm", feature = "wasm-gate", feature = "client-bindings"))]
#[allow(unsafe_code, missing_docs)] // what the #[wasm_bindgen] macro writes
pub mod wasm;

#[cfg(feature = "verify")]
pub mod codec;
#[cfg(feature = "verify")]
mod config;
#[cfg(feature = "verify")]
pub mod credential;
#[cfg(feature = "verify")]
pub mod decode;
#[cfg(feature = "verify")]
pub mod error;
#[cfg(feature = "verify")]
pub mod header;
#[cfg(feature = "verify")]
pub mod jar;
#[cfg(feature = "verify")]
pub mod keys;
#[cfg(feature = "verify")]
pub mod limits;
#[cfg(feature = "verify")]
pub mod payload;
#[cfg(feature = "verify")]
pub mod policy;
#[cfg(feature = "verify")]
mod primitives;
#[cfg(feature = "verify")]
pub mod report;
#[cfg(feature = "gate")]
pub mod set_cookie;
#[cfg(feature = "verify")]
mod setting;
#[cfg(feature = "verify")]
pub mod time;
#[cfg(feature = "verify")]
pub mod token;
#[cfg(feature = "verify")]
pub mod verdict;
#[cfg(feature = "verify")]
pub mod verifier;

#[cfg(feature = "verify")]
pub use crate::primitives::json;
#[cfg(feature = "verify")]
pub use crate::{
    codec::{Minting, Strategy},
    error::ConfigError,
    jar::{Names, Scheme},
    keys::Secret,
    payload::Cached,
    policy::Policy,
    verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict},
    verifier::{Config, OpenedCache, Verifier},
};
