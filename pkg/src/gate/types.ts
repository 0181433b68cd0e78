/** The public types of the gate. */
import type { Authenticated, Session, User, Verdict, VerifierOptions } from "../types.js";
import type { OwnCacheOptions } from "../own-cache/own-cache.js";
import type { RevocationOptions } from "../revocation/index.js";
import type { GateCause, GateEvent } from "./events.js";

export type { GateCause, GateEvent };

/**
 * Returns true to let a visitor through. False is a 403 `FORBIDDEN`, and a response is sent as it is. An error that it throws is
 * logged and a 500.
 */
export type Predicate<S = {}, U = {}> = (visitor: Visitor<S, U>) => boolean | Response | Promise<boolean | Response>;

/** Rules by path. Every other path needs a session. `/x/*` is one segment, `/x/**` is `/x` and all below. */
export interface Routes<S = {}, U = {}> {
  /** No session needed. The app can read what the cookies prove; the origin is not asked. */
  public?: string[];
  /**
   * Whoever has a session is recognised, everybody else is let through as nobody. A stale session is looked up; if the origin
   * cannot be reached, the visitor is nobody with a `stale` verdict. Outweighs `public`.
   */
  optional?: string[];
  /** A session younger than `freshAge`, else 403 `SESSION_NOT_FRESH`. Outweighs `public` and `optional`. */
  fresh?: string[];
  /** The origin is asked even if the cookies prove a session. Outweighs `public` and `optional`. */
  authoritative?: string[];
  /**
   * Predicates by pattern, for example on a role. They are called after the other rules, every one whose pattern matches.
   * Outweighs `public`; on an `optional` path the visitor can be nobody.
   */
  when?: Record<string, Predicate<S, U>>;
  /** The page to which page loads without a session are redirected, with `callbackURL`. Default: they get a 401 too. */
  signInURL?: string;
}

export interface ForwardAuthOptions {
  /** The header with the visitor's method. */
  method: string;
  /** The header with the visitor's path and query; an absolute URL is accepted too. */
  uri: string;
  /**
   * Set to false for a proxy that accepts 2xx, 401 and 403 alone, as nginx does: a page without a session then gets a 401, a path with two
   * readings a 403. Default true.
   */
  redirect?: boolean;
}

/** The part of a Worker's `ctx` that the gate uses. Without a context, background work runs unattended. */
export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** An object that responds to requests: a service binding, a Durable Object stub, a test server. */
export interface Fetcher {
  fetch(request: Request): Promise<Response> | Response;
}

/** The second argument of a handler in Deno (`info`) and Bun (`server`): it has the address of the client. */
export type ConnectionInfo = { remoteAddr: object } | { requestIP(request: Request): { address: string } | null };

/** Which other origins may read the responses that the gate makes itself. The origin and the app answer for their own. */
export interface CorsOptions {
  /** Exact origins such as `https://app.example`, or a function. `"*"` needs `credentials: false`; `null` never matches. */
  origins: string[] | ((origin: string) => boolean);
  /** Allow cookies. Default true. */
  credentials?: boolean;
  /** Response headers that a page may read besides the safelisted ones. */
  exposeHeaders?: string[];
}

