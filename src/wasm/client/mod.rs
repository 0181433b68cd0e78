//! The browser client on fetch bindings. A call is a state machine that the page's own `await` drives
//! (`call`): no executor, no closure and no timer lives in here.

pub mod call;
mod errand;
pub mod js;
#[cfg(feature = "wasm-client")]
mod runtime;
pub mod store;
