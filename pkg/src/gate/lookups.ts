/** The gate's own lookups: `get-session` of the origin, asked again where a revocation overtakes the answer. */
import type { Verdict } from "../types.js";
import { settingOnly } from "./responses.js";
import { ORIGIN_DOWN, ORIGIN_UP, type Facts, type GateCore, type Step } from "./decider.js";
import { clockSkewOf, isStateless } from "../revocation/config.js";
import { MissingSessions } from "./missing-sessions.js";
import type { Answer, Origin } from "./origin.js";
import type { Revocation } from "./revocation-hook.js";
import type { Context, GateOptions } from "./types.js";

/** A lookup that a revocation overtakes is made once more. */
export const LOOKUPS = 2;

/** When a lookup began, and how many revocations had arrived by then. */
export interface Started {
  at: number;
  arrived: number;
}

/** A step that needs no further question, and what the questions before it brought. */
export interface Decision {
  step: Step;
  setCookies: string[];
}

export class Lookups {
  readonly #core: GateCore;
  readonly #origin: Origin;
  readonly #revocation: Revocation | undefined;
  readonly #clockSkew: number;
  readonly #stateless: boolean;
  readonly #missing = new MissingSessions();

  constructor(options: GateOptions, core: GateCore, origin: Origin, revocation: Revocation | undefined) {
    this.#core = core;
    this.#origin = origin;
    this.#revocation = revocation;
    this.#clockSkew = clockSkewOf(options);
    this.#stateless = isStateless(options);
  }

  /** Asks what has to be asked. An answer that a revocation overtook is not believed: one more question, then nobody can say. */
  async decide(request: Request, ctx: Context, facts: Facts, first: Step): Promise<Decision> {
    if (first.do !== "ask") return { step: first, setCookies: first.due ? this.#core.renew(facts) : [] };
    const verdict = this.#core.check(facts);
    const token = facts.credential ? "" : tokenOf(verdict);
    if (token && this.#missing.has(token)) return { step: this.#core.resume(facts, 200, "null", ""), setCookies: [] };
    let question = first;
    for (let tries = 0; tries < LOOKUPS; tries += 1) {
      const started = this.started();
      const decision = await this.#lookUp(request, facts, question, token, this.#cookie(facts, verdict));
      await this.#revocation?.observe(facts.cookie, decision.setCookies, ctx);
      const setCookies = await this.current(ctx, started, decision.setCookies);
      if (!this.#revocation || !this.#core.overtaken(decision.step.rest, started.arrived, started.at)) return { ...decision, setCookies };
      if (!this.passesCache(facts)) break;
      if (!question.path.includes("?")) question = { ...question, path: `${question.path}?disableCookieCache=true` };
    }
    // The origin did answer: this is no case for grace.
    facts.hints |= ORIGIN_UP;
    return { step: this.#core.resume(facts, 0, "", ""), setCookies: [] };
  }

  /** The session, and with `deferSessionRefresh` one more question to refresh it. */
  async #lookUp(request: Request, facts: Facts, question: Step, token: string, cookie: string): Promise<Decision> {
    const { credential } = facts;
    const answer = await this.#origin.ask(request, question.path, false, { cookie, credential });
    this.remember(answer.setCookies);
    if (token && answer.status === 200 && answer.body.trim() === "null") this.#missing.add(token);
    const step = await this.#resume(facts, answer, "");
    this.#core.learn(facts, answer.status, answer.body, answer.setCookies);
    if (step.do !== "ask") return { step, setCookies: believed(step) ? answer.setCookies : [] };
    const refreshed = await this.#origin.ask(request, step.path, true, { cookie, credential });
    const last = await this.#resume(facts, refreshed, answer.body);
    if (!believed(last)) return { step: last, setCookies: [] };
    // Whoever is signed out by the second answer must not keep the cache that the first one set.
    if (last.do === "deny" && last.status !== 403) return { step: last, setCookies: refreshed.setCookies };
    const accepted = this.#core.acceptsRefresh(facts, refreshed.status, refreshed.body);
    return { step: last, setCookies: accepted ? [...answer.setCookies, ...refreshed.setCookies] : answer.setCookies };
  }

  /** Returns the cookies of a lookup: without a cache that the server cannot read either, on which it answers 500. */
  #cookie(facts: Facts, verdict: Verdict): string {
    const broken = verdict.status === "stale" && verdict.reason === "cache_malformed" && !this.#stateless;
    return broken ? this.#core.withoutCache(facts.cookie) : facts.cookie;
  }

  started(): Started {
    return { at: Date.now(), arrived: this.#revocation?.arrived() ?? 0 };
  }

  /**
   * The cookies of an answer that may be passed on. A cache that took longer to come than clocks may be apart can be
   * older than a revocation that is not known here yet: then the feed is read first.
   */
  async current(ctx: Context, started: Started, setCookies: string[]): Promise<string[]> {
    const slow = this.#revocation && setCookies.length > 0 && Date.now() - started.at > this.#clockSkew;
    if (!slow || !this.#core.setsCache(setCookies) || (await this.#revocation?.refresh(ctx))) return setCookies;
    return this.#core.withoutNewCache(setCookies);
  }

  /** Returns an app's response without a cache that a revocation overtook while the app made it. */
  async withoutOvertaken(ctx: Context, facts: Facts, started: Started, response: Response): Promise<Response> {
    if (!this.#revocation || response.status < 200) return response;
    const setCookies = response.headers.getSetCookie();
    if (!this.#core.setsCache(setCookies)) return response;
    const current = await this.current(ctx, started, setCookies);
    const overtaken = this.#core.setsOvertaken(facts.cookie, setCookies, started.arrived, started.at);
    const kept = overtaken ? this.#core.withoutNewCache(setCookies) : current;
    return kept === setCookies ? response : settingOnly(response, kept);
  }

  /** A token that an answer sets is a session again. */
  remember(setCookies: string[]): void {
    if (this.#missing.size > 0 && setCookies.length > 0) this.#missing.delete(this.#core.setToken(setCookies));
  }

  /** Where the core would grant grace, it first asks whether the origin is down for everybody or only for this request. */
  async #resume(facts: Facts, { status, body }: Answer, earlier: string): Promise<Step> {
    const step = this.#core.resume(facts, status, body, earlier);
    if (step.do !== "probe") return step;
    facts.hints |= (await this.#origin.isUp(step.path)) ? ORIGIN_UP : ORIGIN_DOWN;
    return this.#core.resume(facts, status, body, earlier);
  }

  /**
   * Whether a lookup that was overtaken may be made again past the cache. Without a database that signs the visitor out,
   * so there the cookies themselves must be known to be revoked: what overtook the lookup can be somebody else's.
   */
  passesCache(facts: Facts): boolean {
    return !this.#stateless || this.#core.isInvalidated(facts);
  }
}

/** The session token that cookies prove, or "". */
function tokenOf(verdict: Verdict): string {
  if (verdict.status === "authenticated") return verdict.session.token;
  return verdict.status === "stale" ? verdict.token : "";
}

/** Cookies of an answer that is not believed are not passed on: they may be another visitor's. */
function believed(step: Step): boolean {
  return step.source === "origin" || step.do === "answer" || step.do === "forward" || (step.do === "deny" && step.status !== 503);
}
