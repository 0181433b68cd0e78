//! Better Auth's sessions without the server: verify, decode and mint its session cookies with the
//! verdict that the server itself would give.
//!
//! Data goes one way: [`header`] → [`jar`] → [`token`] and [`codec`] → [`payload`] → [`policy`] →
//! [`verdict`]; the [`gate`] turns a verdict into what an edge does. Nothing here reads a clock, draws
//! randomness or does I/O: time and random bytes are arguments. The bindings are crates of their own.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
// The browser client's decisions do without std, and so does client.wasm.
#![cfg_attr(not(feature = "verify"), no_std)]

#[cfg(feature = "client")]
extern crate alloc;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "gate")]
pub mod gate;

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
