//! gate.wasm: the gate and its revocation index. Converts, calls, converts; no logic lives here.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes

pub mod gate;
pub mod marks;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
