//! Bindings of the gate.
