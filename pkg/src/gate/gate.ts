/** The gate: carries out the actions that gate.wasm decides. */
import { assertSecret } from "../config.js";
import { BetterSessionError } from "../error.js";
import type { Verdict } from "../types.js";
import type { Action } from "./action.js";
import { AppCalls } from "./app-calls.js";
import { AuthCalls } from "./auth-calls.js";
import { barePreflight, isPreflight, preflightResponse } from "./cors.js";
import { IDENTIFY, INDEX_STALE, PREFLIGHT } from "../protocol/flags.js";
import { Connections } from "./connections.js";
import type { Decider } from "./decider.js";
import { guardedForApp, observed } from "./guard.js";
import { observerOf, type Observation, type Observer } from "./observer.js";
import type { Origin } from "./origin.js";
import type { GateParts } from "./parts.js";
import type { GateRequest } from "./request.js";
import { Responder } from "./responder.js";
import { GATE_UNAVAILABLE, REFUSED, errorResponse, isOwn, isPrefetch, privateResponse } from "./responses.js";
import type { RevocationHook } from "./revocation-hook.js";
import { SessionLookups, type Decision } from "./session-lookups.js";
import type { Authentication, Connection, Context, GateOptions, GateVerdict, Invalidation, Next, Visitor } from "./types.js";
import type { LazyVisitor } from "./visitor.js";

const UNAUTHORIZED = { status: 401, code: "UNAUTHORIZED", message: "Unauthorized" };
const NOT_FRESH = { status: 403, code: "SESSION_NOT_FRESH", message: "Session is not fresh" };

export class Gate {
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #options: GateOptions;
  readonly #revocation: RevocationHook | undefined;
  readonly #lookups: SessionLookups;
  readonly #connections: Connections;
  readonly #responder: Responder;
  readonly #authCalls: AuthCalls;
  readonly #appCalls: AppCalls;
  readonly #observer: Observer | null;
  /** The request of each authentication, for the responses of `requireFresh`. */
  readonly #requests = new WeakMap<object, Request>();

  constructor(options: GateOptions, decider: Decider, origin: Origin, revocation: RevocationHook | undefined) {
    this.#options = options;
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#responder = new Responder(options);
    if (options.sessionHandles) assertSecret(options, "sessionHandles encrypts tokens with a secret");
    this.#observer = observerOf(options, decider);
    this.#lookups = new SessionLookups(options, decider, origin, revocation);
    this.#connections = new Connections(options, decider, origin, revocation);
    const [lookups, connections, responder] = [this.#lookups, this.#connections, this.#responder];
    const parts: GateParts = { options, decider, origin, revocation, lookups, connections, responder };
    this.#authCalls = new AuthCalls(parts);
    this.#appCalls = new AppCalls(parts);
  }

  check(received: Request): Verdict {
    return this.#decider.check(this.#decider.describe(received));
  }

  /** Adds the CORS headers to a response that the gate made itself. */
  own(received: Request, response: Response): Response {
    return this.#responder.own(received, response);
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
        return this.#responder.error(received, GATE_UNAVAILABLE);
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
    if (report) return this.#responder.own(received, await report);
    const mustWait = this.#revocation || this.#decider.mustWait;
    const request = mustWait ? await this.#describe(received, ctx) : this.#decider.describe(received);
    request.flags |= flags;
    const { action, setCookies } = await this.#decide(received, ctx, request, this.#decider.start(request), seen);
    const passed = action.do === "next" || action.do === "forward" ? action : null;
    const visitor = passed && (passed.when || next) ? this.#appCalls.visitor(received, ctx, request, passed, setCookies) : null;
    if (visitor && passed?.when) {
      const refusal = await this.#decider.predicates.refusal(passed.when, visitor, received.method);
      if (refusal) {
        if (seen) seen.kind = "deny";
        request.cause = "predicate";
        return this.#responder.own(received, privateResponse(refusal, setCookies));
      }
    }
    if (allowAuth && (action.do === "answer" || action.do === "forward")) return allowAuth();
    switch (action.do) {
      case "answer":
        return this.#authCalls.getSession(received, ctx, request, action, setCookies);
      case "forward":
        return this.#authCalls.call(received, ctx, request, action, setCookies);
      case "next":
        return next
          ? this.#appCalls.next(received, ctx, request, action, setCookies, visitor as LazyVisitor, next)
          : this.#appCalls.passOn(received, ctx, request, action, setCookies);
      case "deny":
        // A redirect that a browser prefetches is followed later, when the visitor may have signed in.
        if (action.location && isPrefetch(received)) action.status = 401;
        return this.#responder.error(received, action, setCookies);
    }
  }

  /** Returns the final action for a request, and notes what its event reports. */
  async #decide(received: Request, ctx: Context, request: GateRequest, first: Action, seen?: Observation): Promise<Decision> {
    const started = seen && performance.now();
    const decision = await this.#lookups.decide(received, ctx, request, first);
    if (seen) Object.assign(seen, { request, action: decision.action, lookup: first.do === "ask" ? performance.now() - started! : 0 });
    return decision;
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
    if (first.do === "deny" && first.status === 400) {
      // A path that is rejected has no route rules, but its sender can be authenticated all the same.
      request.url = "/";
      first = this.#decider.start(request);
    }
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
        const ready = privateResponse(isOwn(response) ? this.#responder.own(received, response) : response, setCookies);
        return signal ? observed(response, ready, signal) : ready;
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
    return received ? this.#responder.own(received, response) : response;
  }

  guard(response: Response, { signal }: Pick<Visitor, "signal">): Response {
    return guardedForApp(response, signal);
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
}
