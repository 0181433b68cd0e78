//! Bits of the flags that cross the boundary as one number: a request's, and a result's (`RESULT_`). `pkg/src/protocol/flags.ts` is generated from [`ALL`].

macro_rules! flags {
    ($($(#[doc = $doc:literal])* $name:ident = $value:literal,)*) => {
        $($(#[doc = $doc])* pub const $name: u32 = $value;)*
        /// Name, value and description of every flag.
        pub const ALL: &[(&str, u32, &str)] = &[$((stringify!($name), $name, concat!($($doc),*)),)*];
    };
}

flags! {
    /// The request has another credential than `Authorization`.
    OTHER_CREDENTIAL = 1,
    /// The revocation index is older than `maxStaleness`.
    INDEX_STALE = 2,
    /// A `version` function did not return the cache's version.
    OTHER_VERSION = 4,
    /// The caller must be known before the call is forwarded.
    IDENTIFY = 8,
    /// A cache that this gate does not accept is removed before the request is forwarded.
    STRIP_UNTRUSTED_CACHE = 16,
    /// The request came by http.
    HTTP = 32,
    /// The request came by https.
    HTTPS = 64,
    /// The origin answered its health check.
    ORIGIN_UP = 256,
    /// The origin did not answer its health check.
    ORIGIN_DOWN = 512,
    /// The request is a CORS preflight.
    PREFLIGHT = 1024,
    /// The lowest of three bits with the number of the key set's check.
    KEY_SET = 65536,
    /// Flag of a verifier's call: a cache that needs the key set is judged before its signature is verified.
    DEFER_KEY_SET = 4,
    /// Flag of a verifier's result: the session is fresh.
    RESULT_FRESH = 1,
    /// Flag of a verifier's result: the sliding expiry is due.
    RESULT_REFRESH_DUE = 2,
    /// Flag of a verifier's result: the signature of the session token was not verified.
    RESULT_TOKEN_UNVERIFIED = 4,
}
