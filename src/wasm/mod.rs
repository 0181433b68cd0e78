//! Bindings: convert, call, convert. No logic lives here.

#[cfg(feature = "wasm-client")]
pub mod client;
#[cfg(feature = "wasm")]
pub mod core;
#[cfg(feature = "wasm")]
pub mod gate;
#[cfg(feature = "wasm")]
pub mod marks;
