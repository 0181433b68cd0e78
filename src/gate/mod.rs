//! The edge gate: decides what happens to a request, without I/O.
//!
//! [`Gate::start`](decision::Gate::start) normalises the request's path once, matches it with the routes, verifies the
//! cookies and returns the next [`Action`]. If that is a lookup at the origin, the platform performs it
//! and passes the outcome to [`Gate::resume`](decision::Gate::resume) together with the [`Pending`]
//! state. The gate itself stores nothing between two calls, so a cancelled request leaves nothing behind.

#[doc(hidden)]
pub mod action;
mod cause;
#[doc(hidden)]
pub mod decision;
#[doc(hidden)]
pub mod fields;
#[doc(hidden)]
pub mod forward;
#[doc(hidden)]
pub mod get_session;
#[doc(hidden)]
pub mod identity;
mod lookup;
mod options;
#[doc(hidden)]
pub mod origin;
#[doc(hidden)]
pub mod path;
#[doc(hidden)]
pub mod pending;
#[doc(hidden)]
pub mod readings;
#[doc(hidden)]
pub mod remint;
#[doc(hidden)]
pub mod request;
#[doc(hidden)]
pub mod routes;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod session_handle;
#[doc(hidden)]
pub mod sign_in;
mod verdict;

pub use action::{Access, Action, Guard, Rejection, SessionLookup, Source};
pub use decision::Gate;
pub use fields::Fields;
pub use identity::{BoundRequest, DecryptError, IdentityCipher};
pub use origin::LookupOutcome;
pub use path::{NormalPath, PathFault};
pub use pending::Pending;
pub use readings::RequestPath;
pub use remint::renew;
pub use request::GateRequest;
pub use routes::{BadPattern, RouteRequirement, Routes};
pub use rules::Rules;

pub use crate::credential::Credential;
