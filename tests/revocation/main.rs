//! Tests of revocation through the public API. Each runs natively and, as a `wasm_bindgen_test`, in Node and browsers;
//! property tests run natively only.
#![cfg(feature = "gate")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod call;
mod endpoints;
mod entry;
mod index;
mod message;
mod response_cookies;
mod staleness;
mod state;
mod stateless;

#[cfg(not(target_arch = "wasm32"))]
mod properties;

use better_session::Secret;
use better_session::keyring::Keys;
use better_session::revocation::{
    AuthCall, CallOutcome, Options, ResponseCookies, RevocationState, RevocationTarget,
};

/// 2026-01-01, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

fn keys(secrets: &[&str]) -> Keys {
    let list: Vec<_> =
        secrets.iter().zip(1..).map(|(secret, version)| Secret::versioned(version, secret)).collect();
    Keys::new(&list).unwrap()
}

fn state_with(options: &Options) -> RevocationState {
    RevocationState::new(&keys(&["a secret of the tests"]), options)
}

fn state() -> RevocationState {
    state_with(&Options::default())
}

fn token(token: &str) -> RevocationTarget {
    RevocationTarget::Token(token.to_owned())
}

fn user(id: &str) -> RevocationTarget {
    RevocationTarget::User { id: id.to_owned(), except: None }
}

fn user_except(id: &str, except: &str) -> RevocationTarget {
    RevocationTarget::User { id: id.to_owned(), except: Some(except.to_owned()) }
}

const OK: CallOutcome = CallOutcome::Answered(200);

/// Returns a response that sets the caller's own session again.
fn renewal() -> ResponseCookies {
    ResponseCookies { token: Some("caller".into()), ..ResponseCookies::default() }
}

/// Returns a response that sets another session.
fn other_session() -> ResponseCookies {
    ResponseCookies { token: Some("new".into()), user_id: Some("them".into()), ..ResponseCookies::default() }
}

fn call<'a>(path: &'a str, body: Option<&'a str>) -> AuthCall<'a> {
    let (token, user_id) = (Some("caller"), Some("me"));
    AuthCall {
        method: "POST",
        path,
        token,
        user_id,
        body,
        outcome: OK,
        cache_verified: true,
        ..AuthCall::default()
    }
}
