/** `better-session/react-router`: the gate as a middleware of React Router 7 and 8. */
import { inheritConnection } from "./gate/connection.js";
import { guardRequest } from "./frameworks/web.js";
import type { SessionGate, Visitor } from "./gate/types.js";

/** The context in which middleware, loaders and actions find the visitor: `context.get(sessionContext)`. */
export const sessionContext: { defaultValue?: Visitor } = {};

/** The part of the arguments of a middleware that is used here. */
interface MiddlewareArguments {
  request: Request;
  context: { set(context: typeof sessionContext, value: Visitor): void };
}

/**
 * Returns the middleware for `root.tsx`: `export const middleware = [sessionMiddleware(gate)]`. React Router 7 needs
 * `future: { v8_middleware: true, v8_passThroughRequests: true }`. Without the second a data request cannot be told from a call, so its
 * visitor sees an error page with a 401 instead of the sign-in page. The router makes no request for a page without a loader: give each
 * page that needs a session one.
 */
export function sessionMiddleware<S = {}, U = {}>(gate: SessionGate<S, U>) {
  return ({ request, context }: MiddlewareArguments, next: () => Promise<unknown>): Promise<Response> => {
    const page = pageOf(request);
    return guardRequest(gate, page ?? request, undefined, (visitor) => {
      if (page) request.headers.set("cookie", page.headers.get("cookie") ?? "");
      context.set(sessionContext, visitor as unknown as Visitor);
      return next() as Promise<Response>;
    });
  };
}

/**
 * Returns a request for the page whose data is requested, or null for other requests. React Router serves `/x.data` by the route of `/x`,
 * loaders with GET and actions with other methods, so the rules of `/x` apply. The gate redirects a loader's request to the sign-in page as it
 * would the page. The request has no body: the gate reads none.
 */
function pageOf(request: Request): Request | null {
  const url = new URL(request.url);
  const { method, signal } = request;
  if (!url.pathname.endsWith(".data")) return null;
  url.pathname = url.pathname.replace(/\/(?:_root|_)\.data$/, "/").replace(/\.data$/, "");
  url.searchParams.delete("_routes");
  const headers = new Headers(request.headers);
  if (method === "GET") {
    headers.set("accept", "text/html");
    headers.delete("sec-fetch-mode");
  }
  return inheritConnection(request, new Request(url, { method, headers, signal }));
}