export interface GateOptions<S = {}, U = {}> extends VerifierOptions {
  /** The Better Auth server: its URL, or a service binding. */
  origin: string | Fetcher;
  /** The path of its API. Default `/api/auth`. Not used if `baseURL` has a path. */
  basePath?: string;
  routes?: Routes<S, U>;
  revocation?: RevocationOptions;
  /** Default: the exact http(s) origins among the server's `trustedOrigins`, with credentials. Patterns and functions there need this option. */
  cors?: CorsOptions;
  /**
   * A secret of the gate's own, for revocation and identities if the server's is unknown. Share it with the server's plugin
   * (`betterSession({ gateSecret })`) and `openIdentity`. Not used if there is a `secret`.
   */
  gateSecret?: string;
  /**
   * A cache cookie of the gate's own, for servers whose cookie cache is off or cannot be used: the origin's response to
   * `get-session`, encrypted and bound to the session token, is used for `maxAge` seconds (default 60). Sessions from it have the
   * source "origin". It is off by default.
   */
  cache?: OwnCacheOptions;
  /** Milliseconds that a lookup at the origin may take, including its one retry. Default 5000. */
  originTimeout?: number;
  /**
   * Seconds for which an authentic cached session is accepted after its window while the origin is down: the lookup failed,
   * and so did a request for `{basePath}/ok` without any of the visitor's headers. Default 0.
   */
  graceWhenOriginIsDown?: number;
  /**
   * Set to false for servers whose plugins change the response of `get-session`: the origin then responds to it. Default true,
   * until the origin's response has a `set-auth-jwt` header (the jwt plugin).
   */
  answerGetSession?: boolean;
  /**
   * Set to true if a proxy of yours is in front that sets or removes every header with the visitor's address, host and
   * protocol (`x-forwarded-for`, `-host`, `-proto`). `x-forwarded-proto` is then the request's scheme, which decides between
   * `__Secure-` and plain cookies if neither `baseURL` nor `useSecureCookies` is given. Default false: those headers are
   * removed.
   */
  trustProxy?: boolean;
  /**
   * Members that the gate's own `get-session` omits in addition to those that `plugins` hide; `{}` omits no others. Without
   * this option the gate learns from the origin's responses which members it shows, and asks the origin until it knows.
   */
  hiddenFields?: { session?: string[]; user?: string[] };
  /**
   * `list-sessions` shows handles in place of session tokens, which are credentials, and describes each session: `current`, `device`,
   * `browser`. `revoke-session` accepts them. The admin plugin's `list-user-sessions` and `revoke-user-session` likewise. Default false.
   */
  sessionHandles?: boolean;
  /**
   * The function of the server's customSession plugin, so that `get-session` can be answered here with the same shape. If it
   * throws, the origin responds. List hidden fields in `hiddenFields`.
   */
  customSession?(session: { session: Session; user: User }): unknown;
  /**
   * The pair of headers in which a proxy of yours reports the request that `forwardAuth` judges, such as `x-forwarded-method` and
   * `x-forwarded-uri`. Needs `trustProxy`.
   */
  forwardAuth?: ForwardAuthOptions;
  /** Receives every decision. A promise that it returns is passed to `ctx.waitUntil`; its errors are ignored. */
  onEvent?: (event: GateEvent) => void;
  /** Adds the reasons of decisions and `Server-Timing` to the responses, where visitors see them. Default false. */
  debug?: boolean;
  /** Returns the visitor's address, which is forwarded as `x-forwarded-for`. Default: `cf-connecting-ip` on Cloudflare, elsewhere the connection's. */
  clientAddress?(request: Request): string | null | undefined;
}

/** A session that the origin returned. No cache was read, so the members that describe one are null. */
export interface AuthenticatedByOrigin<S = {}, U = {}> extends Omit<
  Authenticated<S, U>,
  "strategy" | "version" | "cachedAt" | "cacheExpiresAt"
> {
  strategy: null;
  version: null;
  cachedAt: null;
  cacheExpiresAt: null;
}

/** A verdict on a request's cookies, or on the origin's response if it was asked. */
export type GateVerdict<S = {}, U = {}> = Verdict<S, U> | AuthenticatedByOrigin<S, U>;

export interface Authentication<S = {}, U = {}> {
  verdict: GateVerdict<S, U>;
  session: (Session & S) | null;
  user: (User & U) | null;
  /** The source of the session: `grace` is a cookie past its window while the origin is down. Null without a session. */
  source: "cookie" | "origin" | "grace" | null;
  /** The JSON with which the server's `get-session` responded; null if the origin was not asked for this request. */
  originSession: unknown;
  /** The cause for which the origin's response was unusable, or null. */
  cause: GateCause | null;
  /** `Set-Cookie` lines for the browser. `apply` adds them. */
  setCookies: string[];
  /** Returns the response with `setCookies`, private to this visitor and not stored by caches. */
  apply(response: Response): Response;
  /** Fires when the session ends: see `Visitor.signal`. Its checks stop when the request's own signal fires. */
  readonly signal: AbortSignal;
  /** Describes the session for `gate.checkConnection`; null without one. */
  readonly connection: Connection | null;
}

/**
 * A connection that stays open, as plain data that can be stored: a Durable Object that hibernates keeps it beside its
 * WebSocket. It contains the visitor's session token.
 */
export interface Connection {
  readonly url: string;
  readonly headers: [name: string, value: string][];
  readonly userId: string;
  readonly token: string;
  /** Times in milliseconds since the epoch: the session's expiry, and when it was last verified. */
  readonly expiresAt: number;
  readonly checked: number;
  /** How many revocations had arrived by then, in the index of one isolate. */
  readonly arrived: number;
  readonly index: string;
}

/**
 * The visitor, as `next` gets it. On a public path the origin is not asked: `session` is what the cookies alone prove, null
 * if they are stale. A response there is private to this visitor if the request has session cookies or any member was read,
 * unless `share` was called first; on other paths it is always private.
 */
