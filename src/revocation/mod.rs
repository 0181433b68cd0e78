//! Revocation: session caches written before a session, a user or everybody was revoked no longer count.
//!
//! A [`Revocation`] is `(subject, notBefore)`. Subjects are keyed hashes ([`subject`]), so a stored or transmitted
//! revocation reveals neither token nor user. [`RevocationState`] is the state of one gate isolate: the [`index`] of
//! live revocations, the position in the feed and the [`staleness`] of the index.
//!
//! A gate makes these calls, in this order:
//! 1. [`RevocationState::staleness`] returns how far the index may be used now, or that the feed must be read first.
//! 2. [`RevocationState::is_revoked`] compares a verified cache with the index. A revoked cache is
//!    `stale: "invalidated"`, and the cache cookie is removed from what the gate forwards.
//! 3. Before a call to the auth API is forwarded, [`RevocationState::required_inputs`] returns which inputs it needs:
//!    the body, the caller's token, the caller's user.
//! 4. After the origin's response, [`RevocationState::record`] derives the revocations of the call from the
//!    [`endpoints`] table and the response's cookies ([`revoked_by`]), applies them to the index and returns them as a
//!    batch for the feed. The batch is appended before the response is passed on, so the staleness bound counts from
//!    the response.
//! 5. [`RevocationState::is_overtaken`] reports whether a revocation arrived while a lookup was in flight.
//!
//! # Clocks
//! A cache's `updatedAt` comes from the origin's clock, `notBefore` from the clock of the machine that revoked. They may
//! differ by `clockSkew` either way, so a cache is revoked if `updatedAt <= notBefore + clockSkew`. A session that the
//! origin renews within that window is looked up again for at most `2 × clockSkew`: a few extra lookups and never a
//! lock-out, because a revocation only makes the gate look the session up. The added `clockSkew` also covers a renewal
//! that read the database before the revocation and wrote its cache within `clockSkew` of it; a slower one is found by
//! [`RevocationState::is_overtaken`].
//!
//! # Without a database
//! A server without a database signs a visitor out when the lookup lacks the cache cookie. There a call revokes only the
//! caller's user or one session of that user, so an account cannot reach another account's cookies or fill the index
//! for others ([`Options::stateless`]).
//!
//! # Secret rotation
//! A revocation is written under every configured secret and looked up under every one, so gates with the old and the
//! new list of secrets understand each other.

#[doc(hidden)]
pub mod arrivals;
#[doc(hidden)]
pub mod call;
#[doc(hidden)]
pub mod endpoints;
#[doc(hidden)]
pub mod entry;
mod expiry;
#[doc(hidden)]
pub mod index;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod message;
mod options;
mod record;
#[doc(hidden)]
pub mod response_cookies;
mod slots;
#[doc(hidden)]
pub mod staleness;
#[doc(hidden)]
pub mod state;
mod stateless;
#[doc(hidden)]
pub mod subject;

pub use call::{AuthCall, CallOutcome, RevocationTarget, revoked_by};
pub use endpoints::{CallInputs, required_inputs};
pub use entry::{BatchError, Revocation};
pub use message::{Message, MessageError};
pub use options::Options;
pub use response_cookies::ResponseCookies;
pub use staleness::Staleness;
pub use state::RevocationState;
