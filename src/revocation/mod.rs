//! Revocation: cached copies made before a mark are not believed.
//!
//! A [`Revocation`] is `(subject, notBefore)`. Subjects are keyed hashes ([`subject`]), so that marks at rest and on
//! the way show neither token nor user. [`RevocationState`] is what one isolate of a gate holds: the [`index`] of live
//! marks, the feed's cursor and the [`staleness`] of both.
//!
//! For the gate, in this order:
//! 1. [`RevocationState::standing`] says whether the index may be believed now, or the feed must be asked first.
//! 2. [`RevocationState::is_revoked`] says of a verified cache whether a mark is newer: then it is `stale: "invalidated"`,
//!    and what is sent to the origin goes without the cache cookie.
//! 3. Before a call to the auth API is forwarded, [`wants`]`(method, path)` says whether its body and its
//!    caller's user must be known. After the origin answered, [`revoked_by()`] says whom it changed, and
//!    [`RevocationState::mark`] hashes that, takes it into the index and returns the batch for the feed. The batch is
//!    appended before the answer is passed on: then the bound counts from the answer.
//!
//! # Clocks
//! A cache's `updatedAt` is the origin's clock, a mark's `notBefore` the clock of whoever made it. They may be
//! `clockSkew` apart either way, so a mark reaches `clockSkew` past its own time: a copy is not believed when
//! `updatedAt <= notBefore + clockSkew`. A session that the origin renews within that window is asked for
//! again, at most `2 × clockSkew` long (the mark's maker ahead by it, and the reach): a few more questions,
//! never a lock-out, because a mark can only make the gate ask. The reach also covers a renewal that read the
//! database before the revocation and wrote its cache within `clockSkew` of it. For a slower one [`RevocationState::overtaken`]
//! says whether a revocation arrived while it was under way.
//!
//! # Without a database
//! A server without a database signs out whoever is asked about without the cache cookie. For it a mark made by a
//! call is on the caller's user, or on one session of that user; an account cannot reach another one's cookies, nor
//! fill the index for others ([`Options::stateless`]).
//!
//! # Secrets in rotation
//! A mark is made under every configured secret and looked up under every one: gates that are not yet on the
//! new list still understand each other.

#[doc(hidden)]
pub mod answer_cookies;
#[doc(hidden)]
pub mod arrivals;
#[doc(hidden)]
pub mod endpoints;
#[doc(hidden)]
pub mod entry;
#[doc(hidden)]
pub mod index;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod message;
mod slots;
#[doc(hidden)]
pub mod staleness;
#[doc(hidden)]
pub mod state;
mod stateless;
#[doc(hidden)]
pub mod subject;

pub use answer_cookies::AnswerCookies;
pub use endpoints::{AuthCall, CallOutcome, RevocationTarget, Wants, revoked_by, wants};
pub use entry::{BatchError, Revocation};
pub use message::{Message, MessageError};
pub use staleness::{FeedFreshness, Staleness};
pub use state::{Options, RevocationState};
