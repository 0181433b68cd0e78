/** `better-session/express`: the gate as an Express middleware. */
import { guardNode, type AppIncoming } from "./frameworks/node-middleware.js";
import type { AppOutgoing } from "./frameworks/node-response.js";
import type { SessionGate, Visitor } from "./gate/types.js";

declare global {
  namespace Express {
    interface Request {
      /** The visitor, set by `sessionMiddleware`. */
      visitor: Visitor;
    }
  }
}

/**
 * Returns the middleware: `app.use(sessionMiddleware(gate))`, before body parsers. Handlers find the visitor in `req.visitor`. Behind a proxy
 * of yours set the gate's option `trustProxy`.
 */
export function sessionMiddleware<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return (request: AppIncoming & { originalUrl?: string }, response: AppOutgoing, next: (error?: unknown) => void): void => {
    const proceed = (visitor: Visitor<S, U>) => {
      (request as unknown as { visitor: Visitor<S, U> }).visitor = visitor;
      next();
    };
    guardNode(gate, request, response, proceed, request.originalUrl).catch(next);
  };
}
