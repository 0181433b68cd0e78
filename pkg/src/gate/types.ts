/** The gate's options and what it hands out. */
import type { GateVerdict, Session, User, Verdict, VerifierOptions } from "../types.js";
import type { RevocationOptions } from "../revocation/index.js";

/** Paths by what they need. Everything else needs a session. `/x/*` is one segment, `/x/**` is `/x` and all below. */
export interface Routes {
  /** No session needed; the cookie's own word is there for whoever reads it, the origin is not asked. */
  public?: string[];
  /** A session younger than `freshAge`, else 403 `SESSION_NOT_FRESH`. Outweighs `public`. */
  fresh?: string[];
  /** The origin is asked whatever the cookie says. Outweighs `public`. */
  authoritative?: string[];
  /** Where a page without a session is sent, with `callbackURL`. Default: 401 for pages as well. */
  signInURL?: string;
}

/** What the gate needs of the platform's context: a Worker's `ctx`. Without one, background work just runs on. */
export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** Something that answers requests: a service binding, a Durable Object stub, a test's server. */
export interface Fetcher {
  fetch(request: Request): Promise<Response> | Response;
}

/** The second argument of a handler in Deno (`info`) and Bun (`server`): it knows the address that a request came from. */
export type ConnectionInfo = { remoteAddr: object } | { requestIP(request: Request): { address: string } | null };

export interface GateOptions extends VerifierOptions {
  /** The Better Auth server: its URL, or a service binding. */
  origin: string | Fetcher;
  /** Where its API is. Default `/api/auth`. */
  basePath?: string;
  routes?: Routes;
  revocation?: RevocationOptions;
  /** Milliseconds that a question to the origin may take, its one retry included. Default 5000. */
  originTimeout?: number;
  /**
   * Seconds past its window that a genuine cached session still counts while the origin is down: the lookup failed, and
   * so did a request for `{basePath}/ok` that carries nothing of the visitor's. Default 0.
   */
  graceWhenOriginIsDown?: number;
  /** False leaves `get-session` to the origin: for servers whose plugins reshape its answer. Default true. */
  answerGetSession?: boolean;
  /**
   * True where a proxy of yours is in front and sets or removes every header that names the visitor's address, host and
   * protocol (`x-forwarded-for`, `-host`, `-proto`). Default false: those headers are removed. `x-forwarded-proto` is then
   * the request's scheme, which decides between `__Secure-` and plain cookies where neither `baseURL` nor
   * `useSecureCookies` is given.
   */
  trustProxy?: boolean;
  /**
   * Members that the gate's own `get-session` leaves out besides those that `plugins` hide. `{}`: none. Without this
   * option the gate learns from the origin's answers which members it shows, and asks until it knows.
   */
  hiddenFields?: { session?: string[]; user?: string[] };
  /** The visitor's address, sent on as `x-forwarded-for`. Default: `cf-connecting-ip` on Cloudflare, elsewhere the connection's. */
  clientAddress?(request: Request): string | null | undefined;
}

export interface Authentication<S = {}, U = {}> {
  verdict: GateVerdict<S, U>;
  session: (Session & S) | null;
  user: (User & U) | null;
  /** Who vouches for the session; null without one. */
  source: "cookie" | "origin" | "grace" | null;
  /** To be sent to the browser. `apply` does it. */
  setCookies: string[];
  /** The response with `setCookies`, private to this visitor and not stored. */
  apply(response: Response): Response;
}

/**
 * What `next` is told. On a public path nobody has asked: `session` is what the cookie alone proves, null when it is
 * stale. An answer there is private to this visitor if the request has session cookies or any member was read, unless
 * `share` was called first; on other paths it is private in any case.
 */
export interface Visitor<S = {}, U = {}> {
  /** What is known of the cookies, or what the origin said where it was asked. */
  readonly verdict: GateVerdict<S, U>;
  /** Null only on a public path. */
  readonly session: (Session & S) | null;
  /** Null only on a public path. */
  readonly user: (User & U) | null;
  /** The request with the visitor's identity sealed into it, for another server: see `openIdentity`. */
  seal(request: Request): Request;
  /**
   * Declares, before `next` returns, that its answer on a public path does not depend on the visitor: what the app says of
   * caching stands even though the request has session cookies. From then on the other members throw
   * `VISITOR_READ_LATE`. No effect once one of them was read, and on paths that need a session.
   */
  share(): void;
}

/**
 * The app behind the gate. `request` is the visitor's with the one normalised path, the renewed cookies and without
 * identity headers from outside; hand on this one, not the one the gate was given. What it throws, `fetch` throws.
 */
export type Next<S = {}, U = {}> = (request: Request, visitor: Visitor<S, U>) => Promise<Response> | Response;

/**
 * Whose copies are no longer believed. Without a database give a token's `userId` where it is known, and "all" is
 * rejected: `cookieCache.version` signs everybody out.
 */
export type Invalidation = { token: string; userId?: string } | { userId: string; exceptToken?: string } | "all";

export interface SessionGate<S = {}, U = {}> {
  /** What the cookies prove, synchronously and without I/O. */
  check(request: Request): Verdict<S, U>;
  /** Whose request it is: cookies and marks, the origin when they cannot say. */
  authenticate(request: Request, ctx?: Context | ConnectionInfo): Promise<Authentication<S, U>>;
  /**
   * All of it: the auth API, the route rules, identity for `next`. Without `next` the origin answers. Rejects only
   * when `next` does. Needs no `this`.
   */
  fetch(request: Request, ctx?: Context, next?: Next<S, U>): Promise<Response>;
  /** As Deno and Bun call their handlers: `Deno.serve(gate.fetch)`. */
  fetch(request: Request, connection: ConnectionInfo, next?: Next<S, U>): Promise<Response>;
  /** As a Worker calls its handler: `export default { fetch: gate.fetch }`. */
  fetch(request: Request, env: unknown, ctx: Context): Promise<Response>;
  /** 401 without a session, 403 `SESSION_NOT_FRESH` with one that is not fresh, else null. */
  requireFresh(of: Authentication<S, U> | Verdict<S, U>): Response | null;
  /** Ends the belief in cached copies made until now. Needs `revocation`. */
  invalidate(what: Invalidation): Promise<void>;
}
