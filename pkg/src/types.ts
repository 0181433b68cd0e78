/** How the session cache is encoded in its cookie. */
export type Strategy = "compact" | "jwt" | "jwe";

/** A session as Better Auth stores it; plugins and `additionalFields` add members. */
export interface Session {
  id: string;
  token: string;
  userId: string;
  expiresAt: Date;
  createdAt: Date;
  updatedAt: Date;
  ipAddress?: string | null;
  userAgent?: string | null;
}

/** A user as Better Auth stores it; plugins and `additionalFields` add members. */
export interface User {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  createdAt: Date;
  updatedAt: Date;
  image?: string | null;
}

/** The version of what the application keeps in the cache; a cache of another version is stale. */
export type CacheVersion = string | number | ((session: any, user: any) => string | number);

/** The same object as in `betterAuth({ session })`. Times are seconds. */
export interface SessionOptions {
  /** Lifetime of a session. Default 604800, seven days. */
  expiresIn?: number;
  /** How old a session is before its expiry slides on. Default 86400, a day. */
  updateAge?: number;
  /** For how long after sign-in a session counts as fresh; 0 means always. Default 86400, a day. */
  freshAge?: number;
  cookieCache?: {
    enabled?: boolean;
    /** Lifetime of a cached copy. Default 300, five minutes. */
    maxAge?: number;
    /** Default "compact". A list accepts several during a migration; "base64-hmac" is an old name of compact. */
    strategy?: Strategy | "base64-hmac" | (Strategy | "base64-hmac")[];
    /** Default "1". A number means its decimal text here; Better Auth itself ignores numbers and mints "1". */
    version?: CacheVersion;
    /** For servers without a database: mint the cache again when less than `updateAge` seconds are left. */
    refreshCache?: boolean | { updateAge?: number };
  };
}

/** What the server is configured with, as far as its cookies depend on it. */
export interface VerifierOptions {
  /** The server's `secret`. Either this or `secrets`. */
  secret?: string;
  /** Secrets in rotation, the first is current; or the text of BETTER_AUTH_SECRETS, `"2:new,1:old"`. */
  secrets?: { version: number; value: string }[] | string;
  session?: SessionOptions;
  advanced?: {
    /** Default "better-auth". */
    cookiePrefix?: string;
    /** True: only `__Secure-` names. False: only plain ones. Unset: `baseURL` decides. */
    useSecureCookies?: boolean;
    cookies?: Record<string, { name?: string }>;
  };
  /** `https://…` means `__Secure-` names. With neither this nor `useSecureCookies` both are looked for. */
  baseURL?: string;
  /** Accept cookies that only an older secret verifies, instead of `stale_secret`. Default false. */
  acceptOldSecrets?: boolean;
}

/** Why a genuine session token's cache cannot answer: ask the origin. */
export type StaleReason =
  | "cache_absent"
  | "cache_malformed"
  | "cache_bad_signature"
  | "cache_expired"
  | "session_expired"
  | "strategy_mismatch"
  | "version_mismatch"
  | "token_mismatch"
  | "ambiguous_cookies"
  | "unknown_key"
  | "stale_secret"
  | "invalidated";

/** Why a request has no session. */
export type UnauthenticatedReason =
  | "no_cookie"
  | "token_malformed"
  | "token_bad_signature"
  | "ambiguous_cookies"
  /** Only of the gate: the origin knows no such session. */
  | "refused";

/** A session that the cookies alone prove. */
export interface Authenticated<S = {}, U = {}> {
  status: "authenticated";
  session: Session & S;
  user: User & U;
  strategy: Strategy;
  version: string;
  /** When the origin wrote this copy. */
  cachedAt: Date;
  /** When this copy stops answering. */
  cacheExpiresAt: Date;
  /** Signed in less than `freshAge` ago. */
  fresh: boolean;
  /**
   * The origin would renew the session now: `expiresAt - expiresIn + updateAge` has passed, and the person asked to be
   * remembered. With `refreshCache`: less than its `updateAge` is left of the cache.
   */
  refreshDue: boolean;
}

/** What a request's cookies prove. */
export type Verdict<S = {}, U = {}> =
  | Authenticated<S, U>
  | { status: "stale"; reason: StaleReason; token: string }
  | { status: "unauthenticated"; reason: UnauthenticatedReason };

/** What one `session_data` value proves, without its token. */
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

/** What a value says of itself; proves nothing. `payload` is null for jwe, the whole is null for no known shape. */
export type Decoded = {
  strategy: Strategy;
  header: object | null;
  payload: object | null;
  cacheExpiresAt: Date | null;
} | null;

/** A request, its headers, or the value of its Cookie header. */
export type CookieSource = Request | Headers | string;

export interface MintOptions {
  /** The time of minting. Default now. */
  at?: Date | number;
  /** Default: the first configured one. */
  strategy?: Strategy;
  /** Seconds until the copy expires. Default `cookieCache.maxAge`. */
  maxAge?: number;
}

export interface SessionVerifier<S = {}, U = {}> {
  /**
   * The verdict on a request, synchronously and without I/O. Never throws for what a visitor sends.
   * `at` is the time to judge by, milliseconds or a Date; absent or no valid time means now.
   */
  verify(source: CookieSource, at?: Date | number): Verdict<S, U>;
  /** Opens one bare `session_data` value: signature, window, session expiry and version, not its token. */
  open(value: string, at?: Date | number): Opened<S, U>;
  /** A `session_data` value that a Better Auth server with this configuration accepts. */
  mint(data: { session: Session & S; user: User & U }, options?: MintOptions): string;
}
