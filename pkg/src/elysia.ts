/** `better-session/elysia`: the gate in front of an Elysia app. */
import { BetterSessionError } from "./error.js";
import type { ConnectionInfo, Context, SessionGate, Visitor } from "./gate/types.js";

const visitors = new WeakMap<Request, Visitor>();

/**
 * Returns the handler: `Bun.serve({ fetch: sessionFetch(gate, app) })` in place of `app.listen()`. Bun itself answers the static routes of an app that
 * listens, so the gate is in front of the app and not one of its hooks.
 */
export function sessionFetch<S = {}, U = {}>(gate: SessionGate<S, U>, app: { fetch(request: Request): Promise<Response> | Response }) {
  return (request: Request, connection?: ConnectionInfo | Context): Promise<Response> =>
    gate.fetch(request, connection as Context, (passed, visitor) => {
      visitors.set(passed, visitor as unknown as Visitor);
      return app.fetch(passed);
    });
}

/** Gives handlers a typed `visitor`: `new Elysia().derive(withVisitor)`. Throws for a request that did not pass `sessionFetch`. */
export function withVisitor({ request }: { request: Request }): { visitor: Visitor } {
  const visitor = visitors.get(request);
  if (!visitor) throw new BetterSessionError("VISITOR_MISSING", "the request did not pass the gate: serve sessionFetch(gate, app)");
  return { visitor };
}
