//! The verdict on a request's session. Rejections are values with a stable code, not errors.

use crate::cache::session::{CacheInfo, Session, User};
use crate::prelude::*;

/// The verdict on the session of a `Cookie` header.
///
/// Three cases, and no more will be added: their reasons are what may grow. `Debug` prints no token.
#[derive(Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // the largest is the usual one
pub enum Verdict {
    /// A valid session token and a valid cache of its session.
    Authenticated(Authenticated),
    /// A valid session token without a usable cache: look the session up at the origin.
    Stale {
        /// The reason why the cache is unusable.
        reason: StaleReason,
        /// The session token, without its signature.
        token: String,
    },
    /// No valid session token: the server would return `null`.
    Unauthenticated {
        /// The reason why there is none.
        reason: UnauthenticatedReason,
    },
}

impl core::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Authenticated(session) => f.debug_tuple("Authenticated").field(session).finish(),
            Self::Stale { reason, .. } => {
                f.debug_struct("Stale").field("reason", reason).finish_non_exhaustive()
            }
            Self::Unauthenticated { reason } => {
                f.debug_struct("Unauthenticated").field("reason", reason).finish()
            }
        }
    }
}

/// An authenticated session.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authenticated {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
    /// The cache that carried both: always `Some` from a [`Verifier`](crate::Verifier), `None` for a session that the gate
    /// looked up at the origin.
    pub cache: Option<CacheInfo>,
    /// `true` if `freshAge` is zero or `now - session.createdAt < freshAge`.
    pub fresh: bool,
    /// `true` if the sliding expiry is due (`expiresAt - expiresIn + updateAge <= now`) and the user did not ask not to be
    /// remembered; with `refreshCache`, if the cache has less than its `updateAge` left.
    pub refresh_due: bool,
    /// `false` if the server's secret is unknown: the cache names this session token, and its signature was not verified.
    pub token_verified: bool,
}

impl core::fmt::Debug for Authenticated {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Authenticated")
            .field("session", &self.session)
            .field("cache", &self.cache)
            .field("fresh", &self.fresh)
            .field("refresh_due", &self.refresh_due)
            .finish_non_exhaustive()
    }
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every reason.
            #[doc(hidden)]
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the stable code, the same as in the JavaScript API.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl core::error::Error for $name {}

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.code()) }
        }
    };
}

reasons! {
    /// The reason why the cache of a valid session token is unusable.
    StaleReason {
        /// There is no cache cookie, or the cache is not enabled.
        CacheAbsent = "cache_absent",
        /// The cache is malformed, lacks chunks, or has content that no server mints.
        CacheMalformed = "cache_malformed",
        /// No secret verifies the signature or authentication tag.
        CacheBadSignature = "cache_bad_signature",
        /// The cache's window has passed.
        CacheExpired = "cache_expired",
        /// The session inside has expired.
        SessionExpired = "session_expired",
        /// The cache has an encoding that is not configured.
        StrategyMismatch = "strategy_mismatch",
        /// The cache was minted with another `cookieCache.version`.
        VersionMismatch = "version_mismatch",
        /// The cache belongs to another session token.
        TokenMismatch = "token_mismatch",
        /// The header has two different caches under one name.
        AmbiguousCookies = "ambiguous_cookies",
        /// The cache names a key (`kid`) that neither a configured secret nor the key set has.
        UnknownKey = "unknown_key",
        /// The key set's key cannot verify a cache: another algorithm, too short, not for signatures, or not alone under its `kid`.
        UnsupportedKey = "unsupported_key",
        /// The token is signed with a key of the server and is not a session cache.
        WrongType = "wrong_type",
        /// Only an older secret verifies the token or its cache.
        StaleSecret = "stale_secret",
        /// A revocation is newer than the cache.
        Invalidated = "invalidated",
    }
}

reasons! {
    /// The reason why a request has no session.
    UnauthenticatedReason {
        /// There is no session token cookie under the names of the configuration or the request's scheme.
        NoCookie = "no_cookie",
        /// The header is longer than [`MAX_HEADER_BYTES`](crate::limits::MAX_HEADER_BYTES), 128 KiB, and is not read.
        HeaderTooLong = "header_too_long",
        /// The token does not have the form `value.signature`.
        TokenMalformed = "token_malformed",
        /// No secret verifies the token's signature.
        TokenBadSignature = "token_bad_signature",
        /// The header has two different tokens under one name, on which the server's two parsers would disagree.
        AmbiguousCookies = "ambiguous_cookies",
        /// The request has a credential header: only the server can determine whose request it is.
        CredentialHeader = "credential_header",
    }
}
