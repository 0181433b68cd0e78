//! The edge gate: decides what happens to a request, without I/O.
//!
//! [`Gate::start`](decision::Gate::start) normalises the request's path once, matches it with the routes, verifies the
//! cookies and returns the next [`Action`](action::Action). If that is a lookup at the origin, the platform performs it
//! and passes the outcome to [`Gate::resume`](decision::Gate::resume) together with the [`Pending`](pending::Pending)
//! state. The gate itself stores nothing between two calls, so a cancelled request leaves nothing behind.

pub mod action;
pub mod decision;
pub mod fields;
pub mod forward;
pub mod get_session;
pub mod identity;
mod lookup;
mod options;
pub mod origin;
pub mod path;
pub mod pending;
pub mod remint;
pub mod request;
pub mod routes;
pub mod rules;
pub mod sign_in;
mod verdict;
