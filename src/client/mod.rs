//! The browser client's decisions, without I/O.
