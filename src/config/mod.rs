//! Configuration: Better Auth's own options, read once.

mod options;
mod options_reader;
pub mod policy;
