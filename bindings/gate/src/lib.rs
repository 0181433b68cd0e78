//! gate.wasm: bindings of the gate and of revocation. They convert arguments and results, and have no logic.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes

pub mod gate;
pub mod revocation;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
