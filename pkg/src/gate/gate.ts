/** The gate: carries out what the core decides, one step at a time. */
import { BetterSessionError } from "../error.js";
import type { Verdict } from "../types.js";
import { GateCore, IDENTIFY, UNSURE, readVerdict, type Facts, type Step } from "./decider.js";
import { IDENTITY_HEADER, appHeaders, hasCredentials, queryOf, redirected, siteOf } from "./forward.js";
import { LOOKUPS, Lookups } from "./lookups.js";
import { readText, type Origin } from "./origin.js";
import { personal, refusal, sessionAnswer, settingOnly } from "./responses.js";
import type { Revocation } from "./revocation-hook.js";
import type { Authentication, Context, GateOptions, Invalidation, Next } from "./types.js";
import { KnownVisitor } from "./visitor.js";

const REFUSED: Verdict = { status: "unauthenticated", reason: "refused" };
const NONE: string[] = [];
const UNAUTHORIZED = { status: 401, code: "UNAUTHORIZED", message: "Unauthorized" };
const NOT_FRESH = { status: 403, code: "SESSION_NOT_FRESH", message: "Session is not fresh" };
const UNAVAILABLE = { status: 503, code: "ORIGIN_UNAVAILABLE", message: "The server cannot be reached at the moment" };

export class Gate {
  readonly #core: GateCore;
  readonly #origin: Origin;
  readonly #options: GateOptions;
  readonly #revocation: Revocation | undefined;
  readonly #lookups: Lookups;

  constructor(options: GateOptions, core: GateCore, origin: Origin, revocation: Revocation | undefined) {
    this.#options = options;
    this.#core = core;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#lookups = new Lookups(options, core, origin, revocation);
  }

  check(request: Request): Verdict {
    return this.#core.check(this.#core.facts(request));
  }

  async fetch(request: Request, ctx: Context, next?: Next): Promise<Response> {
    const reported = this.#revocation?.report(request);
    if (reported) return reported;
    const facts = this.#revocation || this.#core.asks ? await this.#facts(request, ctx) : this.#core.facts(request);
    const first = this.#core.start(facts);
    const { step, setCookies } = first.do === "ask" || first.due ? await this.#lookups.decide(request, ctx, facts, first) : { step: first, setCookies: NONE };
    switch (step.do) {
      case "answer":
        return sessionAnswer(step.rest, setCookies);
      case "forward":
        return this.#authCall(request, ctx, facts, step, setCookies);
      case "next":
        return next ? this.#next(request, ctx, facts, step, setCookies, next) : this.#passOn(request, ctx, facts, step, setCookies);
      default:
        return refusal(step, request.method, setCookies);
    }
  }

  async authenticate(request: Request, ctx: Context): Promise<Authentication> {
    const facts = await this.#facts(request, ctx);
    facts.hints |= IDENTIFY;
    let first = this.#core.start(facts);
    // A path that is refused names no route; whose request it is can be said all the same.
    if (first.do === "deny" && first.status === 400) first = this.#core.start({ ...facts, url: "/" });
    const { step, setCookies } = await this.#lookups.decide(request, ctx, facts, first);
    const verdict = step.rest ? readVerdict(step.rest) : REFUSED;
    const proven = step.do === "next" && verdict.status === "authenticated" ? verdict : null;
    return {
      verdict,
      session: proven?.session ?? null,
      user: proven?.user ?? null,
      source: (proven && step.source) ?? null,
      setCookies,
      apply: (response) => personal(response, setCookies),
    };
  }

  requireFresh(of: Authentication | Verdict): Response | null {
    const verdict = "verdict" in of ? of.verdict : of;
    if (verdict.status !== "authenticated") return refusal(UNAUTHORIZED, "GET");
    return verdict.fresh ? null : refusal(NOT_FRESH, "GET");
  }

  async invalidate(what: Invalidation): Promise<void> {
    if (!this.#revocation) throw new BetterSessionError("REVOCATION_MISSING", "gate.invalidate needs the option `revocation: { feed }`");
    await this.#revocation.invalidate(what);
  }

  async #facts(request: Request, ctx: Context): Promise<Facts> {
    const facts = await this.#core.settled(request);
    if (this.#revocation) {
      const ready = this.#revocation.ready(ctx, Date.now());
      if (!(typeof ready === "boolean" ? ready : await ready)) facts.hints |= UNSURE;
    }
    return facts;
  }

