//! The browser client on fetch bindings. A call is a Rust future that the page's own `await` drives
//! (`task`): no executor, no closure and no timer lives in here.

mod call;
mod js;
#[cfg(feature = "wasm-client")]
mod runtime;
mod send;
mod sessions;
mod store;
mod task;
