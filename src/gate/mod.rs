//! The edge gate: a state machine that asks for I/O and is told the outcome.
//!
//! `path` → `routes` → `decide` ⇄ the platform. A request's path is normalised once; that one text is
//! matched and forwarded. `decide` says what to do next and, when that was a question to the origin, is
//! told what came of it. Nothing is kept between two requests.

pub mod answer;
mod config;
pub mod cookies;
pub mod decide;
pub mod fields;
pub mod identity;
mod lookup;
pub mod marks;
pub mod negotiate;
pub mod origin;
pub mod path;
pub mod renew;
pub mod report;
pub mod routes;
pub mod rules;
pub mod step;
