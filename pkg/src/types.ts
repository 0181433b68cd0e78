/** The public types of the verifier: its options, which are the server's own, and its calls. */
import type { JsonWebKey } from "./platform.js";
import type { Opened, Session, Strategy, User, Verdict } from "./verdicts.js";

export type * from "./verdicts.js";

/**
 * The version of the application's data in the cache; a cache of another version is stale. A function is called with the
 * session and user of each cache that verifies; if it throws, or returns neither a string nor a number, no version matches.
 * The gate waits for an async function; the synchronous calls (`verify`, `open`, `gate.check`) return `version_mismatch`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the function declares the members of its session and user
export type CacheVersion = string | number | ((session: any, user: any) => string | number | Promise<string | number>);

/** The same object as in `betterAuth({ session })`. Durations are in seconds, from 0 to 100 years; unknown members are ignored. */
export interface SessionOptions {
  /** Lifetime of a session. Default 604800, seven days. */
  expiresIn?: number;
  /** Age at which the session's expiry is extended; 0 means on every request. Default 86400, a day. */
  updateAge?: number;
  /** Time after sign-in for which a session is fresh; 0 means always. Default 86400, a day. */
  freshAge?: number;
  cookieCache?: {
    /**
     * Accept the cache, as the server does with `enabled: true`; otherwise every valid token is `stale`, `cache_absent`.
     * Default false; true with `strategy: "jwe"` and `refreshCache`, which a server without a database has by default.
     */
    enabled?: boolean;
    /** Lifetime of a cache. Default 300, five minutes; with `refreshCache` it is `expiresIn`, as on a server without a database. */
    maxAge?: number;
    /** Default "compact". A list accepts several during a migration; "base64-hmac" is an old name of compact. */
    strategy?: Strategy | "base64-hmac" | (Strategy | "base64-hmac")[];
    /** Default "1". A number means its decimal text here; Better Auth itself ignores numbers and mints "1". */
    version?: CacheVersion;
    /**
     * For servers without a database: the cache is minted again when less than `updateAge` seconds of it are left. True means
     * a fifth of `maxAge`. Default false; ignored if the options have a `database` or `secondaryStorage`.
     */
    refreshCache?: boolean | { updateAge?: number };
  };
  /** Other members of `betterAuth({ session })`. */
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
  /** Seconds. Counts for the session cache only, as on the server. */
  maxAge?: number;
}

/** One cookie of `advanced.cookies`. */
export interface CookieOptions {
  name?: string;
  /** Only for cookies that the gate mints (`refreshCache`). */
  attributes?: CookieAttributes;
}

/**
 * The server's configuration, as far as its cookies depend on it: pass the object given to `betterAuth`.
 * An invalid option throws a BetterSessionError at once, with one of the codes SECRET_MISSING, SECRET_EMPTY, SECRET_DEFAULT,
 * SECRETS_MALFORMED, SECRETS_DUPLICATE, SECRETS_TOO_MANY (more than 16), ISSUER_MISSING, OPTION_INVALID or CONFIGURATION.
 */
