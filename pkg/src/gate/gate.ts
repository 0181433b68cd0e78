/** The gate: carries out the actions that gate.wasm decides. */
import { ownCacheDeletions } from "../own-cache/cookie.js";
import { assertSecret } from "../config.js";
import { BetterSessionError } from "../error.js";
import type { Verdict } from "../types.js";
import type { Action, AnswerAction, ForwardAction, NextAction } from "./action.js";
import { BODY_READ, isBodyLost } from "./body.js";
import { addsJwt, addsToken } from "./config.js";
import { barePreflight, corsOf, isPreflight, preflightResponse, type Cors } from "./cors.js";
import { IDENTIFY, INDEX_STALE, PREFLIGHT } from "../protocol/flags.js";
import { Connections } from "./connections.js";
import type { Decider, GateRequest } from "./decider.js";
import { IDENTITY_HEADER, appHeaders, hasCredentials, queryOf, redirected, siteOf } from "./forward.js";
import { guarded } from "./guard.js";
import { bounded } from "../verifier/input.js";
import { observerOf, type Observation, type Observer } from "./observer.js";
import { readText, type Origin } from "./origin.js";
import { UNAVAILABLE, errorResponse, isOwn, isPrefetch, privateResponse, sessionResponse, withSetCookies } from "./responses.js";
import { isStateless } from "../revocation/config.js";
import { bufferJson, copyOf } from "../revocation/request-body.js";
import type { HandledCall } from "../session-handles/call.js";
import type { RevocationHook } from "./revocation-hook.js";
import { MAX_LOOKUPS, SessionLookups, type Decision } from "./session-lookups.js";
import type { Authentication, Connection, Context, GateCause, GateOptions, GateVerdict, Invalidation, Next, Visitor } from "./types.js";
import { reshaped } from "./verdict.js";
import { LazyVisitor } from "./visitor.js";

const REFUSED: Verdict = { status: "unauthenticated", reason: "refused" };
const UNCHECKED = { status: 503, code: "GATE_UNAVAILABLE", message: "The session cannot be checked at the moment" };
const UNAUTHORIZED = { status: 401, code: "UNAUTHORIZED", message: "Unauthorized" };
const NOT_FRESH = { status: 403, code: "SESSION_NOT_FRESH", message: "Session is not fresh" };

export class Gate {
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #options: GateOptions;
  readonly #revocation: RevocationHook | undefined;
  readonly #lookups: SessionLookups;
  readonly #connections: Connections;
  /** The responses that `guard` returned. */
  readonly #guarded = new WeakSet<Response>();
  readonly #cors: Cors | null;
  readonly #addsJwt: boolean;
  readonly #addsToken: boolean;
  readonly #observer: Observer | null;
  /** The request of each authentication, for the responses of `requireFresh`. */
  readonly #requests = new WeakMap<object, Request>();

  constructor(options: GateOptions, decider: Decider, origin: Origin, revocation: RevocationHook | undefined) {
    this.#options = options;
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#cors = corsOf(options);
    this.#addsJwt = addsJwt(options);
    this.#addsToken = addsToken(options);
    if (options.sessionHandles) assertSecret(options, "sessionHandles encrypts tokens with a secret");
    this.#observer = observerOf(options, decider);
    this.#lookups = new SessionLookups(options, decider, origin, revocation);
    this.#connections = new Connections(options, decider, origin, revocation);
  }

  check(received: Request): Verdict {
    return this.#decider.check(this.#decider.describe(received));
  }

  /** Adds the CORS headers to a response that the gate made itself. */
  own(received: Request, response: Response): Response {
    return this.#cors ? this.#cors(received, response) : response;
  }

