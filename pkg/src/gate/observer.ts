/** The option `onEvent`, and the headers of `debug`. */
import { BetterSessionError } from "../error.js";
import type { FinalAction } from "./action.js";
import type { Decider } from "./decider.js";
import type { GateRequest } from "./request.js";
import { copyOf } from "./responses.js";
import { tokenOf } from "./session-lookups.js";
import type { Context, GateEvent, GateOptions } from "./types.js";

/** The facts of one request that its event reports. */
export interface Observation {
  request?: GateRequest;
  action?: FinalAction;
  /** Replaces the kind of the action. */
  kind?: "authenticate" | "deny";
  /** Milliseconds that lookups took. */
  lookup: number;
}

export class Observer {
  readonly #options: GateOptions;
  readonly #decider: Decider;

  constructor(options: GateOptions, decider: Decider) {
    this.#options = options;
    this.#decider = decider;
  }

  /** Carries a request out and reports it. The response of `debug` says what was decided and why. */
  async observe<T>(received: Request, ctx: Context, carryOut: (seen: Observation) => Promise<T>): Promise<T> {
    const seen: Observation = { lookup: 0 };
    const started = performance.now();
    let result: T | undefined;
    let event: GateEvent;
    try {
      result = await carryOut(seen);
    } finally {
      event = this.#event(received, seen, responseOf(result)?.status ?? null, performance.now() - started);
      const { onEvent } = this.#options;
      // Neither a throw nor a rejection concerns the visitor.
      const reported = new Promise((done) => done(onEvent?.(event))).catch(() => {});
      if (onEvent) waitUntil(ctx, reported);
    }
    const response = this.#options.debug && responseOf(result);
    return response && response.status >= 200 ? (explained(response, event) as T) : result;
  }

  #event({ method, url }: Request, { request, action, kind, lookup }: Observation, status: number | null, milliseconds: number): GateEvent {
    const decided = action && action.do !== "answer" && action.do !== "forward";
    const refused = decided && action.rest === "" && (action.do === "next" ? action.nobody : action.status < 400 || action.status === 401);
    const verdict = request && (decided && action.rest ? this.#decider.parse(action) : this.#decider.check(request));
    const token = verdict && tokenOf(verdict);
    return {
      kind: kind ?? action?.do ?? "deny",
      method,
      route: this.#decider.route(url) || null,
      status,
      source: action?.do === "answer" ? "cookie" : (action && "source" in action && action.source) || null,
      reason: refused ? "refused" : verdict && verdict.status !== "authenticated" ? verdict.reason : null,
      cause: request?.cause ?? null,
      milliseconds,
      lookupMilliseconds: lookup,
      tokenHash: token ? this.#decider.tokenHash(token) : null,
    };
  }
}

/** Returns the observer that the options ask for, or null. Warns that `debug` is on. */
export function observerOf(options: GateOptions, decider: Decider): Observer | null {
  const { onEvent, debug } = options;
  if (onEvent && typeof onEvent !== "function") throw new BetterSessionError("OPTION_INVALID", "onEvent must be a function");
  if (debug) console.warn("better-session: `debug` is on, so that every visitor sees the reasons of the gate's decisions");
  return onEvent || debug ? new Observer(options, decider) : null;
}

/** Keeps the isolate for work that goes on anyway. A framework may hand over a `waitUntil` that throws. */
function waitUntil(ctx: Context, work: Promise<unknown>): void {
  try {
    ctx.waitUntil(work);
  } catch {
    // The work goes on if the runtime lets it.
  }
}

function responseOf(result: unknown): Response | null {
  return typeof result === "object" && result && "status" in result ? (result as Response) : null;
}

function explained(response: Response, { kind, source, reason, cause, route, milliseconds, lookupMilliseconds }: GateEvent): Response {
  const copy = copyOf(response);
  copy.headers.append("server-timing", `gate;dur=${milliseconds.toFixed(1)}, lookup;dur=${lookupMilliseconds.toFixed(1)}`);
  for (const [name, value] of Object.entries({ kind, source, reason, cause, route })) {
    if (value) copy.headers.set(`x-better-session-${name}`, encodeURI(value));
  }
  return copy;
}
