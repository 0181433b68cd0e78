/** Making a gate out of the options that the server has already. */
import { badRequest } from "./responses.js";
import { readConnection } from "./connection.js";
import { Gate } from "./gate.js";
import { GateCore } from "./decider.js";
import { createRevocation } from "../revocation/create.js";
import { hasPlainHost } from "./host.js";
import { Origin } from "./origin.js";
import { onWorkers } from "./forward.js";
import type { Verdict } from "../types.js";
import type { Context, GateOptions, Next, SessionGate } from "./types.js";

/**
 * A gate before a Better Auth server. Keys are derived and rules checked once, here: make it at module scope.
 * Throws BetterSessionError when the options cannot work.
 */
export function createSessionGate<S = {}, U = {}>(options: GateOptions): SessionGate<S, U> {
  const core = new GateCore(options);
  const origin = new Origin(options, (cookie) => core.forLookup(cookie));
  const gate = new Gate(options, core, origin, options.revocation && createRevocation(options, core, origin));
  return {
    check: (request) => gate.check(request),
    authenticate: async (request, second) => {
      if (!onWorkers) readConnection(request, second);
      return gate.authenticate(request, contextOf(second));
    },
    fetch: async (request: Request, second: unknown, third: unknown) => {
      if (!hasPlainHost(request)) return badRequest(request.method);
      // On Workers the second argument is `env`, whose members the operator names.
      if (!onWorkers) readConnection(request, second);
      return gate.fetch(request, contextOf(third, second), typeof third === "function" ? (third as Next) : undefined);
    },
    requireFresh: (of) => gate.requireFresh(of as Verdict),
    invalidate: (what) => gate.invalidate(what),
  } as SessionGate<S, U>;
}

/** Where the runtime has no context: work in the background runs on, and its failures are nobody's. */
const NO_CONTEXT: Context = { waitUntil: (promise) => void promise.catch(() => {}) };

/** A Worker's handler is called with `env` before the context, Deno's and Bun's with something else. */
function contextOf(...candidates: unknown[]): Context {
  const isContext = (value: unknown): value is Context => typeof (value as Partial<Context> | null | undefined)?.waitUntil === "function";
  return candidates.find(isContext) ?? NO_CONTEXT;
}
