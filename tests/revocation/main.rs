//! Revocation marks from outside. Each test runs natively and, where `test` is `wasm_bindgen_test`, in Node and
//! browsers; what needs proptest runs natively only.
#![cfg(feature = "gate")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::string_slice)]

mod answer_cookies;
mod endpoints;
mod entry;
mod index;
mod message;
mod staleness;
mod state;
mod stateless;

#[cfg(not(target_arch = "wasm32"))]
mod properties;

use better_session::Secret;
use better_session::primitives::crypto::keyring::Keys;
use better_session::revocation::{Options, RevocationState, RevocationTarget};

/// 2026-01-01, in milliseconds.
const NOW: i64 = 1_767_225_600_000;

fn keys(secrets: &[&str]) -> Keys {
    let list: Vec<_> =
        secrets.iter().zip(1..).map(|(secret, version)| Secret::versioned(version, secret)).collect();
    Keys::new(&list).unwrap()
}

fn marks_with(options: &Options) -> RevocationState {
    RevocationState::new(&keys(&["a secret of the tests"]), options)
}

fn marks() -> RevocationState {
    marks_with(&Options::default())
}

fn token(token: &str) -> RevocationTarget {
    RevocationTarget::Token(token.to_owned())
}

fn user(id: &str) -> RevocationTarget {
    RevocationTarget::User { id: id.to_owned(), except: None }
}

fn others(id: &str, except: &str) -> RevocationTarget {
    RevocationTarget::User { id: id.to_owned(), except: Some(except.to_owned()) }
}
