//! Confines the revocations of a call to the caller's own account, for a server without a database.

use crate::prelude::*;
use crate::revocation::call::{AuthCall, RevocationTarget};

/// Restricts targets to those that the caller may revoke: sessions of the caller's own user. A token from the body is
/// unverified, so it is revoked for that user only. An admin's call may name other users; it counts once the server has
/// carried it out, because the server rejects it for anyone else.
pub(super) fn confine(call: &AuthCall<'_>, targets: Vec<RevocationTarget>) -> Vec<RevocationTarget> {
    let by_admin = call.outcome.succeeded() && call.path.starts_with("/admin/");
    let confine_target = |target| match target {
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
    targets.into_iter().filter_map(confine_target).collect()
}
