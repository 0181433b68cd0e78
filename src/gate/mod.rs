//! The edge gate: a state machine that asks for I/O and receives the outcome.
//!
//! `path` → `routes` → `decision` ⇄ the platform. A request's path is normalised once; that one text is matched and
//! forwarded. The decision names the next action; if that was a lookup at the origin, it continues with the answer.
//! Nothing is kept between two requests.

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
pub mod remint;
pub mod routes;
pub mod rules;
pub mod sign_in;
