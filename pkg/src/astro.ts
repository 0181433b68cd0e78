/** `better-session/astro`: the gate as the middleware of an Astro site. */
import { guardRequest } from "./frameworks/web.js";
import type { ConnectionInfo, SessionGate, Visitor } from "./gate/types.js";

export type { Visitor } from "./gate/types.js";

/** The part of Astro's context that is used here. */
interface AstroContext {
  request: Request;
  locals: object;
  readonly isPrerendered: boolean;
  readonly clientAddress: string;
}

/**
 * Returns the middleware: `export const onRequest = sessionMiddleware(gate)`. Pages and endpoints find the visitor in `Astro.locals.visitor`.
 * Prerendered pages are left out: they are made without a visitor, and served without a middleware.
 */
export function sessionMiddleware<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return async (context: AstroContext, next: () => Promise<Response>): Promise<Response> => {
    if (context.isPrerendered) return next();
    return guardRequest(gate, context.request, connectionOf(context), (visitor) => {
      (context.locals as { visitor: Visitor<S, U> }).visitor = visitor;
      return next();
    });
  };
}

/** Returns the visitor's address. Adapters without one throw. */
function connectionOf(context: AstroContext): ConnectionInfo | undefined {
  try {
    return { remoteAddr: { hostname: context.clientAddress } };
  } catch {
    return undefined;
  }
}
