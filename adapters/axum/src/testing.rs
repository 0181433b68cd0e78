//! Shared by the unit tests.

use std::time::SystemTime;

use better_session::{MintRequest, UnixMillis, Verifier};

/// Options of a server, with rules of routes.
pub(crate) const OPTIONS: &str = r#"{ "secret": "an example secret", "baseURL": "http://localhost", "session": { "cookieCache": { "enabled": true } },
    "routes": { "public": ["/"], "signInURL": "/sign-in" } }"#;

/// Returns the `Cookie` header of a session.
pub(crate) fn signed_in(verifier: &Verifier) -> String {
    let now = UnixMillis::from(SystemTime::now());
    let session = r#"{"id":"s1","token":"t1","userId":"u1","expiresAt":"2099-01-22T08:00:00.000Z","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"}"#;
    let user = r#"{"id":"u1","name":"Ada","email":"ada@example.com","emailVerified":true,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z"}"#;
    let cache = verifier.mint(&MintRequest::new(session, user, now, [7; 32]));
    let token = verifier.sign("t1").replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("better-auth.session_token={token}; better-auth.session_data={cache}")
}
