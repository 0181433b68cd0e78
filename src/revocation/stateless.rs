//! Revocations for a server without a database, confined to the account that made the call.

use crate::revocation::endpoints::{AuthCall, RevocationTarget};

/// Replaces what a call revoked by what its caller may revoke: sessions of the caller's own user. A token is the
/// visitor's invention until proven otherwise, so it is revoked for that user only. An admin's call names others;
/// it counts once the server carried it out, which it refuses everybody else.
pub(super) fn confine(call: &AuthCall<'_>, targets: Vec<RevocationTarget>) -> Vec<RevocationTarget> {
    let by_admin = call.outcome.succeeded() && call.path.starts_with("/admin/");
    let confined = |target| match target {
        RevocationTarget::Token(token) if by_admin && call.token != Some(token.as_str()) => {
            Some(RevocationTarget::Token(token))
        }
        RevocationTarget::Token(token) => {
            call.user_id.map(|user| RevocationTarget::Session { user: user.to_owned(), token })
        }
        RevocationTarget::User { id, except } => {
            (by_admin || call.user_id == Some(id.as_str())).then_some(RevocationTarget::User { id, except })
        }
        RevocationTarget::Session { user, token } => {
            (call.user_id == Some(user.as_str())).then_some(RevocationTarget::Session { user, token })
        }
        RevocationTarget::Everybody => None,
    };
    targets.into_iter().filter_map(confined).collect()
}
