//! Bindings: convert, call, convert. No logic lives here.

#[cfg(feature = "client-bindings")]
pub mod client;
#[cfg(any(feature = "wasm", feature = "wasm-gate"))]
mod convert;
#[cfg(feature = "wasm")]
pub mod core;
#[cfg(feature = "wasm-gate")]
pub mod gate;
#[cfg(feature = "wasm-gate")]
pub mod marks;

/// A sixth of the size of the standard library's allocator, and no slower; an instance has one thread.
#[cfg(all(any(feature = "wasm", feature = "wasm-gate"), target_family = "wasm"))]
mod allocator {
    use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

    #[global_allocator]
    static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();
}