export interface Visitor<S = {}, U = {}> {
  /** The verdict on the cookies, or on the origin's response if it was asked. */
  readonly verdict: GateVerdict<S, U>;
  /** Null only on a public or optional path, and for a CORS preflight on any path. */
  readonly session: (Session & S) | null;
  /** Null only on a public or optional path, and for a CORS preflight on any path. */
  readonly user: (User & U) | null;
  /**
   * The JSON with which the server's `get-session` responded, with what its plugins added (customSession), dates as text; null
   * if the origin was not asked for this request.
   */
  readonly originSession: unknown;
  /** The `Set-Cookie` lines of a renewal. The gate adds them to the response; a framework's own cookie store may need them. */
  readonly setCookies: readonly string[];
  /**
   * Fires when the session is revoked, expires or is signed out, within the bound of a revocation. From the time that it is
   * read the session is checked until the response has been sent. The origin is asked once for each revocation that concerns
   * the session, and at its expiry; a lapsed cache ends nothing. End the response yourself, or by `gate.guard`. Without a session
   * it never fires.
   */
  readonly signal: AbortSignal;
  /** Returns the request with the visitor's identity encrypted in a header, for another server: see `openIdentity`. */
  seal(request: Request): Request;
  /**
   * Declares, before `next` returns, that its response on a public path does not depend on the visitor: the app's
   * `cache-control` is kept although the request has session cookies. From then on the other members throw
   * `VISITOR_READ_LATE`. It has no effect once one of them was read, or on paths that need a session.
   */
  share(): void;
}

/**
 * The app behind the gate. `request` is the visitor's with the normalised path, the renewed cookies and without forged
 * identity headers: use this one, not the one that the gate was given. `fetch` rejects with whatever it throws.
 */
export type Next<S = {}, U = {}> = (request: Request, visitor: Visitor<S, U>) => Promise<Response> | Response;

/**
 * The sessions whose caches are revoked. Without a database give a token's `userId` if it is known; "all" is rejected
 * there: a new `cookieCache.version` signs everybody out.
 */
export type Invalidation = { token: string; userId?: string } | { userId: string; exceptToken?: string } | "all";

export interface SessionGate<S = {}, U = {}> {
  /** Returns the verdict on the cookies, synchronously and without I/O. A cache that `jwks` verifies is `unknown_key` here. */
  check(request: Request): Verdict<S, U>;
  /** Authenticates a request by its cookies and the revocation index, and by the origin if they are not enough. */
  authenticate(request: Request, ctx?: Context | ConnectionInfo): Promise<Authentication<S, U>>;
  /**
   * Handles a request: the auth API, the route rules, the visitor for `next`. Without `next` the origin responds. Rejects
   * only if `next` does. Needs no `this`.
   */
  fetch(request: Request, ctx?: Context, next?: Next<S, U>): Promise<Response>;
  /** The signature of handlers in Deno and Bun: `Deno.serve(gate.fetch)`. */
  fetch(request: Request, connection: ConnectionInfo, next?: Next<S, U>): Promise<Response>;
  /** The signature of a Worker's handler: `export default { fetch: gate.fetch }`. */
  fetch(request: Request, env: unknown, ctx: Context): Promise<Response>;
  /**
   * Answers the request of a proxy that asks before it forwards one of a visitor's: 200 with the identity in
   * `x-better-session-identity`, or the refusal. Calls of the auth API are let through. Needs the option `forwardAuth`.
   */
  forwardAuth(request: Request, ctx?: Context | ConnectionInfo): Promise<Response>;
  /** Returns a 401 without a session, a 403 `SESSION_NOT_FRESH` with one that is not fresh, otherwise null. */
  requireFresh(of: Authentication<S, U> | GateVerdict<S, U>): Response | null;
  /**
   * Ends the response when the visitor's session ends. Events end in an orderly way; any other body is aborted, so that a reader
   * notices that it is incomplete. In workerd a WebSocket is closed with code 4401.
   */
  guard(response: Response, visitor: Visitor<S, U> | Authentication<S, U>): Response;
  /**
   * Checks the session of a connection once, without a timer: the feed is read if that is due, and the origin is asked if the
   * session was revoked or has expired. Returns the connection to check the next time, or null if the session has ended.
   */
  checkConnection(connection: Connection, ctx?: Context): Promise<Connection | null>;
  /** Revokes the caches minted until now. Needs `revocation`. */
  invalidate(what: Invalidation): Promise<void>;
  /** Fetches the key set of `jwks` if it is absent or outdated, so that no visitor waits for it. Never rejects. */
  warm(ctx?: Context): Promise<void>;
}
