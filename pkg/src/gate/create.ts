/** Creates a gate from the options that the server has already. */
import { assertOptions } from "../config.js";
import { onDemand } from "../jwks/on-demand.js";
import { NO_SITE, keySetOptions } from "../jwks/options.js";
import { createRevocation } from "../revocation/create.js";
import { memoryLimits } from "../verifier/memory.js";
import { onWorkers } from "./addresses.js";
import { readConnection } from "./connection.js";
import { withKeySet } from "./config.js";
import { Decider } from "./decider.js";
import { acceptable, assertForwardAuth, isRewritten, originalRequest, passed } from "./forward-auth.js";
import { Gate } from "./gate.js";
import { hasPlainHost } from "./host.js";
import { Origin } from "./origin.js";
import { badRequest, unauthorized } from "./responses.js";
import type { Context, GateOptions, GateVerdict, Next, SessionGate } from "./types.js";

/**
 * Creates a gate in front of a Better Auth server. Keys are derived and rules checked once, here: call it at module scope.
 * Throws a BetterSessionError if the options cannot work.
 */
export function createSessionGate<S = {}, U = {}>(typed: GateOptions<S, U>): SessionGate<S, U> {
  assertOptions(typed);
  const options = withKeySet(typed as GateOptions);
  assertForwardAuth(options);
  const decider = new Decider(options);
  const origin = new Origin(options, (cookie) => decider.lookupCookie(cookie));
  // The plugin's path is below `basePath`.
  const ofPlugin = options !== typed && String(options.jwks).startsWith("/") ? { jwks: `${decider.basePath}${String(options.jwks)}` } : {};
  const keySet = keySetOptions({ ...options, ...ofPlugin }, typeof options.origin === "string" ? options.origin : NO_SITE);
  const fetcher = keySet?.jwks instanceof URL ? origin.fetcherOf(keySet.jwks) : undefined;
  if (keySet) decider.keySet = onDemand(keySet, fetcher, memoryLimits(options));
  const gate = new Gate(options, decider, origin, options.revocation && createRevocation(options, decider, origin));
  return {
    check: (request) => gate.check(request),
    authenticate: async (request, second) => {
      if (!onWorkers) readConnection(request, second);
      return gate.authenticate(request, contextOf(second));
    },
    fetch: async (request: Request, second: unknown, third: unknown) => {
      if (!hasPlainHost(request)) return gate.own(request, badRequest(request.method));
      // On Workers the second argument is `env`, whose members the operator names.
      if (!onWorkers) readConnection(request, second);
      return gate.fetch(request, contextOf(third, second), typeof third === "function" ? (third as Next) : undefined);
    },
    forwardAuth: async (request, second) => {
      if (!onWorkers) readConnection(request, second);
      const original = originalRequest(request, options);
      if (!original) return gate.own(request, unauthorized());
      if (isRewritten(request, options)) return acceptable(gate.own(request, badRequest(original.method)), options);
      return acceptable(await gate.fetch(original, contextOf(second), passed(original), () => new Response()), options);
    },
    requireFresh: (of) => gate.requireFresh(of as GateVerdict),
    guard: (response, visitor) => gate.guard(response, visitor),
    checkConnection: (connection, ctx) => gate.checkConnection(connection, contextOf(ctx)),
    invalidate: (what) => gate.invalidate(what),
    warm: async () => (await decider.keySet?.())?.warm(),
  } as SessionGate<S, U>;
}

/** The context of a runtime that has none: background work runs on, and its failures are ignored. */
const NO_CONTEXT: Context = { waitUntil: (promise) => void promise.catch(() => {}) };

/** Returns the first candidate that is a context. Workers pass `env` before it, Deno and Bun pass something else. */
function contextOf(...candidates: unknown[]): Context {
  const isContext = (value: unknown): value is Context => typeof (value as Partial<Context> | null | undefined)?.waitUntil === "function";
  return candidates.find(isContext) ?? NO_CONTEXT;
}
