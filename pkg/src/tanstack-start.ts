/** `better-session/tanstack-start`: the gate as a request middleware of TanStack Start. */
import { guardRequest } from "./frameworks/web.js";
import type { SessionGate, Visitor } from "./gate/types.js";

/**
 * Lets the gate decide on a request, for a middleware whose `context.visitor` is typed:
 * `createMiddleware().server(({ request, next }) => guard(gate, request, (visitor) => next({ context: { visitor } })))`.
 */
export async function guard<R extends { response: Response }, S = {}, U = {}>(
  gate: SessionGate<S, U>,
  request: Request,
  next: (visitor: Visitor<S, U>) => R | Promise<R>,
): Promise<R | Response> {
  let result: R | undefined;
  const response = await guardRequest(gate, request, undefined, async (visitor) => {
    result = await next(visitor);
    return result.response;
  });
  return result ? { ...result, response } : response;
}
