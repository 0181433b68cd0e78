//! The index of live revocation marks.
