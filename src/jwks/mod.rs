//! Session caches that a server signs with the keys of its JWT plugin (`jwt({ sessionCookieCache: true })`), verified with its
//! key set. The JavaScript package verifies them with WebCrypto instead, by the same vectors.
//!
//! ```
//! use better_session::{Config, KeySet, StaleReason, UnixMillis, Verdict, Verifier};
//!
//! // The body of the server's `/api/auth/jwks`, which the program fetches again after some minutes and for an unknown key.
//! let body = r#"{"keys":[{"alg":"EdDSA","crv":"Ed25519","kty":"OKP","kid":"k1",
//!     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
//! let keys = KeySet::from_json(body, ["https://app.example"])?;
//! let verifier = Verifier::new(Config::builder().key_set().base_url("https://app.example").build())?;
//! match verifier.verify_with_key_set("__Secure-better-auth.session_token=…", None, &keys, UnixMillis::from_millis(0)) {
//!     Verdict::Authenticated(answer) => assert!(!answer.token_verified, "the server's secret is unknown"),
//!     Verdict::Stale { reason: StaleReason::UnknownKey, .. } => println!("fetch the key set again"),
//!     Verdict::Stale { reason, .. } => println!("look the session up at the origin: {reason}"),
//!     Verdict::Unauthenticated { reason } => assert_eq!(reason.code(), "token_malformed"),
//! }
//! # Ok::<(), better_session::ConfigError>(())
//! ```

mod key;
mod key_set;
mod token;

pub use key_set::KeySet;
