/** Responses that the gate creates or changes. */
import type { DenyAction } from "./action.js";
import { bodyOf } from "./body.js";
import type { Verdict } from "../types.js";

/** The error if no lookup or call at the origin succeeded. */
export const UNAVAILABLE = { status: 503, code: "ORIGIN_UNAVAILABLE", message: "The server cannot be reached at the moment" };

/** The error after a fault of the gate itself: no request is let through. */
export const GATE_UNAVAILABLE = { status: 503, code: "GATE_UNAVAILABLE", message: "The session cannot be checked at the moment" };

/** The verdict on a request whose session the origin does not know. */
export const REFUSED: Verdict = { status: "unauthenticated", reason: "refused" };

/** Seconds after which a visitor may try again. */
const RETRY_AFTER = "5";

const PRIVATE = { "cache-control": "private, no-store", vary: "cookie" };

/** The error responses of the gate, to tell them from those of the origin and of the app. */
const own = new WeakSet<Response>();

/** Returns whether the gate made an error response itself. */
export function isOwn(response: Response): boolean {
  return own.has(response);
}

/** An empty response with the headers of `get-session`. In workerd a Response is created fastest from another, whose headers are checked already. */
let template: Response | undefined;

/** Headers that shared caches obey instead of `cache-control`. */
const SHARED = ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "vercel-cdn-cache-control"];

/** Returns the response to `get-session`, as the server responds from its cache. */
export function sessionResponse(body: string, setCookies: string[]): Response {
  template ??= new Response(null, { headers: { ...PRIVATE, "content-type": "application/json", pragma: "no-cache" } });
  const response = new Response(body, template);
  for (const line of setCookies) response.headers.append("set-cookie", line);
  return response;
}

/** Returns whether a browser loads a page in advance. */
export function isPrefetch({ headers }: Request): boolean {
  return ["sec-purpose", "purpose", "x-moz"].some((name) => headers.get(name)?.startsWith("prefetch"));
}

/** Returns an error response, `{ code, message }`; with a status 3xx and a location, a redirect. */
export function errorResponse(
  error: Pick<DenyAction, "status" | "code" | "message" | "location">,
  method: string,
  setCookies: string[] = [],
): Response {
  const headers = new Headers({ ...PRIVATE, "content-type": "application/json" });
  if (error.location && error.status < 400) headers.set("location", error.location);
  if (error.status === 503) headers.set("retry-after", RETRY_AFTER);
  for (const line of setCookies) headers.append("set-cookie", line);
  const body = method === "HEAD" ? null : JSON.stringify({ code: error.code, message: error.message });
  const response = new Response(body, { status: error.status, headers });
  own.add(response);
  return response;
}

/** Returns the 401 for a request that cannot be judged. */
export function unauthorized(): Response {
  return errorResponse({ status: 401, code: "UNAUTHORIZED", message: "Unauthorized" }, "GET");
}

/** Returns the 400 for a request whose URL is invalid. */
export function badRequest(method: string): Response {
  return errorResponse({ status: 400, code: "BAD_REQUEST", message: "Bad request" }, method);
}

/**
 * Returns the response made private to this visitor. `setCookies` go before its own, so that a cookie that the app sets
 * (a sign-out, for example) wins.
 */
export function privateResponse(response: Response, setCookies: string[]): Response {
  if (response.status < 200) return setCookies.length > 0 ? upgradeResponse(response, setCookies) : response;
  const copy = copyOf(response);
  const { headers } = copy;
  if (!forbidsStoring(headers.get("cache-control") ?? "")) headers.set("cache-control", PRIVATE["cache-control"]);
  for (const name of SHARED) headers.delete(name);
  const vary = headers.get("vary") ?? "";
  if (!/(^|,)\s*(cookie|\*)\s*(,|$)/i.test(vary)) headers.append("vary", "cookie");
  if (setCookies.length > 0) {
    const own = headers.getSetCookie();
    const names = new Set(own.map(nameOf));
    headers.delete("set-cookie");
    for (const line of setCookies) if (!names.has(nameOf(line))) headers.append("set-cookie", line);
    for (const line of own) headers.append("set-cookie", line);
  }
  return copy;
}

/**
 * Returns a protocol switch (101) with these `Set-Cookie` lines before its own. Only Workers let one be copied, with its `webSocket`;
 * elsewhere, and for `Response.error()`, the response stays as it is.
 */
function upgradeResponse(response: Response, setCookies: string[]): Response {
  if (!(response as { webSocket?: unknown }).webSocket) return response;
  const copy = new Response(null, response);
  const own = copy.headers.getSetCookie();
  copy.headers.delete("set-cookie");
  for (const line of [...setCookies, ...own]) copy.headers.append("set-cookie", line);
  return copy;
}

/** Returns the response with these `Set-Cookie` lines in place of its own. */
export function withSetCookies(response: Response, setCookies: string[]): Response {
  const copy = copyOf(response);
  copy.headers.delete("set-cookie");
  for (const line of setCookies) copy.headers.append("set-cookie", line);
  return copy;
}

/** Returns a response whose headers can be changed. Workers also copy what has no property: that the body is encoded already. */
export function copyOf(response: Response): Response {
  return new Response(bodyOf(response), response);
}

/** Returns whether caches must not store the response. Under `must-understand` a cache may ignore `no-store` (RFC 9111 §5.2.2.3). */
function forbidsStoring(cacheControl: string): boolean {
  const directives = cacheControl
    .toLowerCase()
    .split(",")
    .map((directive) => directive.trim());
  return directives.includes("no-store") && !directives.includes("must-understand");
}

function nameOf(setCookie: string): string {
  return setCookie.slice(0, setCookie.indexOf("=")).trim();
}
