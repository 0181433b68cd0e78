/** `better-session/nuxt`: the gate as a server middleware of Nuxt 4, and of other apps on h3 1. */
import { guardNode, type AppIncoming } from "./frameworks/node-middleware.js";
import type { AppOutgoing } from "./frameworks/node-response.js";
import type { SessionGate, Visitor } from "./gate/types.js";

export type { Visitor } from "./gate/types.js";

/** The part of h3's event that is used here. */
interface Event {
  node: { req: object; res: object };
  context: object;
}

/**
 * Returns the handler for the first file of `server/middleware`: `export default defineEventHandler(sessionMiddleware(gate))`. Server code
 * finds the visitor in `event.context.visitor`. Nuxt's internal request for its error page is left out; a visitor cannot make one.
 */
export function sessionMiddleware<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return (event: Event): Promise<void> => {
    const request = event.node.req as AppIncoming & { originalUrl?: string; __unenv__?: unknown };
    const url = request.originalUrl ?? request.url;
    if ("__unenv__" in request && url?.startsWith("/__nuxt_error")) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const proceed = (visitor: Visitor<S, U>) => {
        (event.context as { visitor: Visitor<S, U> }).visitor = visitor;
        resolve();
      };
      guardNode(gate, request, event.node.res as AppOutgoing, proceed, url).then(resolve, reject);
    });
  };
}