export interface VerifierOptions {
  /** The server's `secret`. Required unless there are `secrets` or `jwks`; beside `secrets` it is the oldest one. */
  secret?: string;
  /** Secrets in rotation, the first is current; or the text of BETTER_AUTH_SECRETS, `"2:new,1:old"`. */
  secrets?: { version: number; value: string }[] | string;
  session?: SessionOptions;
  /** The cookies' names: `[__Secure-]` and `cookies.<key>.name` or `<cookiePrefix>.<key>`. */
  advanced?: {
    /** Default "better-auth". */
    cookiePrefix?: string;
    /** True: only `__Secure-` names. False: only plain ones. Unset: `baseURL` decides, then the request's scheme. */
    useSecureCookies?: boolean;
    /** Custom names for `session_token`, `session_data` and `dont_remember`, and attributes for the first two. */
    cookies?: Record<string, CookieOptions>;
    /** Only for cookies that the gate mints (`refreshCache`): their `Domain`, by default the host of `baseURL`. */
    crossSubDomainCookies?: { enabled?: boolean; domain?: string };
    /** Only for cookies that the gate mints (`refreshCache`). */
    defaultCookieAttributes?: CookieAttributes;
    /** Other members of `betterAuth({ advanced })`. */
    [other: string]: unknown;
  };
  /**
   * The prefix of the cookies' names: "none", "secure" (`__Secure-`) or "host" (`__Host-`). Outweighs `useSecureCookies` and the
   * scheme of `baseURL`. For servers that are configured so; Better Auth 1.7 itself has no `__Host-` names.
   */
  cookieSecurity?: "none" | "secure" | "host";
  /** The part of the cookies' names before the dot. Outweighs `advanced.cookiePrefix`. */
  cookieNamespace?: string;
  /**
   * The server's own `baseURL`: `https://…` means `__Secure-` names. With neither this nor `useSecureCookies` the scheme of
   * the Request decides. Headers and strings have no scheme: session tokens under both kinds of name are then
   * `ambiguous_cookies`, and one alone is accepted, so that an attacker who can set a plain cookie can choose the session.
   */
  baseURL?: string | { allowedHosts: string[]; protocol?: "http" | "https" | "auto"; fallback?: string };
  /**
   * Headers that identify a caller besides the cookies. A request with one is authenticated by the server, never by its
   * cookies: `verify` returns `credential_header`, the gate asks the origin. An `Authorization` header of another scheme than
   * Bearer does not count; nor does a bearer token with a dot that no secret signed, unless this option is given. Default
   * `authorization`, `x-api-key`.
   */
  credentialHeaders?: string[];
  /**
   * The key set of a server with `jwt({ sessionCookieCache: true })`: its URL, such as `https://example.com/api/auth/jwks`, or
   * the set itself. `jwt` caches are then verified with it by `verifyAsync` and the gate; `verify` and `open` return
   * `unknown_key` for them. It implies `cookieCache: { enabled: true, strategy: "jwt" }`. Without `secret` the signature of the
   * session token is not verified: see `tokenVerified`. A relative URL is resolved against `baseURL`, in a gate also `origin`.
   */
  jwks?: string | { keys: JsonWebKey[] };
  /** The accepted `iss` of such a cache, one or several origins. Default: the origin of `baseURL`, of the URL of `jwks`, or of `origin`. */
  issuer?: string | string[];
  /** The `aud` of such a cache. Default "better-auth:session-cache". */
  audience?: string;
  /** Accept cookies that only an older secret verifies, instead of returning `stale_secret`. Default false. */
  acceptOldSecrets?: boolean;
  /**
   * Remembers the last authenticated cookies, so that the same bytes are not authenticated again. Everything else is still checked for
   * each request: expiry, window, version, freshness, binding, revocation. The bounds are the number of sessions and the bytes of
   * their texts; `false` turns the memory off. Default `{ entries: 1000, bytes: 2000000 }`.
   */
  remember?: false | { entries?: number; bytes?: number };
}

/** The part of Node's `IncomingMessage` that is read: its headers are a plain object with names in lower case. */
export interface IncomingMessageLike {
  readonly headers: { readonly cookie?: string | undefined; readonly [name: string]: string | readonly string[] | undefined };
  /** The request target. It is chosen by the client and has no scheme. */
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  /** The target before a router shortened `url`, as Express and Connect keep it. */
  readonly originalUrl?: string | undefined;
}

/** A request, also Node's, its headers, or the value of its Cookie header. Only a Request has a scheme: see `baseURL`. */
export type CookieSource = Request | IncomingMessageLike | Headers | string;

/** Options of `mint`. */
export interface MintOptions {
  /** The time of minting. Default now. */
  at?: Date | number;
  /** Default: the first configured one. */
  strategy?: Strategy;
  /** Seconds until the cache expires. Default `cookieCache.maxAge`. */
  maxAge?: number;
}

/** Verifies cookies under one configuration. Create one and keep it: its keys are derived when it is created. */
export interface SessionVerifier<S = {}, U = {}> {
  /**
   * Verifies a request's cookies, synchronously and without I/O. Never throws for a visitor's input; if a `version` function
   * throws, the result is `version_mismatch`. `at` is the time of verification, milliseconds or a Date; if it is absent or
   * invalid, now.
   */
  verify(source: CookieSource, at?: Date | number): Verdict<S, U>;
  /**
   * Verifies like `verify`, with `jwks` and an async `version` function too. Fetches the key set at most every 10 seconds; a
   * set that cannot be fetched gives `unknown_key`. Never rejects.
   */
  verifyAsync(source: CookieSource, at?: Date | number): Promise<Verdict<S, U>>;
  /**
   * Opens one `session_data` value, its chunks joined: checks signature, window, session expiry and version, not the token.
   * For tools and third parties; use `verify` for a request.
   */
  open(value: string, at?: Date | number): Opened<S, U>;
  /**
   * Returns a `session_data` value that a Better Auth server with this configuration accepts, before percent-encoding and
   * chunking. Throws a BetterSessionError: MINT_INVALID unless both are objects, CORE_FAILED if WebAssembly fails.
   */
  mint(data: { session: Session & S; user: User & U }, options?: MintOptions): string;
}
