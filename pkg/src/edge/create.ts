/** Making a gate out of the options that the server has already. */
import { Gate } from "./gate.js";
import { GateCore } from "./core.js";
import { createRevocation } from "./feeds/revocation.js";
import { Origin } from "./origin.js";
import type { Verdict } from "../types.js";
import type { GateOptions, SessionGate } from "./types.js";

/**
 * A gate before a Better Auth server. Keys are derived and rules checked once, here: make it at module scope.
 * Throws BetterSessionError when the options cannot work.
 */
export function createSessionGate<S = {}, U = {}>(options: GateOptions): SessionGate<S, U> {
  const core = new GateCore(options);
  const origin = new Origin(options);
  const gate = new Gate(options, core, origin, options.revocation && createRevocation(options, core.handle, origin));
  return {
    check: (request) => gate.check(request),
    authenticate: (request, ctx) => gate.authenticate(request, ctx),
    fetch: (request, ctx, next) => gate.fetch(request, ctx, next as never),
    requireFresh: (of) => gate.requireFresh(of as Verdict),
    invalidate: (what) => gate.invalidate(what),
  } as SessionGate<S, U>;
}