  /**
   * Handles a request. Rejects only if `next` does. With `allowAuth`, which makes a response, calls of the auth API that are let
   * through are not sent to the origin.
   */
  async fetch(received: Request, ctx: Context, next?: Next, allowAuth?: () => Response): Promise<Response> {
    let ofNext: { error: unknown } | undefined;
    const app: Next = async (request, visitor) => {
      try {
        const response = await next?.(request, visitor);
        if (typeof response?.status === "number") return response;
        throw new TypeError("better-session: next must return a Response");
      } catch (error) {
        ofNext = { error };
        throw error;
      }
    };
    const respond = async (seen?: Observation) => {
      try {
        if (!isPreflight(received)) return await this.#fetch(received, ctx, next && app, 0, allowAuth, seen);
        return preflightResponse(await this.#fetch(barePreflight(received, this.#options), ctx, next && app, PREFLIGHT, allowAuth, seen));
      } catch (error) {
        if (ofNext) throw ofNext.error;
        console.error("better-session: a request could not be checked", error);
        return this.#error(received, UNCHECKED);
      }
    };
    return this.#observer ? this.#observer.observe(received, ctx, respond) : respond();
  }

  async #fetch(
    received: Request,
    ctx: Context,
    next: Next | undefined,
    flags: number,
    allowAuth?: () => Response,
    seen?: Observation,
  ): Promise<Response> {
    const report = flags || allowAuth ? null : this.#revocation?.report(received);
    if (report) return this.own(received, await report);
    const mustWait = this.#revocation || this.#decider.mustWait;
    const request = mustWait ? await this.#describe(received, ctx) : this.#decider.describe(received);
    request.flags |= flags;
    const { action, setCookies } = await this.#decide(received, ctx, request, this.#decider.start(request), seen);
    const passed = action.do === "next" || action.do === "forward" ? action : null;
    const visitor = passed && (passed.when || next) ? this.#visitor(received, ctx, request, passed, setCookies) : null;
    if (visitor && passed?.when) {
      const refusal = await this.#decider.predicates.refusal(passed.when, visitor, received.method);
      if (refusal) {
        if (seen) seen.kind = "deny";
        request.cause = "predicate";
        return this.own(received, privateResponse(refusal, setCookies));
      }
    }
    if (allowAuth && (action.do === "answer" || action.do === "forward")) return allowAuth();
    switch (action.do) {
      case "answer":
        return this.#getSession(received, ctx, request, action, setCookies);
      case "forward":
        return this.#authCall(received, ctx, request, action, setCookies);
      case "next":
        return next
          ? this.#next(received, ctx, request, action, setCookies, visitor as LazyVisitor, next)
          : this.#passOn(received, ctx, request, action, setCookies);
      case "deny":
        // A redirect that a browser prefetches is followed later, when the visitor may have signed in.
        if (action.location && isPrefetch(received)) action.status = 401;
        return this.#error(received, action, setCookies);
    }
  }

