/**
 * How the session cache is encoded in its cookie: `session.cookieCache.strategy`.
 * `compact` is base64url JSON under HMAC-SHA-256; `jwt` a JWS with HS256 (RFC 7515); both can be read by whoever holds
 * the cookie. `jwe` is encrypted with A256CBC-HS512 (RFC 7516, RFC 7518 §5.2.5).
 */
export type Strategy = "compact" | "jwt" | "jwe";

/**
 * A session as Better Auth stores it. Members that plugins and `additionalFields` add are there as they were stored,
 * dates among them as ISO 8601 text: only the three below are made `Date`s.
 */
export interface Session {
  id: string;
  /** The session token, without its signature. Whoever has it, and the secret, has the session. */
  token: string;
  userId: string;
  /** When the session ends; the server's sliding expiry moves it on. */
  expiresAt: Date;
  /** When the person signed in: freshness is counted from here. */
  createdAt: Date;
  updatedAt: Date;
  ipAddress?: string | null;
  userAgent?: string | null;
}

/** A user as Better Auth stores it, as of `cachedAt`. Further members are there as they were stored. */
export interface User {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  createdAt: Date;
  updatedAt: Date;
  image?: string | null;
}

/**
 * The version of what the application keeps in the cache; a cache of another version is stale. A function is called with
 * the session and user of each cache that verifies; one that throws, or answers neither text nor a number, matches nothing.
 * The gate waits for one that is asynchronous; what cannot wait (`verify`, `open`, `gate.check`) says `version_mismatch`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the function says what its session and user have
export type CacheVersion = string | number | ((session: any, user: any) => string | number | Promise<string | number>);

/** The same object as in `betterAuth({ session })`. Durations are seconds, from 0 to 100 years; other members are passed over. */
export interface SessionOptions {
  /** Lifetime of a session. Default 604800, seven days. */
  expiresIn?: number;
  /** How old a session is before its expiry slides on; 0 means at every look. Default 86400, a day. */
  updateAge?: number;
  /** For how long after sign-in a session counts as fresh; 0 means always. Default 86400, a day. */
  freshAge?: number;
  cookieCache?: {
    /**
     * Accept the cache, as the server does with `enabled: true`; otherwise every genuine token is `stale`, `cache_absent`.
     * Default false; true with `strategy: "jwe"` and `refreshCache`, which a server without a database has by default.
     */
    enabled?: boolean;
    /** Lifetime of a cached copy. Default 300, five minutes; with `refreshCache` `expiresIn`, as on a server without a database. */
    maxAge?: number;
    /** Default "compact". A list accepts several during a migration; "base64-hmac" is an old name of compact. */
    strategy?: Strategy | "base64-hmac" | (Strategy | "base64-hmac")[];
    /** Default "1". A number means its decimal text here; Better Auth itself ignores numbers and mints "1". */
    version?: CacheVersion;
    /**
     * For servers without a database: the cache is due to be minted again when less than `updateAge` seconds of it are left.
     * True means a fifth of `maxAge`. Default false; not looked at in options that hold a `database` or `secondaryStorage`.
     */
    refreshCache?: boolean | { updateAge?: number };
  };
  /** Whatever else `betterAuth({ session })` is given. */
  [other: string]: unknown;
}

/** Attributes of a cookie that differ from Better Auth's own: `Path=/; HttpOnly; SameSite=Lax`, `Secure` under `__Secure-` names. */
export interface CookieAttributes {
  domain?: string;
  path?: string;
  sameSite?: "strict" | "lax" | "none" | "Strict" | "Lax" | "None";
  httpOnly?: boolean;
  secure?: boolean;
  partitioned?: boolean;
}

/** What `advanced.cookies` says of one cookie. */
export interface CookieOptions {
  name?: string;
  /** Only for cookies that the gate mints (`refreshCache`). */
  attributes?: CookieAttributes;
}

