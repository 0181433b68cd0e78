/** The gate as the `proxy.ts` of Next.js 16, and the `middleware.ts` of Next.js 15. */
import { NextResponse } from "next/server.js";
import { IDENTITY_HEADER, siteOf } from "../../gate/forward.js";
import { copyOf } from "../../gate/responses.js";
import type { Context, SessionGate, Visitor } from "../../gate/types.js";
import type { LazyVisitor } from "../../gate/visitor.js";
import { redirectToNormalised } from "../moved.js";
import { IDENTITY_PATH } from "./identity.js";

export interface SessionProxyContext<S = {}, U = {}> {
  visitor: Visitor<S, U>;
  /**
   * The request's headers for `NextResponse.next({ request: { headers } })` or `rewrite`: with the renewed cookies and the
   * visitor's identity, without forged ones.
   */
  headers: Headers;
}

/** The rest of a proxy, for requests that the gate lets through. A response without the given headers hides the visitor. */
export type ProxyHandler<R extends Request, S = {}, U = {}> = (
  request: R,
  context: SessionProxyContext<S, U>,
) => Response | undefined | Promise<Response | undefined>;

/**
 * Returns the proxy: `export default sessionProxy(gate)`. Server components, server actions and route handlers read the
 * visitor with `getVisitor()`. Renewed cookies are set on the response and on the request that the app receives.
 */
export function sessionProxy<S = {}, U = {}, R extends Request = Request>(gate: SessionGate<S, U>, handler?: ProxyHandler<R, S, U>) {
  return async (request: R, event?: Context): Promise<Response> => {
    const response = await gate.fetch(request, event, async (renewed, visitor) => {
      const moved = redirectToNormalised(renewed, request.url);
      if (moved) return moved;
      const { headers } = renewed;
      const identity = (visitor as unknown as LazyVisitor).identity("GET", IDENTITY_PATH, headers.get("cookie"));
      if (identity) headers.set(IDENTITY_HEADER, identity);
      return (await handler?.(request, { visitor, headers })) ?? NextResponse.next({ request: { headers } });
    });
    return withAbsoluteLocation(response, request.url);
  };
}

/** Returns the response with an absolute `Location`: Next.js responds with 500 to a relative one. */
function withAbsoluteLocation(response: Response, url: string): Response {
  const location = response.headers.get("location");
  if (!location?.startsWith("/")) return response;
  const absolute = copyOf(response);
  absolute.headers.set("location", siteOf(url) + location);
  return absolute;
}
