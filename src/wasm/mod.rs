//! Bindings: convert, call, convert. No logic lives here.

#[cfg(feature = "client-bindings")]
pub mod client;
#[cfg(feature = "wasm")]
pub mod core;
#[cfg(feature = "wasm")]
pub mod gate;
#[cfg(feature = "wasm")]
pub mod marks;