/**
 * What the server is configured with, as far as its cookies depend on it: the object given to `betterAuth` will do.
 * An option that cannot work throws a BetterSessionError at once, with one of the codes SECRET_MISSING, SECRET_EMPTY,
 * SECRETS_MALFORMED, SECRETS_DUPLICATE, SECRETS_TOO_MANY (more than 16), OPTION_INVALID or CONFIGURATION.
 */
export interface VerifierOptions {
  /** The server's `secret`. Needed, unless there are `secrets`; beside them it is the oldest one. */
  secret?: string;
  /** Secrets in rotation, the first is current; or the text of BETTER_AUTH_SECRETS, `"2:new,1:old"`. */
  secrets?: { version: number; value: string }[] | string;
  session?: SessionOptions;
  /** What the cookies' names depend on: `[__Secure-]` and `cookies.<key>.name` or `<cookiePrefix>.<key>`. */
  advanced?: {
    /** Default "better-auth". */
    cookiePrefix?: string;
    /** True: only `__Secure-` names. False: only plain ones. Unset: `baseURL` decides, then the request's scheme. */
    useSecureCookies?: boolean;
    /** Names of their own for `session_token`, `session_data` and `dont_remember`, and attributes for the first two. */
    cookies?: Record<string, CookieOptions>;
    /** Only for cookies that the gate mints (`refreshCache`): their `Domain`, by default the host of `baseURL`. */
    crossSubDomainCookies?: { enabled?: boolean; domain?: string };
    /** Only for cookies that the gate mints (`refreshCache`). */
    defaultCookieAttributes?: CookieAttributes;
    /** Whatever else `betterAuth({ advanced })` is given. */
    [other: string]: unknown;
  };
  /**
   * The server's own: `https://…` means `__Secure-` names. With neither this nor `useSecureCookies` the scheme of the
   * Request decides. Headers and text have no scheme: session tokens under both kinds of name are then
   * `ambiguous_cookies`, and one alone is accepted, so that whoever can plant a plain cookie can choose the session.
   */
  baseURL?: string | { allowedHosts: string[]; protocol?: "http" | "https" | "auto"; fallback?: string };
  /**
   * Headers that name a caller besides the cookies. A request with one is the server's to judge, never a cookie's:
   * `verify` says `credential_header`, the gate asks the origin. An `Authorization` of another scheme than Bearer does not
   * count; nor does a dotted bearer that no secret signed, unless this option is given. Default `authorization`, `x-api-key`.
   */
  credentialHeaders?: string[];
  /** Accept cookies that only an older secret verifies, instead of `stale_secret`. Default false. */
  acceptOldSecrets?: boolean;
}

/** Why a genuine session token's cache cannot answer: ask the origin. */
export type StaleReason =
  /** No cache cookie came with the token, or the cache is off: `cookieCache.enabled` is not true. */
  | "cache_absent"
  /** Not of its encoding's shape, chunks missing or misnumbered, or something inside that no server writes. */
  | "cache_malformed"
  /** The signature or authentication tag is not the secret's. */
  | "cache_bad_signature"
  /** The cache's own window (`maxAge`) has passed, or has not begun. */
  | "cache_expired"
  /** The session inside has ended. */
  | "session_expired"
  /** An encoding that is not configured. */
  | "strategy_mismatch"
  /** Minted under another `cookieCache.version`. */
  | "version_mismatch"
  /** The cache belongs to another session token. */
  | "token_mismatch"
  /** Two different caches under one name: the server's two parsers would read different ones. */
  | "ambiguous_cookies"
  /** Encrypted for a key (`kid`) that is none of ours. */
  | "unknown_key"
  /** Only an older secret verifies the token or its cache; `acceptOldSecrets` believes it. */
  | "stale_secret"
  /** Only of the gate: a revocation mark is newer than the cache. */
  | "invalidated";

/** Why a request has no session: the server would answer `null`. */
export type UnauthenticatedReason =
  /** No session token under the names of this configuration, or of this request's scheme. */
  | "no_cookie"
  /** The header is longer than 128 KiB and was not read. */
  | "header_too_long"
  /** Not `value.signature`. */
  | "token_malformed"
  /** The token's signature is not the secret's. */
  | "token_bad_signature"
  /** Two different tokens under one name; or tokens under both `__Secure-` and plain names, with nothing to choose by. */
  | "ambiguous_cookies"
  /** A credential header (`credentialHeaders`) came with the request: only the server can say whose it is. */
  | "credential_header"
  /** Only of the gate: the origin knows no such session. */
  | "refused";

