//! Creates revocations, from a call that passed through the gate or from explicit targets, and refuses calls that it would have no room
//! to record.

use crate::prelude::*;
use crate::revocation::call::{AuthCall, RevocationTarget, revoked_by};
use crate::revocation::endpoints::{CallInputs, ends_sessions, required_inputs};
use crate::revocation::entry::Revocation;
use crate::revocation::state::RevocationState;
use crate::revocation::stateless::confine;
use crate::revocation::subject::Kind;
use crate::time::Millis;

impl RevocationState {
    /// Returns the inputs that [`RevocationState::record`] needs for a call, or `None` if the call must not be
    /// forwarded: it would end sessions of a server without a database, and the index has no room to record that.
    #[must_use]
    pub fn required_inputs(&self, method: &str, path: &str) -> Option<CallInputs> {
        let inputs = required_inputs(method, path);
        let changes = method == "POST" || inputs != CallInputs::default();
        let ends = self.stateless && changes && ends_sessions(path, None);
        if ends && self.index.is_full() {
            return None;
        }
        Some(CallInputs { user: inputs.user || ends, ..inputs })
    }

    /// Applies the revocations of a call, dated `now`, and returns them as a batch for the feed.
    pub fn record(&mut self, call: &AuthCall<'_>, now: Millis) -> Vec<u8> {
        let targets = revoked_by(call);
        let targets = if self.stateless { confine(call, targets) } else { targets };
        self.revoke(&targets, now)
    }

    /// Applies revocations of `targets`, dated `now`, and returns them as a batch for the feed.
    pub fn revoke(&mut self, targets: &[RevocationTarget], now: Millis) -> Vec<u8> {
        let batch = self.batch(targets, now);
        // The only possible error is a full index. The batch must reach the feed even then.
        let _ = self.apply(&batch, now);
        batch
    }

    /// Returns revocations of `targets`, dated `now`, as a batch without applying them: one for every secret. Without a
    /// database the batch has no revocation of everybody.
    #[must_use]
    pub fn batch(&self, targets: &[RevocationTarget], now: Millis) -> Vec<u8> {
        let mut batch = Vec::new();
        for (target, key) in targets.iter().flat_map(|target| self.keys.iter().map(move |key| (target, key)))
        {
            let token_subject = |token: &String| Some(key.subject(Kind::Token, token));
            let (subject, except, only) = match target {
                RevocationTarget::Token(token) => (key.subject(Kind::Token, token), None, None),
                RevocationTarget::User { id, except } => {
                    (key.subject(Kind::User, id), except.as_ref().and_then(token_subject), None)
                }
                RevocationTarget::Session { user, token } => {
                    (key.subject(Kind::User, user), None, token_subject(token))
                }
                RevocationTarget::Everybody if self.stateless => continue,
                RevocationTarget::Everybody => (key.subject(Kind::Everybody, ""), None, None),
            };
            let (lifetime, stateless) = (self.lifetime, self.stateless);
            Revocation { subject, not_before: now, lifetime, except, only, stateless }.write(&mut batch);
        }
        batch
    }
}
