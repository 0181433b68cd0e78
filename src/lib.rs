//! Better Auth's session management without the server: verifies, decodes and mints its session cookies, with the verdict
//! that the server itself would give.
//!
//! The crate reads no clock, draws no randomness and does no I/O: time and random bytes are arguments.
//!
//! # Verify a request's cookies
//!
//! ```
//! use better_session::{Config, UnixMillis, Verdict, Verifier};
//! use std::time::SystemTime;
//!
//! // The object that `betterAuth({ … })` has, as JSON. `Config::builder` takes the same options as Rust values.
//! let options = r#"{
//!     "secret": "an example secret",
//!     "baseURL": "http://localhost:3000",
//!     "session": { "cookieCache": { "enabled": true } }
//! }"#;
//! let verifier = Verifier::new(Config::from_json(options)?)?;
//! match verifier.verify("better-auth.session_token=…", UnixMillis::from(SystemTime::now())) {
//!     Verdict::Authenticated(answer) => println!("signed in as {}", answer.user.id),
//!     Verdict::Stale { reason, .. } => println!("look the session up at the origin: {reason}"),
//!     Verdict::Unauthenticated { reason } => assert_eq!(reason.code(), "token_malformed"),
//! }
//! # Ok::<(), better_session::ConfigError>(())
//! ```
//!
//! # Mint a session cache
//!
//! ```
//! use better_session::{Config, MintRequest, SessionPolicy, Strategy, UnixMillis, Verifier};
//!
//! let mut session = SessionPolicy::default();
//! session.strategies = vec![Strategy::Jwe];
//! let verifier = Verifier::new(Config::builder().secret("an example secret").session(session).build())?;
//!
//! let now = UnixMillis::from_millis(1_800_000_000_000);
//! let session = r#"{"id":"s1","token":"t1","userId":"u1","expiresAt":"2027-01-22T08:00:00.000Z"}"#;
//! let user = r#"{"id":"u1","name":"Ada","email":"ada@example.com"}"#;
//! let random = [7; 32]; // in earnest: 32 bytes of a cryptographic generator
//! let value = verifier.mint(&MintRequest::new(session, user, now, random));
//! assert_eq!(verifier.open(&value, now).map(|cache| cache.user.id).as_deref(), Ok("u1"));
//! # Ok::<(), better_session::ConfigError>(())
//! ```
//!
#![cfg_attr(
    feature = "gate",
    doc = r##"# Decide on a request at the edge

```
use better_session::gate::{Action, Fields, Gate, GateRequest, Rules};
use better_session::{Config, Verifier};

let verifier = Verifier::new(Config::new("an example secret"))?;
let rules = Rules::from_json(r#"{ "routes": { "public": ["/"], "signInURL": "/sign-in" } }"#)?;
let gate = Gate { verifier: &verifier, rules: &rules, is_revoked: &|_| false, fields: &Fields::default() };

let request = GateRequest { method: "GET", url: "/account", accept: "text/html", ..GateRequest::default() };
match gate.start(&request) {
    Action::Reject(rejection) => {
        assert_eq!(rejection.status, 302);
        assert_eq!(rejection.location.as_deref(), Some("/sign-in?callbackURL=%2Faccount"));
    }
    other => unreachable!("{other:?}"),
}
# Ok::<(), better_session::ConfigError>(())
```
"##
)]
#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![no_std]

#[cfg(any(feature = "client", feature = "verify"))]
extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

// Modules with `doc(hidden)` are internal, open to the bindings and tests only; the public API is what is re-exported below.
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod cache;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod config;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod cookie;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod credential;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod error;
#[cfg(feature = "gate")]
pub mod gate;
#[cfg(feature = "jwks")]
pub mod jwks;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod keyring;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod limits;
#[cfg(feature = "memory")]
mod memory;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod prelude;
#[cfg(feature = "gate")]
pub mod revocation;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod time;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod verdict;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub mod verifier;

#[cfg(feature = "gate")]
pub use crate::cookie::set_cookie::{Attributes, CookieAttributes};
#[cfg(feature = "jwks")]
pub use crate::jwks::KeySet;
#[cfg(feature = "verify")]
pub use crate::{
    cache::mint_request::MintRequest,
    cache::session::{CacheInfo, CachedSession, Session, User},
    cache::strategy::{ParseStrategyError, Strategy},
    config::policy::SessionPolicy,
    config::secret::Secret,
    config::{Config, ConfigBuilder},
    cookie::session_cookies::{CookieNames, Scheme},
    error::ConfigError,
    time::{TimeRangeError, UnixMillis},
    verdict::{Authenticated, StaleReason, UnauthenticatedReason, Verdict},
    verifier::Verifier,
};
#[cfg(feature = "verify")]
#[doc(hidden)]
pub use better_session_primitives as primitives;
#[cfg(feature = "verify")]
#[doc(hidden)]
pub use better_session_primitives::json;

/// Compiles and runs the Rust of the README.
#[cfg(all(doctest, feature = "verify", feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;