/** A session that the cookies alone prove. */
export interface Authenticated<S = {}, U = {}> {
  status: "authenticated";
  session: Session & S;
  user: User & U;
  /** The encoding that it came in. */
  strategy: Strategy;
  /** The cache's version, "1" where it has none. */
  version: string;
  /** When the origin wrote this copy. */
  cachedAt: Date;
  /** When this copy stops answering. */
  cacheExpiresAt: Date;
  /** Signed in less than `freshAge` ago, or `freshAge` is 0. */
  fresh: boolean;
  /**
   * The origin would renew the session now: `expiresAt - expiresIn + updateAge` has passed, and the person asked to be
   * remembered. With `refreshCache`: less than its `updateAge` is left of the cache.
   */
  refreshDue: boolean;
}

/** What a request's cookies prove. `S` and `U` are the members that your plugins and fields add. */
export type Verdict<S = {}, U = {}> =
  | Authenticated<S, U>
  /** A genuine session token whose cache cannot answer. `token` is the session token, without its signature. */
  | { status: "stale"; reason: StaleReason; token: string }
  /** No genuine session token. */
  | { status: "unauthenticated"; reason: UnauthenticatedReason };

/** A verdict of the gate. A session that it looked up at the origin has no cache, and so none of the cache's members. */
export type GateVerdict<S = {}, U = {}> =
  | Exclude<Verdict<S, U>, { status: "authenticated" }>
  | (Omit<Authenticated<S, U>, CacheMember> & Partial<Pick<Authenticated<S, U>, CacheMember>>);

type CacheMember = "strategy" | "version" | "cachedAt" | "cacheExpiresAt";

/** What one `session_data` value proves, without its token. The window has the tolerance of the server's own reader, 15 s for `jwe`. */
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

/** What a value says of itself; it proves nothing. Null for a value of none of the three shapes. */
export type Decoded = {
  /** What it looks like. */
  strategy: Strategy;
  /** The protected header of a token; null for `compact`. */
  header: object | null;
  /** The payload or claims, dates as text; null for `jwe`, which only the secret opens. */
  payload: object | null;
  /** `expiresAt` of a compact cache, `exp` of a jwt; null where there is none to read. */
  cacheExpiresAt: Date | null;
} | null;

/** A request, its headers, or the value of its Cookie header. Only a Request has a scheme: see `baseURL`. */
export type CookieSource = Request | Headers | string;

/** How a `session_data` value is minted. */
export interface MintOptions {
  /** The time of minting. Default now. */
  at?: Date | number;
  /** Default: the first configured one. */
  strategy?: Strategy;
  /** Seconds until the copy expires. Default `cookieCache.maxAge`. */
  maxAge?: number;
}

/** Judges cookies under one configuration. Make one and keep it: its keys are derived when it is made. */
export interface SessionVerifier<S = {}, U = {}> {
  /**
   * The verdict on a request, synchronously and without I/O. Never throws for what a visitor sends: only a `version`
   * function sees it, and what that throws is `version_mismatch`.
   * `at` is the time to judge by, milliseconds or a Date; absent or no valid time means now.
   */
  verify(source: CookieSource, at?: Date | number): Verdict<S, U>;
  /**
   * Opens one bare `session_data` value, its chunks joined: signature, window, session expiry and version, not its token.
   * For tools and third parties; a request is judged by `verify`.
   */
  open(value: string, at?: Date | number): Opened<S, U>;
  /**
   * A `session_data` value that a Better Auth server with this configuration accepts, before percent-encoding and chunks.
   * Throws a BetterSessionError: MINT_INVALID for anything but two objects, CORE_FAILED when WebAssembly fails.
   */
  mint(data: { session: Session & S; user: User & U }, options?: MintOptions): string;
}
