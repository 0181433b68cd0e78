/** CORS: the headers of responses that the gate makes itself, and preflights. */
import { BetterSessionError } from "../error.js";
import { HEADER_NAME, credentialNames } from "../verifier/credentials.js";
import { inheritConnection } from "./connection.js";
import type { CorsOptions, GateOptions } from "./types.js";

/** A serialised origin. Extensions and native apps have schemes of their own. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*\\,]+$/;

/** Headers by which some servers replace the method. */
const METHOD_OVERRIDE = /(method|verb|override)/;

/** Adds the CORS headers to a response that the gate made for a request. Returns the response. */
export type Cors = (request: Request, response: Response) => Response;

/**
 * Returns the rule of the option `cors`, or of the exact http(s) origins among the server's `trustedOrigins`, or null if there is
 * neither. Throws OPTION_INVALID for a list that browsers would not accept.
 */
export function corsOf(options: GateOptions): Cors | null {
  const { cors, trustedOrigins } = options as GateOptions & { trustedOrigins?: unknown };
  const { origins, credentials = true, exposeHeaders = [] } = cors ?? { origins: exactOrigins(trustedOrigins) };
  if (!cors && (origins as string[]).length === 0) return null;
  const every = validated(origins, credentials, exposeHeaders);
  const allows = typeof origins === "function" ? safely(origins) : (origin: string) => origins.includes(origin);
  return (request, response) => {
    const { headers } = response;
    const origin = request.headers.get("origin") ?? "";
    if (!every && !/\borigin\b/.test(headers.get("vary") ?? "")) headers.append("vary", "origin");
    if (!every && (!ORIGIN.test(origin) || !allows(origin))) return response;
    headers.set("access-control-allow-origin", every ? "*" : origin);
    if (credentials) headers.set("access-control-allow-credentials", "true");
    if (exposeHeaders.length > 0) headers.set("access-control-expose-headers", exposeHeaders.join(","));
    return response;
  };
}

/** Returns whether every origin is allowed. */
function validated(origins: CorsOptions["origins"], credentials: boolean, exposeHeaders: string[]): boolean {
  const fail = (message: string) => {
    throw new BetterSessionError("OPTION_INVALID", message);
  };
  if (!Array.isArray(exposeHeaders) || !exposeHeaders.every((name) => HEADER_NAME.test(name)))
    fail("cors.exposeHeaders must be a list of header names");
  if (typeof origins === "function") return false;
  const every = Array.isArray(origins) && origins.includes("*");
  if (every && credentials) fail('cors.origins cannot contain "*" with credentials: browsers refuse it');
  if (!Array.isArray(origins) || !origins.every((origin) => origin === "*" || ORIGIN.test(origin))) {
    fail("cors.origins must be a function, or a list of exact origins such as https://app.example");
  }
  return every;
}

/** Returns the entries that the server compares with `Origin` as they are. Patterns and functions need the option `cors`. */
function exactOrigins(trusted: unknown): string[] {
  const isExact = (entry: unknown) => typeof entry === "string" && /^https?:/.test(entry) && ORIGIN.test(entry);
  return Array.isArray(trusted) ? trusted.filter(isExact) : [];
}

/** Wraps the operator's function: an error or anything but `true` allows nothing. */
function safely(allows: (origin: string) => boolean): (origin: string) => boolean {
  return (origin) => {
    try {
      return allows(origin) === true;
    } catch {
      return false;
    }
  };
}

/** Returns whether a request is a preflight (Fetch standard, CORS-preflight request). */
export function isPreflight({ method, headers }: Request): boolean {
  return method === "OPTIONS" && headers.has("access-control-request-method") && headers.has("origin");
}

/** Returns a preflight without credentials, body and method overrides: it is passed on without a session. */
export function barePreflight(request: Request, options: GateOptions): Request {
  const { url, method, signal, cf } = request as Request & { cf?: unknown };
  const headers = new Headers(request.headers);
  const removed = ["cookie", "authorization", "proxy-authorization", "content-length", "content-type", ...credentialNames(options)];
  for (const name of [...headers.keys()]) {
    if (removed.includes(name) || (METHOD_OVERRIDE.test(name) && name !== "access-control-request-method")) headers.delete(name);
  }
  return inheritConnection(request, new Request(url, { method, headers, signal, ...(cf ? { cf } : {}) }));
}

/** Returns the response to a preflight without a body, which no browser reads and an app that ignores methods could fill with a page. */
export function preflightResponse(response: Response): Response {
  if (!response.body) return response;
  response.body.cancel().catch(() => {});
  const bare = new Response(null, response);
  for (const name of ["content-length", "content-encoding", "content-type"]) bare.headers.delete(name);
  return bare;
}
