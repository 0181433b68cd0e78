/** The gate: carries out the actions that gate.wasm decides. */
import { BetterSessionError } from "../error.js";
import { clockSkewOf } from "../revocation/config.js";
import type { Verdict } from "../types.js";
import type { Action, AskAction, FinalAction, ForwardAction, NextAction } from "./action.js";
import { Decider, IDENTIFY, INDEX_STALE, ORIGIN_DOWN, ORIGIN_UP, type GateRequest } from "./decider.js";
import { IDENTITY_HEADER, appHeaders, hasCredentials, queryOf, redirected, siteOf } from "./forward.js";
import { MissingSessions } from "./missing-sessions.js";
import { readText, type Origin, type OriginResponse } from "./origin.js";
import { errorResponse, privateResponse, sessionResponse, withSetCookies } from "./responses.js";
import type { RevocationHook } from "./revocation-hook.js";
import type { Authentication, Context, GateOptions, GateVerdict, Invalidation, Next } from "./types.js";
import { readGateVerdict } from "./verdict.js";
import { LazyVisitor } from "./visitor.js";

const REFUSED: Verdict = { status: "unauthenticated", reason: "refused" };
const NO_COOKIES: string[] = [];
const UNAUTHORIZED = { status: 401, code: "UNAUTHORIZED", message: "Unauthorized" };
const NOT_FRESH = { status: 403, code: "SESSION_NOT_FRESH", message: "Session is not fresh" };
const UNAVAILABLE = { status: 503, code: "ORIGIN_UNAVAILABLE", message: "The server cannot be reached at the moment" };

/** A lookup that a revocation overtakes is made once more. */
const MAX_LOOKUPS = 2;

/** When a lookup began, and how many revocations had arrived by then. */
interface LookupStart {
  at: number;
  arrived: number;
}

/** The final action for a request, and the cookies that the lookups before it brought. */
interface Decision {
  action: FinalAction;
  setCookies: string[];
}

export class Gate {
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #options: GateOptions;
  readonly #revocation: RevocationHook | undefined;
  readonly #missing = new MissingSessions();

  constructor(options: GateOptions, decider: Decider, origin: Origin, revocation: RevocationHook | undefined) {
    this.#options = options;
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
  }

  check(received: Request): Verdict {
    return this.#decider.check(this.#decider.describe(received));
  }

  async fetch(received: Request, ctx: Context, next?: Next): Promise<Response> {
    const report = this.#revocation?.report(received);
    if (report) return report;
    const mustWait = this.#revocation || this.#decider.hasVersionFunction;
    const request = mustWait ? await this.#describe(received, ctx) : this.#decider.describe(received);
    const { action, setCookies } = await this.#decide(received, ctx, request, this.#decider.start(request));
    switch (action.do) {
      case "answer":
        return sessionResponse(action.rest, setCookies);
      case "forward":
        return this.#authCall(received, ctx, request, action, setCookies);
      case "next":
        return next ? this.#next(received, request, action, setCookies, next) : this.#passOn(received, request, action, setCookies);
      case "deny":
        return errorResponse(action, received.method, setCookies);
    }
  }

  async authenticate(received: Request, ctx: Context): Promise<Authentication> {
    const request = await this.#describe(received, ctx);
    request.flags |= IDENTIFY;
    let first = this.#decider.start(request);
    // A path that is rejected has no route rules, but its sender can be authenticated all the same.
    if (first.do === "deny" && first.status === 400) first = this.#decider.start({ ...request, url: "/" });
    const { action, setCookies } = await this.#decide(received, ctx, request, first);
    const source = (action.do === "next" && action.source) || null;
    const verdict: GateVerdict = action.rest ? readGateVerdict(action.rest, source) : REFUSED;
    const proven = source && verdict.status === "authenticated" ? verdict : null;
    return {
      verdict,
      session: proven?.session ?? null,
      user: proven?.user ?? null,
      source: proven && source,
      setCookies,
      apply: (response) => privateResponse(response, setCookies),
    };
  }

