//! The part of the standard library's prelude that `alloc` has. The crate does without `std`, so that the modules contain no texts
//! of panics and no code that formats them: 5 kB gzip of gate.wasm.

pub use alloc::borrow::ToOwned;
pub use alloc::boxed::Box;
pub use alloc::string::{String, ToString};
pub use alloc::vec::Vec;
pub use alloc::{format, vec};
