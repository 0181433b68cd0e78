//! Better Auth's sessions in axum: verified from the cookie without I/O, renewed through the server, revoked within a second.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use better_session::Config;
//! use better_session_axum::{OptionalSession, Session, SessionGate, SessionLayer};
//!
//! # async fn serve() -> Result<(), Box<dyn std::error::Error>> {
//! // The object that `betterAuth({ … })` has, as JSON; `Config::builder` takes the same options as Rust values.
//! let options = r#"{ "secret": "an example secret", "session": { "cookieCache": { "enabled": true } } }"#;
//! let gate = SessionGate::builder(Config::from_json(options)?, "http://localhost:3000").build()?;
//! let app: Router = Router::new()
//!     .route("/", get(|OptionalSession::<serde_json::Value>(session)| async move {
//!         session.map_or("Hello stranger".to_owned(), |session| format!("Hello {}", session.user["name"]))
//!     }))
//!     .route("/account", get(|session: Session| async move { session.user_id }))
//!     .layer(SessionLayer::new(gate));
//! # Ok(())
//! # }
//! ```
//!
//! A visitor whose cache has expired is looked up at the origin, and its `Set-Cookie`s are added to the response, whatever the
//! handler returns. The auth API itself stays with the server: this crate does not forward calls to it.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod action;
mod cause;
mod clock;
mod decide;
mod error;
mod extract;
mod forward_auth;
mod gate;
mod layer;
mod lookups;
mod options;
mod origin;
mod recent;
mod rejection;
mod request;
mod response;
mod revocation;
#[cfg(test)]
mod testing;

pub use better_session_feeds as feeds;
pub use cause::Cause;
pub use error::BuildError;
pub use extract::{FreshSession, OptionalSession, Session};
pub use forward_auth::{ForwardAuth, ForwardAuthHeaders};
pub use gate::{Authentication, Proven, SessionGate};
pub use layer::{SessionLayer, SessionService};
pub use options::{RevocationOptions, SessionGateBuilder};
pub use rejection::SessionRejection;
