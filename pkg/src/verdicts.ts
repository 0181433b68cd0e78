/** Sessions, and the verdicts on them. */

/**
 * The encoding of the session cache in its cookie: `session.cookieCache.strategy`.
 * `compact` is base64url JSON with an HMAC-SHA-256; `jwt` is a JWS with HS256 (RFC 7515); the holder of the cookie can read
 * both. `jwe` is encrypted with A256CBC-HS512 (RFC 7516, RFC 7518 §5.2.5).
 */
export type Strategy = "compact" | "jwt" | "jwe";

/**
 * A session as Better Auth stores it. Members that plugins and `additionalFields` add are included as they were stored,
 * their dates as ISO 8601 text: only the three below become `Date`s.
 */
export interface Session {
  id: string;
  /** The session token, without its signature. */
  token: string;
  userId: string;
  /** The end of the session; the server's sliding expiry extends it. */
  expiresAt: Date;
  /** The time of sign-in, from which freshness is counted. */
  createdAt: Date;
  updatedAt: Date;
  ipAddress?: string | null;
  userAgent?: string | null;
}

/** A user as Better Auth stores it, as of `cachedAt`. Further members are included as they were stored. */
export interface User {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  createdAt: Date;
  updatedAt: Date;
  image?: string | null;
}

/** Reasons why the cache of a valid session token is not accepted: ask the origin. */
export type StaleReason =
  /** No cache cookie came with the token, or the cache is off: `cookieCache.enabled` is not true. */
  | "cache_absent"
  /** Not well-formed in its encoding, chunks missing or misnumbered, or a member that no server writes. */
  | "cache_malformed"
  /** The signature or authentication tag does not verify under the secret. */
  | "cache_bad_signature"
  /** The cache's window (`maxAge`) has ended, or has not begun. */
  | "cache_expired"
  /** The session in the cache has ended. */
  | "session_expired"
  /** The encoding is not configured. */
  | "strategy_mismatch"
  /** The cache was minted under another `cookieCache.version`. */
  | "version_mismatch"
  /** The cache belongs to another session token. */
  | "token_mismatch"
  /** Two different caches have one name: the server's two parsers would read different ones. */
  | "ambiguous_cookies"
  /** The cache is encrypted for a key (`kid`) of none of the configured secrets, or signed with one that the key set does not have. */
  | "unknown_key"
  /** The key of the key set cannot verify a cache: it is too short, for another use, or shares its `kid`. */
  | "unsupported_key"
  /** A token that the server signed for another purpose. */
  | "wrong_type"
  /** Only an older secret verifies the token or its cache; `acceptOldSecrets` accepts it. */
  | "stale_secret"
  /** A revocation is newer than the cache. Only the gate returns it. */
  | "invalidated"
  /** WebAssembly failed (a trap). The next call gets a new instance. Only `open` returns it. */
  | "runtime_failure";

/** Reasons why a request has no session, as far as its cookies show. */
export type UnauthenticatedReason =
  /** No session token has a name of this configuration, or of this request's scheme. */
  | "no_cookie"
  /** The source was a promise: `await headers()` was forgotten. */
  | "no_headers"
  /** The session token is not `value.signature`. */
  | "token_malformed"
  /** The Cookie header is longer than 128 KiB. */
  | "header_too_long"
  /** The token's signature does not verify under the secret. */
  | "token_bad_signature"
  /** Two different tokens have one name; or both `__Secure-` and plain names came and the scheme is unknown. */
  | "ambiguous_cookies"
  /** The request has a credential header (`credentialHeaders`): only the server can authenticate it. */
  | "credential_header"
  /** The origin returned no session. Only the gate returns it. */
  | "refused"
  /** WebAssembly failed (a trap), so the request was not checked. The next call gets a new instance. */
  | "runtime_failure";

/** A session that the cookies prove. */
export interface Authenticated<S = {}, U = {}> {
  status: "authenticated";
  session: Session & S;
  user: User & U;
  /** The encoding of the cache. */
  strategy: Strategy;
  /** The cache's version; "1" if it has none. */
  version: string;
  /** The time at which the cache was minted. */
  cachedAt: Date;
  /** The time after which the cache is not accepted. */
  cacheExpiresAt: Date;
  /** True if the sign-in is less than `freshAge` ago, or `freshAge` is 0. */
  fresh: boolean;
  /**
   * True if the origin would extend the session now: `expiresAt - expiresIn + updateAge` has passed, and the user chose to be
   * remembered. With `refreshCache`: less than its `updateAge` is left of the cache.
   */
  refreshDue: boolean;
  /**
   * False if the server's secret is not known (`jwks` alone): the cache is genuine and names this session token, but the
   * signature of the token was not verified. Absent otherwise.
   */
  tokenVerified?: false;
}

/** The result of verifying a request's cookies. `S` and `U` are the members that your plugins and fields add. */
export type Verdict<S = {}, U = {}> =
  | Authenticated<S, U>
  /** A valid session token whose cache is not accepted. `token` is the session token, without its signature. */
  | { status: "stale"; reason: StaleReason; token: string }
  /** No valid session token. */
  | { status: "unauthenticated"; reason: UnauthenticatedReason };

/** The result of opening one `session_data` value, without its token. The window has the tolerance of the server's own reader, 15 s for `jwe`. */
export type Opened<S = {}, U = {}> =
  | {
      ok: true;
      strategy: Strategy;
      version: string;
      session: Session & S;
      user: User & U;
      cachedAt: Date;
      cacheExpiresAt: Date;
    }
  | { ok: false; reason: StaleReason };

/** The contents of a value, unverified. Null if it has the shape of no strategy. */
export type Decoded = {
  /** The strategy whose shape the value has. */
  strategy: Strategy;
  /** The protected header of a token; null for `compact`. */
  header: object | null;
  /** The payload or claims, dates as text; null for `jwe`, which only the secret opens. */
  payload: object | null;
  /** `expiresAt` of a compact cache, `exp` of a jwt; null if it cannot be read. */
  cacheExpiresAt: Date | null;
} | null;
