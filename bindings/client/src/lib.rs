//! client.wasm: the browser client's decisions by handle. A call is a state machine that the page's own `await` runs
//! (`call`): no executor, no closure, no timer and no JavaScript value lives in here.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes, and handles that the page holds
#![cfg_attr(all(target_family = "wasm", not(feature = "std")), no_std)]

extern crate alloc;

pub mod call;
pub mod js;
#[cfg(all(target_family = "wasm", not(feature = "std")))]
mod runtime;
pub mod store;
