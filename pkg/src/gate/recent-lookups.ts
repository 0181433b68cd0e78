/** Results of recent lookups, which stand in for lookups of the same session. */
import { knowsSecret } from "../config.js";
import { isStateless, maxStalenessOf } from "../revocation/config.js";
import { pause } from "../revocation/time-limit.js";
import type { FinalAction } from "./action.js";
import { onWorkers } from "./addresses.js";
import type { Decider } from "./decider.js";
import type { GateRequest } from "./request.js";
import { NO_RESPONSE, ORIGIN_TIMEOUT, type OriginResponse } from "./origin.js";
import { Recent } from "./recent.js";
import type { GateOptions } from "./types.js";

/** When a lookup began, and how many revocations had arrived by then. */
export interface LookupStart {
  at: number;
  arrived: number;
}

interface KeptResponse {
  response: OriginResponse;
  start: LookupStart;
}

/** Milliseconds for which a token without a session is stored, and so for which one that a lagging replica did not find yet is rejected. */
const MISSING_LIFETIME = 5000;

/** Maximum length of a response that is kept, in characters. */
const MAX_KEPT = 16 * 1024;

/** Maximum time (ms) to wait for another request on Workers: it may have been cancelled, which nobody is told there. */
const WAIT_ON_WORKERS = 1000;

/** Milliseconds between two looks for the result of another request's lookup. */
const POLL = 20;

export class RecentLookups {
  readonly #decider: Decider;
  readonly #maxStaleness: number;
  readonly #wait: number;
  /**
   * Tokens for which the origin has just returned no session. Otherwise a visitor with a value that the server signed for another
   * purpose (a `state` cookie, for example) could cause a lookup with every request.
   */
  readonly #missing = new Recent<true>(MISSING_LIFETIME);
  /**
   * Responses about sessions whose next request would need a lookup again: the feed cannot be read, the new cache is within the
   * clock skew of a revocation, or there is none, because the server does not renew that of a "don't remember me" session. A
   * revocation overtakes them like a lookup. They stand in for lookups of `maxStaleness` later, so the bound holds without the feed too.
   */
  readonly #kept: Recent<KeptResponse> | undefined;
  /** Tokens that are being looked up. Not promises: on Workers one request must not await another's. */
  readonly #asking: Recent<symbol>;
  /** Without the secret anybody can send the text of another visitor's token, which must not make that token count as missing. */
  readonly #verifiesTokens: boolean;

  constructor(options: GateOptions, decider: Decider) {
    this.#decider = decider;
    const timeout = options.originTimeout ?? ORIGIN_TIMEOUT;
    this.#wait = onWorkers ? WAIT_ON_WORKERS : timeout;
    this.#asking = new Recent(this.#wait);
    this.#maxStaleness = maxStalenessOf(options);
    this.#verifiesTokens = knowsSecret(options);
    if (options.revocation && !isStateless(options) && this.#verifiesTokens) this.#kept = new Recent(this.#maxStaleness + timeout);
  }

  /**
   * Returns the action for a token without a session, or after a response that was kept; null if neither is known. The response's
   * lookup must have begun at most `maxStaleness` before `since`, the time at which the request came.
   */
  find(request: GateRequest, token: string, required: boolean, since = Date.now()): FinalAction | null {
    if (token && this.#missing.get(token)) {
      const action = this.#decider.resume(request, { ...NO_RESPONSE, status: 200, body: "null" });
      return action.do === "ask" || action.do === "probe" ? null : action;
    }
    const kept = token && !required ? this.#kept?.get(token) : undefined;
    if (!kept || kept.start.at <= since - this.#maxStaleness) return null;
    const action = this.#decider.resume(request, { ...kept.response, setCookies: [] });
    const { arrived, at } = kept.start;
    if (action.do !== "ask" && action.do !== "probe" && !this.#decider.isOvertaken(action.rest, arrived, at)) return action;
    this.#kept?.delete(token);
    return null;
  }

  /** Waits for the lookup of another request with this token, if there is one. Returns null if it brings no result in time. */
  async waitFor(request: GateRequest, token: string): Promise<FinalAction | null> {
    const since = Date.now();
    let found: FinalAction | null = null;
    while (!found && token && this.#kept && this.#asking.get(token) && Date.now() - since < this.#wait) {
      await pause(POLL);
      found = this.find(request, token, false, since);
    }
    return found;
  }

  /** Makes `look` the lookup for which requests with this token wait. */
  async during<T>(token: string, look: () => Promise<T>): Promise<T> {
    const own = Symbol();
    this.#asking.set(token, own);
    try {
      return await look();
    } finally {
      // A later lookup of the token may still be under way.
      if (this.#asking.get(token) === own) this.#asking.delete(token);
    }
  }

  keep(token: string, response: OriginResponse, start: LookupStart): void {
    if (token && response.body.length <= MAX_KEPT) this.#kept?.set(token, { response, start }, start.at);
  }

  /** Records that the origin knows no session of this token. */
  setMissing(token: string): void {
    if (token && this.#verifiesTokens) this.#missing.set(token, true);
  }

  /** Removes a token that a response sets from the missing sessions. */
  forgetMissing(setCookies: string[]): void {
    if (this.#missing.size > 0 && setCookies.length > 0) this.#missing.delete(this.#decider.tokenSetBy(setCookies));
  }
}
