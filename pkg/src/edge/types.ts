/** The gate's options and what it hands out. */
import type { Session, User, Verdict, VerifierOptions } from "../types.js";
import type { RevocationOptions } from "./feeds/index.js";

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

export interface GateOptions extends VerifierOptions {
  /** The Better Auth server: its URL, or a service binding. */
  origin: string | Fetcher;
  /** Where its API is. Default `/api/auth`. */
  basePath?: string;
  routes?: Routes;
  revocation?: RevocationOptions;
  /** Milliseconds that a question to the origin may take, its one retry included. Default 5000. */
  originTimeout?: number;
  /** Seconds past its window that a genuine cached session still counts while the origin is down. Default 0. */
  graceWhenOriginIsDown?: number;
  /** False leaves `get-session` to the origin: for servers whose plugins reshape its answer. Default true. */
  answerGetSession?: boolean;
  /** The visitor's address, sent on as `x-forwarded-for`. Default: `cf-connecting-ip` on Cloudflare, elsewhere nothing is changed. */
  clientAddress?(request: Request): string | null | undefined;
}

export interface Authentication<S = {}, U = {}> {
  verdict: Verdict<S, U>;
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
 * stale. Reading any member of it there makes the answer private to this visitor; elsewhere it is in any case.
 */
export interface Visitor<S = {}, U = {}> {
  /** What is known of the cookies, or what the origin said where it was asked. */
  readonly verdict: Verdict<S, U>;
  /** Null only on a public path. */
  readonly session: (Session & S) | null;
  /** Null only on a public path. */
  readonly user: (User & U) | null;
  /** The request with the visitor's identity sealed into it, for another server: see `openIdentity`. */
  seal(request: Request): Request;
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
  authenticate(request: Request, ctx?: Context): Promise<Authentication<S, U>>;
  /**
   * All of it: the auth API, the route rules, identity for `next`. Without `next` the origin answers. Rejects only
   * when `next` does. Needs no `this`.
   */
  fetch(request: Request, ctx?: Context, next?: Next<S, U>): Promise<Response>;
  /** As a Worker calls its handler: `export default { fetch: gate.fetch }`. */
  fetch(request: Request, env: unknown, ctx: Context): Promise<Response>;
  /** 401 without a session, 403 `SESSION_NOT_FRESH` with one that is not fresh, else null. */
  requireFresh(of: Authentication<S, U> | Verdict<S, U>): Response | null;
  /** Ends the belief in cached copies made until now. Needs `revocation`. */
  invalidate(what: Invalidation): Promise<void>;
}
