//! A native service that accepts the sessions of a Better Auth server whose secret it does not have, by its public keys.
//!
//! `cargo run --example key_set --features jwks -- <origin> <file with the body of /api/auth/jwks> <Cookie header>`

use std::time::SystemTime;

use better_session::{Config, ConfigError, KeySet, StaleReason, UnixMillis, Verdict, Verifier};

/// The response of a handler.
#[derive(Debug, PartialEq)]
enum Answer {
    /// 200 for the user with this id.
    Welcome(String),
    /// The key is new, or was removed: fetch the key set again, at most every ten seconds, then ask the origin.
    FetchKeys,
    /// Call the origin's `/get-session`, and forward its `Set-Cookie` headers.
    AskOrigin(StaleReason),
    /// 401.
    SignIn(&'static str),
}

/// The verifier and the keys of one server. Replace the keys when they are fetched again.
struct Service {
    verifier: Verifier,
    keys: KeySet,
}

impl Service {
    fn new(origin: &str, jwks: &str) -> Result<Self, ConfigError> {
        let verifier = Verifier::new(Config::builder().key_set().base_url(origin).build())?;
        Ok(Self { verifier, keys: KeySet::from_json(jwks, [origin])? })
    }

    /// Identifies the user of a request without I/O. The session token's signature needs the secret and is not verified: whoever
    /// holds a copy of the cache alone passes until it expires. Ask the origin before anything sensitive.
    fn identify(&self, cookie_header: &str, now: UnixMillis) -> Answer {
        match self.verifier.verify_with_key_set(cookie_header, None, &self.keys, now) {
            Verdict::Authenticated(session) => Answer::Welcome(session.user.id),
            Verdict::Stale { reason: StaleReason::UnknownKey, .. } => Answer::FetchKeys,
            Verdict::Stale { reason, .. } => Answer::AskOrigin(reason),
            Verdict::Unauthenticated { reason } => Answer::SignIn(reason.code()),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(origin), Some(file), Some(header)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        println!("usage: key_set <origin> <file with the key set> <Cookie header>");
        return Ok(());
    };
    let service = Service::new(&origin, &std::fs::read_to_string(file)?)?;
    println!("{:?}", service.identify(&header, SystemTime::now().into()));
    Ok(())
}

#[test]
#[allow(clippy::expect_used)]
fn identify_returns_the_user_or_the_reason() -> Result<(), Box<dyn std::error::Error>> {
    let file: serde_json::Value = serde_json::from_str(include_str!("../vectors/jwks/minted.json"))?;
    for vector in file["vectors"].as_array().expect("vectors") {
        let text = |name: &str| vector[name].as_str().expect("text");
        let now = UnixMillis::from_millis(vector["mintedAt"].as_i64().expect("a time"));
        let service = Service::new(text("issuer"), &vector["jwks"].to_string())?;
        let user = vector["expect"]["user"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(service.identify(text("cookieHeader"), now), Answer::Welcome(user));
        let empty = Service::new(text("issuer"), r#"{"keys":[]}"#)?;
        assert_eq!(empty.identify(text("cookieHeader"), now), Answer::FetchKeys);
        assert_eq!(service.identify("", now), Answer::SignIn("no_cookie"));
    }
    Ok(())
}
