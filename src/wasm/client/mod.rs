//! The browser client on fetch bindings.
