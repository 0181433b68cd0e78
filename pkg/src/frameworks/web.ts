/** The gate in front of handlers of a Request that a framework has read already. */
import type { Context, ConnectionInfo, SessionGate, Visitor } from "../gate/types.js";
import { redirectToNormalised } from "./moved.js";

/**
 * Lets the gate decide on a request. If the gate lets it through, `proceed` is called with the visitor, after `request` has received the
 * headers that the gate passes on: the renewed cookies, without forged identities. Resolves to the response with the gate's headers.
 */
export function guardRequest<S, U>(
  gate: SessionGate<S, U>,
  request: Request,
  second: Context | ConnectionInfo | undefined,
  proceed: (visitor: Visitor<S, U>) => Promise<Response> | Response,
): Promise<Response> {
  const next = (passed: Request, visitor: Visitor<S, U>) => {
    const moved = redirectToNormalised(passed, request.url);
    if (moved) return moved;
    replaceHeaders(request.headers, passed.headers);
    return proceed(visitor);
  };
  return gate.fetch(request, second as Context, next);
}

/** Makes headers equal. Those of a Worker's incoming request cannot be changed: there the app sees the cookies as they came. */
function replaceHeaders(headers: Headers, wanted: Headers): void {
  try {
    for (const name of [...headers.keys()]) if (!wanted.has(name)) headers.delete(name);
    for (const [name, value] of wanted) if (headers.get(name) !== value) headers.set(name, value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
