//! A native service that accepts the cookies of a Better Auth server.
//!
//! `cargo run --example verify -- <secret> <Cookie header>`; without arguments it mints a cookie and verifies that one, then
//! a forged one.

use std::time::SystemTime;

use better_session::{
    Config, ConfigError, MintRequest, SessionPolicy, StaleReason, Strategy, UnixMillis, Verdict, Verifier,
};
use serde::Deserialize;

/// The members of a user that this service reads.
#[derive(Deserialize)]
struct User {
    name: String,
    email: String,
}

/// The response of a handler.
enum Answer {
    /// 200 for this user.
    Welcome(User),
    /// The token is valid but the cache is not usable: call the origin's `/get-session`, and forward its `Set-Cookie` headers.
    AskOrigin(StaleReason),
    /// 401.
    SignIn(&'static str),
}

/// Creates the verifier, once when the service starts: deriving keys is expensive. `Config::from_json` takes the options
/// object of `betterAuth({ … })` instead.
fn verifier(secret: &str) -> Result<Verifier, ConfigError> {
    let mut session = SessionPolicy::default();
    session.cache_enabled = true;
    session.strategies = vec![Strategy::Compact, Strategy::Jwt, Strategy::Jwe];
    let config = Config::builder()
        .secret(secret)
        .base_url("http://localhost:3000") // https://… means __Secure- cookies
        .session(session);
    Verifier::new(config.build())
}

/// Identifies the user of a request, without I/O and in some microseconds.
fn identify(verifier: &Verifier, cookie_header: &str) -> Answer {
    match verifier.verify(cookie_header, now()) {
        Verdict::Authenticated(session) => match session.user.deserialize::<User>() {
            Ok(user) => Answer::Welcome(user),
            Err(_) => Answer::SignIn("the user has no name or e-mail address"),
        },
        Verdict::Stale { reason, .. } => Answer::AskOrigin(reason),
        Verdict::Unauthenticated { reason } => Answer::SignIn(reason.code()),
    }
}

fn now() -> UnixMillis {
    SystemTime::now().into()
}

fn main() -> Result<(), ConfigError> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next(), arguments.next()) {
        (Some(secret), Some(header)) => println!("{}", identify(&verifier(&secret)?, &header)),
        _ => {
            let verifier = verifier("an example secret of 32 characters or more")?;
            let header = cookies(&verifier);
            println!("{}", identify(&verifier, &header));
            println!("{}", identify(&verifier, &header.replace("session_token=", "session_token=x")));
        }
    }
    Ok(())
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Welcome(User { name, email }) => write!(f, "welcome, {name} <{email}>"),
            Self::AskOrigin(reason) => write!(f, "ask the origin: {reason}"),
            Self::SignIn(reason) => write!(f, "sign in: {reason}"),
        }
    }
}

/// Returns the cookies that a server would have set.
#[allow(clippy::expect_used)] // minting requires randomness
fn cookies(verifier: &Verifier) -> String {
    let token = "example-token";
    let dates = "\"createdAt\":\"2026-01-01T00:00:00.000Z\",\"updatedAt\":\"2026-01-01T00:00:00.000Z\"";
    let session = format!(
        "{{\"id\":\"s1\",\"token\":\"{token}\",\"userId\":\"u1\",\"expiresAt\":\"2999-01-01T00:00:00.000Z\",{dates}}}"
    );
    let user = format!(
        "{{\"id\":\"u1\",\"name\":\"Ada\",\"email\":\"ada@example.com\",\"emailVerified\":true,{dates}}}"
    );
    let mut random = [0; 32];
    getrandom::fill(&mut random).expect("the system's random source");
    let signed = better_session::cookie::header::percent_encode(&verifier.sign(token));
    let cache = verifier.mint(&MintRequest::new(&session, &user, now(), random));
    format!("better-auth.session_token={signed}; better-auth.session_data={cache}")
}

#[test]
fn identify_returns_the_user_or_the_reason() -> Result<(), ConfigError> {
    let ours = verifier("an example secret of 32 characters or more")?;
    let header = cookies(&ours);
    let said = |verifier: &Verifier, header: &str| identify(verifier, header).to_string();
    assert_eq!(said(&ours, &header), "welcome, Ada <ada@example.com>");
    assert_eq!(said(&ours, ""), "sign in: no_cookie");
    assert_eq!(said(&verifier("another secret")?, &header), "sign in: token_bad_signature");
    let token_alone = header.split("; ").next().unwrap_or_default();
    assert_eq!(said(&ours, token_alone), "ask the origin: cache_absent");
    Ok(())
}
