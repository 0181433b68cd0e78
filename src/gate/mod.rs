//! The edge gate: a state machine that asks for I/O and is told the outcome.

pub mod marks;
