//! Configuration: Better Auth's own options, from a builder or from JSON.

mod builder;
mod options;
mod options_reader;
pub mod policy;
pub mod secret;

pub use builder::{Config, ConfigBuilder};
