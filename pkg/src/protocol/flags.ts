/** Bits of the flags of requests and results. Generated from `bindings/protocol/src/flags.rs`; do not edit. */
/** The request has another credential than `Authorization`. */
export const OTHER_CREDENTIAL = 1;
/** The revocation index is older than `maxStaleness`. */
export const INDEX_STALE = 2;
/** A `version` function did not return the cache's version. */
export const OTHER_VERSION = 4;
/** The caller must be known before the call is forwarded. */
export const IDENTIFY = 8;
/** A cache that this gate does not accept is removed before the request is forwarded. */
export const STRIP_UNTRUSTED_CACHE = 16;
/** The request came by http. */
export const HTTP = 32;
/** The request came by https. */
export const HTTPS = 64;
/** The origin answered its health check. */
export const ORIGIN_UP = 256;
/** The origin did not answer its health check. */
export const ORIGIN_DOWN = 512;
/** The request is a CORS preflight. */
export const PREFLIGHT = 1024;
/** The lowest of three bits with the number of the key set's check. */
export const KEY_SET = 65536;
/** Flag of a verifier's call: a cache that needs the key set is judged before its signature is verified. */
export const DEFER_KEY_SET = 4;
/** Flag of a verifier's result: the session is fresh. */
export const RESULT_FRESH = 1;
/** Flag of a verifier's result: the sliding expiry is due. */
export const RESULT_REFRESH_DUE = 2;
/** Flag of a verifier's result: the signature of the session token was not verified. */
export const RESULT_TOKEN_UNVERIFIED = 4;
