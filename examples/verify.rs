//! A native service that accepts a Better Auth server's cookies: whose request is it, or why is it nobody's?
//!
//! `cargo run --example verify -- <secret> <Cookie header>`; without arguments it mints a cookie of its own and
//! judges that one, then a forged one.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use better_session::{Config, ConfigError, MintRequest, StaleReason, Strategy, Verdict, Verifier};
use serde::Deserialize;

/// What this service reads of a user. Every other member of the cookie stays unread.
#[derive(Deserialize)]
struct User {
    name: String,
    email: String,
}

/// What a handler has to do.
enum Answer {
    /// 200: go on as this user.
    Welcome(User),
    /// VerifiedToken, but the cookie cannot answer: ask the origin's `/get-session`, and pass its `Set-Cookie`s on.
    AskOrigin(StaleReason),
    /// 401.
    SignIn(&'static str),
}

/// Made once, when the service starts: deriving the keys is the dear part. The same object as in
/// `betterAuth({ secret, session, advanced, baseURL })` will do.
fn verifier(secret: &str) -> Result<Verifier, ConfigError> {
    let options = serde_json::json!({
        "secret": secret,
        "baseURL": "http://localhost:3000", // https://… means __Secure- cookies
        "session": { "cookieCache": { "enabled": true, "maxAge": 300, "strategy": ["compact", "jwt", "jwe"] } },
    });
    Verifier::new(Config::from_json(&options.to_string())?)
}

/// Once a request: no I/O, some microseconds.
fn identify(verifier: &Verifier, cookie_header: &str) -> Answer {
    match verifier.verify(cookie_header, now()) {
        Verdict::Authenticated(session) => match session.cached.user::<User>() {
            Ok(user) => Answer::Welcome(user),
            Err(_) => Answer::SignIn("the user has no name or e-mail address"),
        },
        Verdict::Stale { reason, .. } => Answer::AskOrigin(reason),
        Verdict::Unauthenticated { reason } => Answer::SignIn(reason.code()),
    }
}

/// Milliseconds since the epoch: the core reads no clock itself.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
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

/// The cookies that a server would have set.
#[allow(clippy::expect_used)] // without randomness nothing must be minted
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
    let minting =
        MintRequest { session: &session, user: &user, version: "1", now: now(), max_age: 300, random };
    let signed = better_session::cookie::header::percent_encode(&verifier.sign(token));
    let cache = verifier.mint(Strategy::Compact, &minting);
    format!("better-auth.session_token={signed}; better-auth.session_data={cache}")
}

#[test]
fn it_says_whose_request_it_is() -> Result<(), ConfigError> {
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
