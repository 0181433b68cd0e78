//! The edge gate: a state machine that asks for I/O and receives the outcome.
//!
//! `path` → `routes` → `decision` ⇄ the platform. A request's path is normalised once; that one text is matched and
//! forwarded. The decision names the next action; if that was a lookup at the origin, it continues with the answer.
//! Nothing is kept between two requests.

#[doc(hidden)]
pub mod action;
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
pub mod remint;
#[doc(hidden)]
pub mod routes;
#[doc(hidden)]
pub mod rules;
#[doc(hidden)]
pub mod sign_in;

pub use action::{Access, Action, Rejection, SessionLookup, Source};
pub use decision::{Gate, GateRequest};
pub use fields::Fields;
pub use identity::{DecryptError, IdentityCipher};
pub use origin::LookupOutcome;
pub use path::{NormalPath, PathFault};
pub use remint::renew;
pub use routes::{BadPattern, RouteRequirement, Routes};
pub use rules::Rules;

pub use crate::credential::Credential;
