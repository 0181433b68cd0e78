/** Session lookups at the origin. One that a revocation overtakes is repeated once. */
import { clockSkewOf, isStateless } from "../revocation/config.js";
import type { Verdict } from "../types.js";
import type { Action, AskAction, FinalAction, NextAction } from "./action.js";
import { OwnCache } from "../own-cache/own-cache.js";
import { HTTPS, INDEX_STALE, ORIGIN_DOWN, ORIGIN_UP } from "../protocol/flags.js";
import type { Decider } from "./decider.js";
import type { GateRequest } from "./request.js";
import { CauseLog } from "./cause-log.js";
import { NO_RESPONSE, type Origin, type OriginResponse } from "./origin.js";
import { RecentLookups, type LookupStart } from "./recent-lookups.js";
import { UNAVAILABLE, withSetCookies } from "./responses.js";
import type { RevocationHook } from "./revocation-hook.js";
import type { Context, GateOptions, GateVerdict } from "./types.js";
import { readVerdict } from "../verifier/verdict.js";

/** A lookup that a revocation overtakes is made once more. */
export const MAX_LOOKUPS = 2;

/** Milliseconds for which no renewal is attempted after one has failed. */
const RENEWAL_PAUSE = 5000;

const NO_COOKIES: string[] = [];

/** The final action for a request, and the cookies that the lookups before it brought. */
export interface Decision {
  action: FinalAction;
  setCookies: string[];
}

export class SessionLookups {
  readonly #decider: Decider;
  readonly #origin: Origin;
  readonly #revocation: RevocationHook | undefined;
  readonly #clockSkew: number;
  readonly #stateless: boolean;
  readonly #recent: RecentLookups;
  readonly #ownCache: OwnCache | undefined;
  /** Not with `onEvent`, which receives every cause. */
  readonly #log: CauseLog | undefined;
  #renewalFailed = 0;

  constructor(options: GateOptions, decider: Decider, origin: Origin, revocation: RevocationHook | undefined) {
    this.#decider = decider;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#clockSkew = clockSkewOf(options);
    this.#stateless = isStateless(options);
    this.#recent = new RecentLookups(options, decider);
    this.#ownCache = options.cache && new OwnCache(options.cache);
    this.#log = options.onEvent ? undefined : new CauseLog();
  }

