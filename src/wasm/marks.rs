//! Bindings of the revocation index.
