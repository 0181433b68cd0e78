//! Better Auth's sessions without the server: verify, decode and mint its session cookies with the verdict that the
//! server itself would give.
//!
//! Data goes one way: [`cookie`] → [`cache`] → [`verdict`]; the [`gate`] turns a verdict into what an edge does.
//! Nothing here reads a clock, draws randomness or does I/O: time and random bytes are arguments. The bindings are
//! crates of their own.
#![deny(missing_docs)]
#![forbid(unsafe_code)]
// The browser client's decisions do without std, and so does client.wasm.
#![cfg_attr(not(feature = "verify"), no_std)]

#[cfg(feature = "client")]
extern crate alloc;

#[cfg(feature = "verify")]
pub mod cache;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "verify")]
mod config;
#[cfg(feature = "verify")]
pub mod cookie;
#[cfg(feature = "verify")]
pub mod credential;
#[cfg(feature = "verify")]
pub mod error;
#[cfg(feature = "gate")]
pub mod gate;
#[cfg(feature = "verify")]
pub mod limits;
#[cfg(feature = "verify")]
pub mod primitives;
#[cfg(feature = "gate")]
pub mod revocation;
#[cfg(feature = "verify")]
pub mod time;
#[cfg(feature = "verify")]
pub mod verdict;
#[cfg(feature = "verify")]
pub mod verifier;

#[cfg(feature = "verify")]
pub use crate::primitives::json;
#[cfg(feature = "verify")]
pub use crate::{
    cache::claims::CachedSession,
    cache::{MintRequest, Strategy},
    config::policy::SessionPolicy,
    cookie::session_cookies::{CookieNames, Scheme},
    error::ConfigError,
    primitives::crypto::keyring::Secret,
    verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict},
    verifier::{Config, OpenedCache, Verifier},
};