  /**
   * Returns the final action, after a lookup if one is needed. A response that a revocation overtook is not accepted: the
   * lookup is repeated once, then the gate responds as if the origin were unavailable.
   */
  decide(received: Request, ctx: Context, request: GateRequest, first: Action): Decision | Promise<Decision> {
    if (first.do === "ask") return this.#askOrigin(received, ctx, request, first).finally(() => this.#decider.release(request));
    if (first.do === "deny" && first.status === 503) request.cause = "feed_unavailable";
    const action = final(first);
    if ((first.do !== "answer" && first.do !== "next") || !first.due) return { action, setCookies: NO_COOKIES };
    if (!this.#decider.renewsAtOrigin(request)) return { action, setCookies: this.#decider.remint(request) };
    if (first.do === "answer") return { action: { ...first, byOrigin: true }, setCookies: NO_COOKIES };
    return this.#renewAtOrigin(received, ctx, request, first);
  }

  /** Lets the origin renew cookies that are still valid. While it fails they remain in use, and it is asked again after a pause. */
  async #renewAtOrigin(received: Request, ctx: Context, request: GateRequest, first: NextAction): Promise<Decision> {
    if (Math.abs(Date.now() - this.#renewalFailed) < RENEWAL_PAUSE) return { action: first, setCookies: NO_COOKIES };
    const lookup: AskAction = { do: "ask", path: `${this.#decider.basePath}/get-session`, rest: "" };
    const decision = await this.#askOrigin(received, ctx, request, lookup);
    if (decision.action.do !== "deny" || decision.action.status !== 503) return decision;
    this.#renewalFailed = Date.now();
    const again = final(this.#decider.start(request)); // a revocation can have arrived meanwhile
    this.#decider.release(request);
    return { action: again, setCookies: NO_COOKIES };
  }

  async #askOrigin(received: Request, ctx: Context, request: GateRequest, first: AskAction): Promise<Decision> {
    const verdict = first.rest ? readVerdict(first.rest) : this.#decider.check(request);
    const token = request.hasCredential ? "" : tokenOf(verdict);
    // The next request of this session will need a lookup as well, so one stands in for several.
    const again = (request.flags & INDEX_STALE) !== 0 || (verdict.status === "stale" && verdict.reason === "invalidated");
    const known = this.#recent.find(request, token, first.required === true);
    const found = known ?? (again && !first.required ? await this.#recent.waitFor(request, token) : null);
    if (found) return { action: found, setCookies: NO_COOKIES };
    const look = () => this.#lookUpTwice(received, ctx, request, first, verdict, token, again);
    return again && token ? this.#recent.during(token, look) : look();
  }

  /** Looks a session up, and once more if a revocation overtook the first lookup. */
  async #lookUpTwice(
    received: Request,
    ctx: Context,
    request: GateRequest,
    first: AskAction,
    verdict: Verdict,
    token: string,
    again: boolean,
  ): Promise<Decision> {
    const remembered = first.required || again || !token ? null : await this.#remembered(received, request, token);
    if (remembered) return { action: remembered, setCookies: NO_COOKIES };
    const cookie = this.#cookieFor(request, verdict);
    let lookup = first;
    for (let tries = 0; tries < MAX_LOOKUPS; tries += 1) {
      const start = this.start();
      const decision = await this.#lookUp(received, request, lookup, token, cookie, start, again);
      await this.#revocation?.observeLookup(request.cookie, decision.setCookies, ctx);
      const setCookies = await this.currentCookies(ctx, start, decision.setCookies);
      if (!this.#revocation || !this.#decider.isOvertaken(decision.action.rest, start.arrived, start.at))
        return { ...decision, setCookies: await this.#remember(request, decision, token, start.at, setCookies) };
      if (!this.mayPassCache(request)) break;
      if (!lookup.path.includes("?")) lookup = { ...lookup, path: `${lookup.path}?disableCookieCache=true` };
    }
    request.cause = "overtaken";
    // The origin did respond, so grace does not apply.
    request.flags |= ORIGIN_UP;
    return { action: final(this.#decider.resume(request, NO_RESPONSE)), setCookies: NO_COOKIES };
  }

  /** Returns the action that follows from the response in the gate's own cache, unless it is revoked. */
  async #remembered(received: Request, request: GateRequest, token: string): Promise<FinalAction | null> {
    if (!this.#ownCache) return null;
    const cached = await this.#ownCache.read(received.headers.get("cookie") ?? "", token, isHttps(request));
    if (!cached || this.#decider.isRevoked(cached.body, cached.at)) return null;
    const action = this.#decider.resume(request, { ...NO_RESPONSE, status: 200, body: cached.body });
    if (action.do === "next" && action.source === "origin") action.answer = cached.body;
    return action.do === "ask" || action.do === "probe" || !isAccepted(action) ? null : action;
  }

  /** Adds the gate's own cache of a lookup's response to the cookies. A response to a credential is not cached. */
  async #remember(request: GateRequest, { action }: Decision, token: string, at: number, setCookies: string[]): Promise<string[]> {
    if (!this.#ownCache || !token || action.do !== "next" || action.source !== "origin" || !action.answer) return setCookies;
    const line = await this.#ownCache.line(action.answer, token, at, isHttps(request));
    return line ? [...setCookies, line] : setCookies;
  }

  /** Looks the session up, and with `deferSessionRefresh` sends a second request to refresh it. `again`: its next request needs a lookup too. */
  async #lookUp(
    received: Request,
    request: GateRequest,
    lookup: AskAction,
    token: string,
    cookie: string,
    start: LookupStart,
    again: boolean,
  ): Promise<Decision> {
    const options = { cookie, credential: request.hasCredential };
    const response = await this.#origin.lookUp(received, lookup.path, false, options);
    this.forgetMissing(response.setCookies);
    if (response.status === 200 && response.body.trim() === "null") this.#recent.setMissing(token);
    const action = await this.#resume(request, response, "");
    this.#decider.learnFields(request, response.status, response.body, response.setCookies);
    if (action.do === "next" && action.source === "origin") action.answer = response.body;
    if (action.do !== "ask") {
      if (isAccepted(action)) {
        const byOrigin = action.do === "next" && action.source === "origin";
        if (byOrigin && (again || !this.#decider.setsCache(response.setCookies))) this.#recent.keep(token, response, start);
        return { action: final(action), setCookies: response.setCookies };
      }
      request.cause = response.cause ?? this.#decider.cause(request, response);
      this.#log?.write(request.cause, response.status);
      return { action: final(action), setCookies: NO_COOKIES };
    }
    const refreshed = await this.#origin.lookUp(received, action.path, true, options);
    const last = final(await this.#resume(request, refreshed, response.body));
    if (!isAccepted(last)) return { action: last, setCookies: NO_COOKIES };
    // A visitor whom the second response signs out must not keep the cache that the first one set.
    if (last.do === "deny" && last.status !== 403) return { action: last, setCookies: refreshed.setCookies };
    const accepted = this.#decider.acceptsRefresh(request, refreshed.status, refreshed.body);
    if (last.do === "next" && last.source === "origin") last.answer = accepted ? refreshed.body : response.body;
    return { action: last, setCookies: accepted ? [...response.setCookies, ...refreshed.setCookies] : response.setCookies };
  }

  /** Returns the cookies of a lookup, without a cache that the server cannot read either: it responds 500 to such a cache. */
  #cookieFor(request: GateRequest, verdict: Verdict): string {
    const broken = verdict.status === "stale" && verdict.reason === "cache_malformed" && !this.#stateless;
    return broken ? this.#decider.withoutCache(request.cookie) : request.cookie;
  }

  start(): LookupStart {
    return { at: Date.now(), arrived: this.#revocation?.arrived() ?? 0 };
  }

  /**
   * Returns the cookies of a response that may be passed on. If the response took longer than the clock skew, its cache can
   * be older than a revocation that has not arrived here yet, so the feed is read first.
   */
  async currentCookies(ctx: Context, start: LookupStart, setCookies: string[]): Promise<string[]> {
    const slow = this.#revocation && setCookies.length > 0 && Date.now() - start.at > this.#clockSkew;
    if (!slow || !this.#decider.setsCache(setCookies) || (await this.#revocation?.refresh(ctx))) return setCookies;
    return this.#decider.withoutNewCache(setCookies);
  }

  /** Returns an app's response without a cache that a revocation overtook while the app made it. */
  async withoutOvertaken(ctx: Context, request: GateRequest, start: LookupStart, response: Response): Promise<Response> {
    if (!this.#revocation || response.status < 200) return response;
    const setCookies = response.headers.getSetCookie();
    if (!this.#decider.setsCache(setCookies)) return response;
    const current = await this.currentCookies(ctx, start, setCookies);
    const overtaken = this.#decider.setsOvertaken(request.cookie, setCookies, start.arrived, start.at);
    const kept = overtaken ? this.#decider.withoutNewCache(setCookies) : current;
    return kept === setCookies ? response : withSetCookies(response, kept);
  }

  forgetMissing(setCookies: string[]): void {
    this.#recent.forgetMissing(setCookies);
  }

  /**
   * Returns whether an overtaken lookup may be repeated past the cache. Without a database that signs the visitor out, so the
   * visitor's own cookies must be known to be revoked there: another user's revocation may have overtaken the lookup.
   */
  mayPassCache(request: GateRequest): boolean {
    return !this.#stateless || this.#decider.isInvalidated(request);
  }

  /** Continues after a response. Before grace the origin is probed: the lookup may have failed for this request alone. */
  async #resume(request: GateRequest, response: OriginResponse, earlier: string): Promise<Action> {
    const action = this.#decider.resume(request, response, earlier);
    if (action.do !== "probe") return action;
    request.flags |= (await this.#origin.isUp(action.path)) ? ORIGIN_UP : ORIGIN_DOWN;
    return this.#decider.resume(request, response, earlier);
  }
}

/** Returns whether the visitor used https. */
function isHttps({ flags }: GateRequest): boolean {
  return (flags & HTTPS) !== 0;
}

/** Narrows an action after which no lookup is left. A further one counts as an unavailable origin. */
function final(action: Action): FinalAction {
  return action.do === "ask" || action.do === "probe" ? { do: "deny", ...UNAVAILABLE, rest: "" } : action;
}

/** Returns the session token that cookies prove, or "". */
export function tokenOf(verdict: GateVerdict): string {
  if (verdict.status === "authenticated") return verdict.session.token;
  return verdict.status === "stale" ? verdict.token : "";
}

/** Returns whether a lookup's response was accepted. The cookies of any other are not passed on: they may be another visitor's. */
function isAccepted(action: Action): boolean {
  if (action.do === "next") return action.source === "origin" || (action.nobody === true && action.rest === "");
  return action.do === "answer" || action.do === "forward" || (action.do === "deny" && action.status !== 503);
}