  requireFresh(of: Authentication | GateVerdict): Response | null {
    const verdict = "verdict" in of ? of.verdict : of;
    if (verdict.status !== "authenticated") return errorResponse(UNAUTHORIZED, "GET");
    return verdict.fresh ? null : errorResponse(NOT_FRESH, "GET");
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

  /**
   * Returns the final action, after a lookup if one is needed. A response that a revocation overtook is not accepted: the
   * lookup is repeated once, then the gate responds as if the origin were unavailable.
   */
  #decide(received: Request, ctx: Context, request: GateRequest, first: Action): Decision | Promise<Decision> {
    if (first.do === "ask") return this.#askOrigin(received, ctx, request, first);
    const due = (first.do === "answer" || first.do === "next") && first.due;
    return { action: final(first), setCookies: due ? this.#decider.remint(request) : NO_COOKIES };
  }

  async #askOrigin(received: Request, ctx: Context, request: GateRequest, first: AskAction): Promise<Decision> {
    const token = request.hasCredential ? "" : tokenOf(this.#decider.check(request));
    if (token && this.#missing.has(token)) return { action: final(this.#decider.resume(request, 200, "null", "")), setCookies: NO_COOKIES };
    let lookup = first;
    for (let tries = 0; tries < MAX_LOOKUPS; tries += 1) {
      const start = this.#startLookup();
      const decision = await this.#lookUp(received, request, lookup, token);
      await this.#revocation?.observeLookup(request.cookie, decision.setCookies, ctx);
      const setCookies = await this.#currentCookies(ctx, start, decision.setCookies);
      if (!this.#revocation || !this.#decider.isOvertaken(decision.action.rest, start.arrived, start.at)) return { ...decision, setCookies };
      if (!lookup.path.includes("?")) lookup = { ...lookup, path: `${lookup.path}?disableCookieCache=true` };
    }
    return { action: final(this.#decider.resume(request, 0, "", "")), setCookies: NO_COOKIES };
  }

  /** Looks the session up, and with `deferSessionRefresh` sends a second request to refresh it. */
  async #lookUp(received: Request, request: GateRequest, lookup: AskAction, token: string): Promise<Decision> {
    const response = await this.#origin.ask(received, lookup.path, false);
    this.#forgetMissing(response.setCookies);
    if (token && response.status === 200 && response.body.trim() === "null") this.#missing.add(token);
    const action = await this.#resume(received, request, response, "");
    this.#decider.learnFields(request, response.status, response.body, response.setCookies);
    if (action.do !== "ask") return { action: final(action), setCookies: isAccepted(action) ? response.setCookies : NO_COOKIES };
    const refreshed = await this.#origin.ask(received, action.path, true);
    const last = final(await this.#resume(received, request, refreshed, response.body));
    if (!isAccepted(last)) return { action: last, setCookies: NO_COOKIES };
    // A visitor whom the second response signs out must not keep the cache that the first one set.
    if (last.do === "deny" && last.status !== 403) return { action: last, setCookies: refreshed.setCookies };
    const accepted = this.#decider.acceptsRefresh(request, refreshed.status, refreshed.body);
    return { action: last, setCookies: accepted ? [...response.setCookies, ...refreshed.setCookies] : response.setCookies };
  }

  #startLookup(): LookupStart {
    return { at: Date.now(), arrived: this.#revocation?.arrived() ?? 0 };
  }

  /**
   * Returns the cookies of a response that may be passed on. If the response took longer than the clock skew, its cache can
   * be older than a revocation that has not arrived here yet, so the feed is read first.
   */
  async #currentCookies(ctx: Context, start: LookupStart, setCookies: string[]): Promise<string[]> {
    const slow = this.#revocation && setCookies.length > 0 && Date.now() - start.at > clockSkewOf(this.#options);
    if (!slow || !this.#decider.setsCache(setCookies) || (await this.#revocation?.refresh(ctx))) return setCookies;
    return this.#decider.withoutNewCache(setCookies);
  }

  /** Removes a token that a response sets from the missing sessions. */
  #forgetMissing(setCookies: string[]): void {
    if (this.#missing.size > 0 && setCookies.length > 0) this.#missing.delete(this.#decider.tokenSetBy(setCookies));
  }

  /** Continues after a lookup. Before it grants grace, the gate checks whether the origin is down for every request or only for this one. */
  async #resume(received: Request, request: GateRequest, { status, body }: OriginResponse, earlier: string): Promise<Action> {
    const action = this.#decider.resume(request, status, body, earlier);
    if (action.do !== "probe") return action;
    request.flags |= (await this.#origin.isUp(action.path)) ? ORIGIN_UP : ORIGIN_DOWN;
    return this.#decider.resume(request, status, body, earlier);
  }

  /** Forwards a call of the auth API and returns the response as it came; revocation observes both. */
  async #authCall(received: Request, ctx: Context, request: GateRequest, action: ForwardAction, setCookies: string[]): Promise<Response> {
    const path = action.path.slice(this.#decider.basePath.length);
    const { cookie, hasCredential, hasOpaqueCredential } = request;
    const verdict = () => this.#decider.checkCookies(request);
    const observed = await this.#revocation?.observe({ request: received, path, cookie, hasCredential, hasOpaqueCredential, verdict }, ctx);
    if (observed?.request === null) return errorResponse(UNAVAILABLE, received.method);
    const forwarded = this.#forward(observed?.request ?? received, ctx, request, action, path).then(async (response) => {
      await observed?.settle(response);
      return response;
    });
    // A visitor who disconnects must not keep the revocation from being recorded.
    if (observed) ctx?.waitUntil?.(forwarded);
    const response = await forwarded;
    if (!response) return errorResponse(UNAVAILABLE, received.method, setCookies);
    this.#forgetMissing(response.headers.getSetCookie());
    if (path === "/get-session" && received.method === "GET") await this.#learnFields(request, response);
    const depends = cookie !== "" || hasCredential || received.headers.has("authorization") || response.headers.has("set-cookie");
    return depends ? privateResponse(response, setCookies) : response;
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
      const start = this.#startLookup();
      const response = await this.#origin.forward(received, action.path, extra).catch(() => null);
      const setCookies = response?.headers.getSetCookie() ?? NO_COOKIES;
      if (!response || !this.#revocation || !this.#decider.setsCache(setCookies)) return response;
      const current = await this.#currentCookies(ctx, start, setCookies);
      if (!this.#decider.setsOvertaken(cookie, setCookies, start.arrived, start.at)) {
        return current === setCookies ? response : withSetCookies(response, current);
      }
      if (!repeatable) return withSetCookies(response, this.#decider.withoutNewCache(setCookies));
      await response.body?.cancel();
      extra = { cookie: this.#decider.withoutCache(cookie) };
    }
    return null;
  }

  /**
   * Calls the app in this process. On a public path the response is private if the request has a session and the app has
   * not called `share`: the body may read the visitor while it streams, after the headers have left.
   */
  async #next(received: Request, request: GateRequest, action: NextAction, setCookies: string[], next: Next): Promise<Response> {
    const { source } = action;
    const visitor: LazyVisitor = source
      ? new LazyVisitor(this.#decider, () => readGateVerdict(action.rest, source), () => action.rest, false)
      : new LazyVisitor(this.#decider, () => this.#decider.check(request), () => JSON.stringify(visitor.verdict), true);
    const headers = appHeaders(received, this.#options);
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) headers.set("cookie", cookie);
    const response = await next(redirected(received, siteOf(received.url) + action.path + queryOf(received.url), headers), visitor);
    this.#forgetMissing(response.headers.getSetCookie());
    const depends = source || request.hasCredential || (!visitor.isShared && (visitor.isRead || this.#hasSession(received, request)));
    return depends ? privateResponse(response, setCookies) : response;
  }

  /** Returns whether a request carries session cookies, valid or not, or another credential. */
  #hasSession(received: Request, request: GateRequest): boolean {
    return (request.cookie !== "" && this.#decider.sessionCookies(received.headers.get("cookie") ?? "") !== "") || hasCredentials(received, this.#options);
  }

  /** Forwards a request to the app behind the origin, with the visitor's identity encrypted. */
  async #passOn(received: Request, request: GateRequest, action: NextAction, setCookies: string[]): Promise<Response> {
    const extra: Record<string, string> = {};
    const cookie = this.#cookieFor(request, action, setCookies);
    if (cookie !== undefined) extra.cookie = cookie;
    if (action.source) extra[IDENTITY_HEADER] = this.#decider.encryptIdentity(action.rest, received.method, action.path);
    try {
      const response = await this.#origin.forward(received, action.path, extra);
      this.#forgetMissing(response.headers.getSetCookie());
      return action.source || request.hasCredential ? privateResponse(response, setCookies) : response;
    } catch {
      return errorResponse(UNAVAILABLE, received.method, setCookies);
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
    const verdict = this.#decider.check(request);
    return verdict.status === "stale" && verdict.reason === "invalidated" ? this.#decider.withoutCache(request.cookie) : undefined;
  }
}

/** Narrows an action after which no lookup is left. A further one counts as an unavailable origin. */
function final(action: Action): FinalAction {
  return action.do === "ask" || action.do === "probe" ? { do: "deny", ...UNAVAILABLE, rest: "" } : action;
}

/** Returns the session token that cookies prove, or "". */
function tokenOf(verdict: Verdict): string {
  if (verdict.status === "authenticated") return verdict.session.token;
  return verdict.status === "stale" ? verdict.token : "";
}

/** Returns whether a lookup's response was accepted. The cookies of any other are not passed on: they may be another visitor's. */
function isAccepted(action: Action): boolean {
  if (action.do === "next") return action.source === "origin";
  return action.do === "answer" || action.do === "forward" || (action.do === "deny" && action.status !== 503);
}
