//! The verdict on a request's session: one tagged union, refusals are values with a stable code.

use crate::cache::claims::CachedSession;
use crate::cache::strategy::Strategy;

/// What a `Cookie` header proves about a session.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // the largest is the usual one
pub enum Verdict {
    /// A genuine token and a genuine cache that answers for it.
    Authenticated(Authenticated),
    /// A genuine session token whose cache cannot answer: ask the origin.
    Stale {
        /// Why the cache cannot answer.
        reason: StaleReason,
        /// The session token, without its signature.
        token: String,
    },
    /// No genuine session token: the server would answer `null`.
    Unauthenticated {
        /// Why there is none.
        reason: UnauthenticatedReason,
    },
}

/// A session that the cookie alone proves.
#[derive(Clone, PartialEq)]
pub struct Authenticated {
    /// The payload as the server wrote it.
    pub cached: CachedSession,
    /// The encoding that it came in.
    pub strategy: Strategy,
    /// `freshAge` is 0, or `now - session.createdAt < freshAge`.
    pub fresh: bool,
    /// The sliding expiry is due (`expiresAt - expiresIn + updateAge <= now`), unless the person asked not to be
    /// remembered; with `refreshCache`, the cache has less than its `updateAge` left.
    pub refresh_due: bool,
}

impl std::fmt::Debug for Authenticated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticated")
            .field("strategy", &self.strategy)
            .field("fresh", &self.fresh)
            .field("refresh_due", &self.refresh_due)
            .finish_non_exhaustive()
    }
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The stable code, as the JavaScript API spells it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.code()) }
        }
    };
}

reasons! {
    /// Why a cache cannot answer for a genuine token.
    StaleReason {
        /// No cache cookie came with the token.
        CacheAbsent = "cache_absent",
        /// The cache is not of its encoding's shape, misses chunks, or holds what no server mints.
        CacheMalformed = "cache_malformed",
        /// The signature or authentication tag is not the secret's.
        CacheBadSignature = "cache_bad_signature",
        /// The cache's own window has passed.
        CacheExpired = "cache_expired",
        /// The session inside has expired.
        SessionExpired = "session_expired",
        /// The value is of an encoding that is not configured.
        StrategyMismatch = "strategy_mismatch",
        /// The cache was minted under another `cookieCache.version`.
        VersionMismatch = "version_mismatch",
        /// The cache belongs to another session token.
        TokenMismatch = "token_mismatch",
        /// Two different caches came under one name.
        AmbiguousCookies = "ambiguous_cookies",
        /// The cache names a key (`kid`) that is none of ours.
        UnknownKey = "unknown_key",
        /// Only an older secret verifies the token or its cache.
        StaleSecret = "stale_secret",
        /// A revocation mark is newer than the cache.
        Invalidated = "invalidated",
    }
}

reasons! {
    /// Why a request has no session.
    UnauthenticatedReason {
        /// No session token cookie.
        NoCookie = "no_cookie",
        /// The token is not `value.signature`.
        TokenMalformed = "token_malformed",
        /// The token's signature is not the secret's.
        TokenBadSignature = "token_bad_signature",
        /// Two different tokens came under one name: the server's two parsers would disagree.
        AmbiguousCookies = "ambiguous_cookies",
        /// A credential header came with the request: only the server can say whose request it is.
        CredentialHeader = "credential_header",
    }
}
