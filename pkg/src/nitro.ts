/** `better-session/nitro`: the gate as a plugin of Nitro 3. */
import type { SessionGate, Visitor } from "./gate/types.js";

export type { Visitor } from "./gate/types.js";

/** The part of Nitro's app that is used here. */
interface NitroApp {
  fetch(request: Request | string | URL, init?: RequestInit, context?: object): Promise<Response> | Response;
}

/** A request as Nitro's server makes it. */
interface ServerRequest extends Request {
  ip?: string | undefined;
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/**
 * Returns the plugin: `export default defineNitroPlugin(sessionPlugin(gate))`. Handlers find the visitor in `event.context.visitor`. The gate is in
 * front of everything, static files too; a server's own requests to its handlers do not pass it.
 */
export function sessionPlugin<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return (app: NitroApp): void => {
    const inner = app.fetch;
    app.fetch = (request, init, context) => {
      if (!(request instanceof Request)) return inner(request, init, context);
      const { ip, waitUntil } = request as ServerRequest;
      const connection = { remoteAddr: { hostname: ip }, ...(waitUntil ? { waitUntil: waitUntil.bind(request) } : {}) };
      const next = (passed: Request, visitor: Visitor<S, U>) => inner(passed, undefined, { ...context, visitor });
      return gate.fetch(request, connection, next);
    };
  };
}
