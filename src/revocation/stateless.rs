//! Revocations for a server without a database, confined to the account that made the call.

use crate::revocation::endpoints::{Call, Target};

/// Replaces what a call revoked by what its caller may revoke: sessions of the caller's own user. A token is the
/// visitor's invention until proven otherwise, so it is revoked for that user only. An admin's call names others;
/// it counts once the server carried it out, which it refuses everybody else.
pub(super) fn confine(call: &Call<'_>, targets: Vec<Target>) -> Vec<Target> {
    let by_admin = call.outcome.succeeded() && call.path.starts_with("/admin/");
    let confined = |target| match target {
        Target::Token(token) if by_admin && call.token != Some(token.as_str()) => Some(Target::Token(token)),
        Target::Token(token) => call.user_id.map(|user| Target::Session { user: user.to_owned(), token }),
        Target::User { id, except } => {
            (by_admin || call.user_id == Some(id.as_str())).then_some(Target::User { id, except })
        }
        Target::Session { user, token } => {
            (call.user_id == Some(user.as_str())).then_some(Target::Session { user, token })
        }
        Target::Everybody => None,
    };
    targets.into_iter().filter_map(confined).collect()
}
