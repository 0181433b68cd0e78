//! The browser client on fetch bindings. A call is a Rust future that the page's own `await` drives
//! (`task`): no executor, no closure and no timer lives in here.

mod call;
mod errand;
mod js;
#[cfg(feature = "wasm-client")]
mod runtime;
mod store;