  /** A call of the auth API, there and back as it is; revocation may look on. */
  async #authCall(request: Request, ctx: Context, facts: Facts, step: Step, setCookies: string[]): Promise<Response> {
    const path = step.path.slice(this.#core.basePath.length);
    const { cookie, credential, opaque } = facts;
    const watched = await this.#revocation?.watch({ request, path, cookie, credential, opaque, verdict: () => this.#core.checkCookies(facts) }, ctx);
    if (watched?.request === null) return refusal(UNAVAILABLE, request.method);
    const onward = watched?.request ?? request;
    const carried = this.#carry(onward, ctx, facts, step, path).then(async (response) => {
      await watched?.settle(response);
      return response;
    });
    // A visitor who hangs up must not keep the marks from being made.
    if (watched) ctx?.waitUntil?.(carried);
    const response = await carried;
    if (!response) return refusal(UNAVAILABLE, request.method, setCookies);
    this.#lookups.remember(response.headers.getSetCookie());
    if (path === "/get-session" && request.method === "GET") await this.#learn(facts, response);
    const depends =
      facts.cookie !== "" || facts.credential || request.headers.has("authorization") || response.headers.has("set-cookie");
    return depends ? personal(response, setCookies) : response;
  }

  /** An answer that passes through teaches which members of a session the server shows. */
  async #learn(facts: Facts, response: Response): Promise<void> {
    if (!this.#core.learns || facts.credential || facts.cookie === "" || response.status !== 200) return;
    const body = await readText(response.clone()).catch(() => "");
    this.#core.learn(facts, response.status, body, response.headers.getSetCookie());
  }

  /** Null: the answer is lost, or a revocation overtook it twice. */
  async #carry(request: Request, ctx: Context, facts: Facts, step: Step, path: string): Promise<Response | null> {
    const { cookie } = facts;
    let extra: Record<string, string> = step.bare ? { cookie: this.#core.withoutCache(cookie) } : {};
    const repeatable = request.method === "GET" && /^\/get-session\/*$/.test(path);
    for (let tries = 0; tries < LOOKUPS; tries += 1) {
      const started = this.#lookups.started();
      const response = await this.#origin.forward(request, step.path, extra).catch(() => null);
      const setCookies = response?.headers.getSetCookie() ?? [];
      if (!response || !this.#revocation || !this.#core.setsCache(setCookies)) return response;
      const current = await this.#lookups.current(ctx, started, setCookies);
      if (!this.#core.setsOvertaken(cookie, setCookies, started.arrived, started.at)) {
        return current === setCookies ? response : settingOnly(response, current);
      }
      if (!repeatable) return settingOnly(response, this.#core.withoutNewCache(setCookies));
      await response.body?.cancel();
      if (!this.#lookups.passesCache(facts)) return null;
      extra = { cookie: this.#core.withoutCache(cookie) };
    }
    return null;
  }

  /**
   * The app in this process. On a public path its answer is private if the request has a session and the app has not
   * declared otherwise: the body may read the visitor while it streams, after the headers have left.
   */
  async #next(request: Request, ctx: Context, facts: Facts, step: Step, setCookies: string[], next: Next): Promise<Response> {
    const open = step.source === undefined;
    const visitor: KnownVisitor = open
      ? new KnownVisitor(this.#core, () => this.#core.check(facts), () => JSON.stringify(visitor.verdict), open)
      : new KnownVisitor(this.#core, () => readVerdict(step.rest), () => step.rest, open);
    const headers = appHeaders(request, this.#options);
    const cookie = this.#cookie(facts, step, setCookies);
    if (cookie !== undefined) headers.set("cookie", cookie);
    const onward = redirected(request, siteOf(request.url) + step.path + queryOf(request.url), headers);
    const started = this.#lookups.started();
    const response = await this.#lookups.withoutOvertaken(ctx, facts, started, await next(onward, visitor));
    this.#lookups.remember(response.headers.getSetCookie());
    const depends = facts.credential || (!visitor.shared && (visitor.used || this.#hasSession(request, facts)));
    return open && !depends ? response : personal(response, setCookies);
  }

  /** Whether a request carries session cookies, genuine or not, or another credential. */
  #hasSession(request: Request, facts: Facts): boolean {
    return (facts.cookie !== "" && this.#core.sessionOnly(request.headers.get("cookie") ?? "") !== "") || hasCredentials(request, this.#options);
  }

  /** The app behind the origin: who the visitor is goes along sealed. */
  async #passOn(request: Request, ctx: Context, facts: Facts, step: Step, setCookies: string[]): Promise<Response> {
    const extra: Record<string, string> = {};
    const cookie = this.#cookie(facts, step, setCookies);
    if (cookie !== undefined) extra.cookie = cookie;
    if (step.source !== undefined) {
      extra[IDENTITY_HEADER] = this.#core.seal(step.rest, request.method, step.path);
    }
    try {
      const started = this.#lookups.started();
      const response = await this.#lookups.withoutOvertaken(ctx, facts, started, await this.#origin.forward(request, step.path, extra));
      this.#lookups.remember(response.headers.getSetCookie());
      return step.source === undefined && !facts.credential ? response : personal(response, setCookies);
    } catch {
      return refusal(UNAVAILABLE, request.method, setCookies);
    }
  }

  /**
   * The cookies to send on: the origin's new ones in the place of the old cache, or undefined for those that came. On
   * a public path nobody was asked; where there are marks, an app is not handed a cache that they have overtaken.
   */
  #cookie(facts: Facts, step: Step, setCookies: string[]): string | undefined {
    if (facts.credential) {
      // The cache may be another person's than the credential, and marks are not looked up.
      const untouched = facts.cookie === "" || (step.source === undefined && !this.#revocation);
      return untouched ? undefined : this.#core.withoutCache(facts.cookie);
    }
    const asked = step.source === "origin" || setCookies.length > 0;
    if (asked) return this.#core.renewed(facts.cookie, setCookies);
    if (step.source !== undefined || !this.#revocation || facts.cookie === "") return undefined;
    return this.#core.isInvalidated(facts) ? this.#core.withoutCache(facts.cookie) : undefined;
  }
}