  /** Returns the final action for a request, and notes what its event reports. */
  async #decide(received: Request, ctx: Context, request: GateRequest, first: Action, seen?: Observation): Promise<Decision> {
    const started = seen && performance.now();
    const decision = await this.#lookups.decide(received, ctx, request, first);
    if (seen) Object.assign(seen, { request, action: decision.action, lookup: first.do === "ask" ? performance.now() - started! : 0 });
    return decision;
  }

  /**
   * Answers `get-session` from the cookie, unless the server responds because it adds a JWT or a bearer token, renews the cookies, or
   * `customSession` fails. If it does not respond in time, the cookie does.
   */
  async #getSession(received: Request, ctx: Context, request: GateRequest, action: AnswerAction, setCookies: string[]): Promise<Response> {
    const { customSession } = this.#options;
    const answer = async (body: string) =>
      this.own(received, sessionResponse(customSession ? await reshaped(customSession, body) : body, setCookies));
    try {
      const addsHeader = this.#addsJwt || this.#origin.sendsJwt || (setCookies.length > 0 && (this.#addsToken || this.#origin.sendsToken));
      if (!addsHeader && !action.byOrigin) return await answer(action.rest);
    } catch {
      // The server's own function decides.
    }
    const path = `${this.#decider.basePath}/get-session`;
    const call = this.#authCall(received, ctx, request, { do: "forward", path, rest: "" }, []);
    const response = (await this.#origin.inTime(call)) ?? this.#error(received, UNAVAILABLE);
    if (!isOwn(response)) return response;
    const again = this.#decider.start(request); // a revocation can have arrived meanwhile
    return again.do === "answer" ? answer(again.rest).catch(() => response) : response;
  }

  #error(received: Request, error: Parameters<typeof errorResponse>[0], setCookies?: string[]): Response {
    // The middleware of Next.js reads `Location` as an absolute URL, and makes it relative again.
    const location = error.location && "nextUrl" in received ? new URL(error.location, received.url).href : error.location;
    return this.own(received, errorResponse({ ...error, location }, received.method, setCookies));
  }

  #unavailable(received: Request, request: GateRequest, cause: GateCause, setCookies?: string[]): Response {
    request.cause ??= cause;
    return this.#error(received, UNAVAILABLE, setCookies);
  }

  async authenticate(received: Request, ctx: Context): Promise<Authentication> {
    const authenticate = (seen?: Observation) => this.#authenticate(received, ctx, seen);
    return this.#observer ? this.#observer.observe(received, ctx, authenticate) : authenticate();
  }

  async #authenticate(received: Request, ctx: Context, seen?: Observation): Promise<Authentication> {
    if (seen) seen.kind = "authenticate";
    const request = await this.#describe(received, ctx);
    request.flags |= IDENTIFY;
    let first = this.#decider.start(request);
    // A path that is rejected has no route rules, but its sender can be authenticated all the same.
    if (first.do === "deny" && first.status === 400) first = this.#decider.start({ ...request, url: "/" });
    const { action, setCookies } = await this.#decide(received, ctx, request, first, seen);
    const source = (action.do === "next" && action.source) || null;
    const verdict: GateVerdict = action.rest ? this.#decider.parse(action) : REFUSED;
    const proven = source && verdict.status === "authenticated" ? verdict : null;
    const start = this.#lookups.start();
    const connection = () => proven && this.#connections.describe(received, request, proven, start);
    const connections = this.#connections;
    let signal: AbortSignal | undefined;
    const authentication: Authentication = {
      verdict,
      session: proven?.session ?? null,
      user: proven?.user ?? null,
      source: proven && source,
      originSession: proven && action.do === "next" && action.answer ? JSON.parse(action.answer) : null,
      cause: request.cause ?? null,
      setCookies,
      apply: (response) => {
        const ready = privateResponse(isOwn(response) ? this.own(received, response) : response, setCookies);
        return signal && !this.#guarded.has(response) ? guarded(ready, signal, true) : ready;
      },
      get connection() {
        return connection();
      },
      get signal() {
        return (signal ??= connections.signal(received, connection(), ctx));
      },
    };
    this.#requests.set(authentication, received);
    return authentication;
  }

  requireFresh(of: Authentication | GateVerdict): Response | null {
    const verdict = "verdict" in of ? of.verdict : of;
    if (verdict.status === "authenticated" && verdict.fresh) return null;
    const response = errorResponse(verdict.status === "authenticated" ? NOT_FRESH : UNAUTHORIZED, "GET");
    const received = this.#requests.get(of);
    return received ? this.own(received, response) : response;
  }

  guard(response: Response, { signal }: Pick<Visitor, "signal">): Response {
    const bound = guarded(response, signal);
    this.#guarded.add(bound);
    return bound;
  }

  checkConnection(connection: Connection, ctx: Context): Promise<Connection | null> {
    return this.#connections.check(connection, ctx);
  }

  async invalidate(what: Invalidation): Promise<void> {
    if (!this.#revocation) throw new BetterSessionError("REVOCATION_MISSING", "gate.invalidate needs the option `revocation: { feed }`");
    await this.#revocation.invalidate(what);
  }

  async #describe(received: Request, ctx: Context): Promise<GateRequest> {
    const request = await this.#decider.describeAsync(received);
    if (this.#revocation) {
      const ready = this.#revocation.ready(ctx, Date.now());
      if (!(typeof ready === "boolean" ? ready : await ready)) request.flags |= INDEX_STALE;
    }
    return request;
  }

  /** Forwards a call of the auth API and returns the response as it came; revocation observes both. */
  async #authCall(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, setCookies: string[]): Promise<Response> {
    if (isBodyLost(received)) return this.#error(received, BODY_READ, setCookies);
    const path = action.path.slice(this.#decider.basePath.length);
    const handled = await this.#handled(received, request, path);
    if (handled === null) return this.#unavailable(received, request, "caller_unknown", setCookies);
    received = handled?.request ?? received;
    const { cookie, hasCredential, hasOpaqueCredential } = request;
    const verdict = () => this.#decider.checkCookies(request);
    const observed = await this.#revocation?.observe({ request: received, path, cookie, hasCredential, hasOpaqueCredential, verdict }, ctx);
    if (observed?.request === null) return this.#unavailable(received, request, "caller_unknown");
    const forwarded = this.#forward(observed?.request ?? received, ctx, request, action, path).then(async (response) => {
      await observed?.settle(response);
      return response;
    });
    // A visitor who disconnects must not keep the revocation from being recorded.
    if (observed) ctx?.waitUntil?.(forwarded);
    const answer = await forwarded;
    if (!answer) return this.#unavailable(received, request, "origin_no_response", setCookies);
    const response = handled ? await handled.present(answer) : answer;
    if (!response) return this.#unavailable(received, request, "origin_unreadable", setCookies);
    this.#lookups.forgetMissing(response.headers.getSetCookie());
    if (path === "/get-session" && received.method === "GET") await this.#learnFields(request, response);
    // A call can end or change the session of which the gate's own cache has a copy.
    if (received.method !== "GET") setCookies = [...setCookies, ...ownCacheDeletions(received)];
    const depends = cookie !== "" || hasCredential || received.headers.has("authorization") || response.headers.has("set-cookie");
    return depends ? privateResponse(response, setCookies) : response;
  }

  /** Returns a call that has handles in place of session tokens; null if its caller cannot be looked up, undefined for other calls. */
  async #handled(received: Request, request: GateRequest, path: string): Promise<HandledCall | null | undefined> {
    if (!this.#options.sessionHandles || !/(list|revoke)-(user-)?sessions?\/*$/.test(path)) return undefined;
    const { handledCall } = await import("../session-handles/call.js");
    const [decider, origin] = [this.#decider, this.#origin];
    return handledCall({ received, request, path, decider, origin, isStateless: isStateless(this.#options), readText, bufferJson, copyOf });
  }

  /** Learns from a forwarded response which members of a session the server shows. */
  async #learnFields(request: GateRequest, response: Response): Promise<void> {
    if (!this.#decider.learnsFields || request.hasCredential || request.cookie === "" || response.status !== 200) return;
    const body = await readText(response.clone()).catch(() => "");
    this.#decider.learnFields(request, response.status, body, response.headers.getSetCookie());
  }

  /** Returns null if no response arrived, or if a revocation overtook it twice. */
  async #forward(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, path: string): Promise<Response | null> {
    const { cookie } = request;
    let extra: Record<string, string> = action.bare ? { cookie: this.#decider.withoutCache(cookie) } : {};
    const repeatable = received.method === "GET" && /^\/get-session\/*$/.test(path);
    for (let tries = 0; tries < MAX_LOOKUPS; tries += 1) {
      const start = this.#lookups.start();
      const response = await this.#origin.forward(received, action.path, extra).catch(() => null);
      const setCookies = response?.headers.getSetCookie() ?? [];
      if (!response || !this.#revocation || !this.#decider.setsCache(setCookies)) return response;
      const current = await this.#lookups.currentCookies(ctx, start, setCookies);
      if (!this.#decider.setsOvertaken(cookie, setCookies, start.arrived, start.at)) {
        return current === setCookies ? response : withSetCookies(response, current);
      }
      if (!repeatable) return withSetCookies(response, this.#decider.withoutNewCache(setCookies));
      await response.body?.cancel();
      if (!this.#lookups.mayPassCache(request)) break;
      extra = { cookie: this.#decider.withoutCache(cookie) };
    }
    request.cause = "overtaken";
    return null;
  }

  /**
   * Calls the app in this process. On a public path the response is private if the request has a session and the app has
   * not called `share`: the body may read the visitor while it streams, after the headers have left.
   */
  async #next(
    received: Request,
    ctx: Context,
    request: GateRequest,
    action: NextAction,
    setCookies: string[],
    visitor: LazyVisitor,
    next: Next,
  ): Promise<Response> {
    const { source, nobody } = action;
    const headers = appHeaders(received, this.#options);
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) headers.set("cookie", cookie);
    const start = this.#lookups.start();
    const answer = await next(redirected(received, siteOf(received.url) + action.path + queryOf(received.url), headers), visitor);
    if (isOwn(answer)) this.own(received, answer); // of requireFresh, or of an adapter
    const response = await this.#lookups.withoutOvertaken(ctx, request, start, answer);
    this.#lookups.forgetMissing(response.headers.getSetCookie());
    const mayDepend = nobody || visitor.isRead || setCookies.length > 0 || this.#hasSession(received, request);
    const depends = source || request.hasCredential || (mayDepend && !(visitor.isShared && setCookies.length === 0));
    const ready = depends ? privateResponse(response, setCookies) : response;
    return visitor.opened && !this.#guarded.has(answer) ? guarded(ready, visitor.opened, true) : ready;
  }

  /** Returns the visitor of a request that is let through. On a public path the cookies are checked when it is first read. */
  #visitor(
    received: Request,
    ctx: Context,
    request: GateRequest,
    action: NextAction | ForwardAction,
    setCookies: readonly string[],
  ): LazyVisitor {
    const { source, rest } = action;
    const isPublic = !source && !("nobody" in action);
    const read = () => (isPublic ? this.#decider.check(request) : rest ? this.#decider.parse(action) : REFUSED);
    const start = this.#lookups.start();
    const open = (verdict: GateVerdict) =>
      this.#connections.signal(received, this.#connections.describe(received, request, verdict, start), ctx);
    const encrypt = (method: string, path: string, cookie: string) =>
      this.#decider.encryptIdentity(request, source ? rest : JSON.stringify(read()), method, path, bounded(cookie));
    return new LazyVisitor(read, encrypt, !source, setCookies, action.answer, open);
  }

  /** Returns whether a request carries session cookies, valid or not, or another credential. */
  #hasSession(received: Request, request: GateRequest): boolean {
    return (
      (request.cookie !== "" && this.#decider.sessionCookies(received.headers.get("cookie") ?? "") !== "") ||
      hasCredentials(received, this.#options)
    );
  }

  /** Forwards a request to the app behind the origin, with the visitor's identity encrypted. */
  async #passOn(received: Request, ctx: Context, request: GateRequest, action: NextAction, setCookies: string[]): Promise<Response> {
    if (isBodyLost(received)) return this.#error(received, BODY_READ, setCookies);
    const extra: Record<string, string> = {};
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) extra.cookie = cookie;
    if (action.source) {
      extra[IDENTITY_HEADER] = this.#decider.encryptIdentity(request, action.rest, received.method, action.path, cookie ?? request.cookie);
    }
    try {
      const start = this.#lookups.start();
      const response = await this.#lookups.withoutOvertaken(ctx, request, start, await this.#origin.forward(received, action.path, extra));
      this.#lookups.forgetMissing(response.headers.getSetCookie());
      return action.source || action.nobody || request.hasCredential ? privateResponse(response, setCookies) : response;
    } catch {
      return this.#unavailable(received, request, "origin_no_response", setCookies);
    }
  }

  /**
   * Returns the `Cookie` header to send on, with the origin's new cookies in place of the old cache, or undefined to keep
   * the one that came. On a public path no lookup was made: with revocation the app does not get a revoked cache.
   */
  #cookieFor(request: GateRequest, { source }: NextAction, setCookies: string[]): string | undefined {
    if (request.hasCredential) {
      // The cache may be another person's than the credential, and it was not checked for revocations.
      const keep = request.cookie === "" || (!source && !this.#revocation);
      return keep ? undefined : this.#decider.withoutCache(request.cookie);
    }
    if (source === "origin" || setCookies.length > 0) return this.#decider.cookieAfter(request.cookie, setCookies);
    if (source || !this.#revocation || request.cookie === "") return undefined;
    return this.#decider.isInvalidated(request) ? this.#decider.withoutCache(request.cookie) : undefined;
  }
}
