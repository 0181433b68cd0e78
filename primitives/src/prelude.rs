//! The part of the standard library's prelude that `alloc` has and this crate uses.

pub use alloc::borrow::ToOwned;
pub use alloc::string::String;
pub use alloc::vec::Vec;
