/** Requests that leave the gate: what the visitor sent, less what only the gate may say. */
import { namesAddress, publicSite, settleAddress, siteWithoutRequest } from "./addresses.js";
import { credentialNames } from "../verifier/credentials.js";
import { inheritConnection } from "./connection.js";
import type { GateOptions } from "./types.js";

export { onWorkers, siteOf } from "./addresses.js";

/** The header that carries a sealed identity. */
export const IDENTITY_HEADER = "x-better-session-identity";

/** Headers of one connection (RFC 9110 §7.6.1), and what a client of fetch must not set. */
export const HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "expect", "http2-settings"];

/** Another path, for servers that believe it: the one that was matched is the one that is served. */
const PATHS = new Set(["x-original-url", "x-rewrite-url", "x-original-uri"]);

/** What the server's `get-session` and its plugins read besides cookies and credentials, and how much of it is sent. Characters. */
const CIRCUMSTANCES = new Map([["user-agent", 1024], ["accept-language", 256]]);

/** Longest header by which a proxy names addresses or hosts in a lookup. Characters. */
const MAX_ADDRESS = 1024;

/** Longest credential header in a lookup. A server in Node takes 16 KiB of headers in all. Characters. */
const MAX_CREDENTIAL = 8 * 1024;

/** Longest `Cookie` header in a lookup; the core leaves caches out before. Characters. */
const MAX_COOKIE = 64 * 1024;

/**
 * Path and query of a URL as they stand there; a URL parser would rewrite them. A fragment is never sent.
 */
export function queryOf(url: string): string {
  const start = url.indexOf("?");
  if (start < 0) return "";
  const end = url.indexOf("#", start);
  return url.slice(start, end < 0 ? undefined : end);
}

/**
 * The visitor's headers without forged ones: identities, other paths, and the names with which frameworks talk to themselves
 * (`x-middleware-subrequest` once switched a framework's middleware off). `_` reads as `-` to CGI-like servers.
 */
export function visitorHeaders(request: Request): Headers {
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()]) {
    const plain = name.replaceAll("_", "-");
    if (plain.startsWith("x-better-session-") || plain.startsWith("x-middleware-") || PATHS.has(plain)) headers.delete(name);
  }
  return headers;
}

/** For the app in this process: who called is what the connection says, unless a proxy is trusted. */
export function appHeaders(request: Request, options: GateOptions): Headers {
  const headers = visitorHeaders(request);
  settleAddress(headers, request, options);
  return headers;
}

/** For another server: whose name was called, from where, and nothing of this connection. */
export function forwardedHeaders(request: Request, options: GateOptions): Headers {
  const headers = appHeaders(request, options);
  const upgrade = headers.get("upgrade")?.toLowerCase() === "websocket";
  for (const name of HOP) headers.delete(name);
  // Further tokens would make the next hop drop the headers that they name.
  if (upgrade) headers.set("connection", "Upgrade");
  else headers.delete("upgrade");
  setSite(headers, publicSite(request, options));
  return headers;
}

/**
 * For a lookup of the gate's own: an allow-list of the visitor's headers, so that no other can make it fail. Null where a
 * credential or the session's tokens are longer than any genuine ones: without them the answer would be somebody else's. A
 * header that is no `credential` is left out instead, so that a visitor cannot prevent a lookup with it.
 */
export function lookupHeaders(request: Request, options: GateOptions, cookie: string, post: boolean, credential: boolean): Headers | null {
  const headers = new Headers({ accept: "application/json" });
  const credentials = credentialNames(options);
  for (const [name, value] of forwardedHeaders(request, options)) {
    const length = CIRCUMSTANCES.get(name);
    if (length !== undefined) headers.set(name, value.slice(0, length));
    else if (credentials.includes(name)) {
      if (value.length > MAX_CREDENTIAL && credential) return null;
      if (value.length > MAX_CREDENTIAL) continue;
      headers.set(name, value);
    } else if (namesAddress(name) && value.length <= MAX_ADDRESS) headers.set(name, value);
  }
  if (cookie.length > MAX_COOKIE) return null;
  if (cookie !== "") headers.set("cookie", cookie);
  if (post) headers.set("origin", publicSite(request, options)); // the gate asks, not the page
  return headers;
}

/** For a health check: nothing of any visitor's. */
export function probeHeaders(options: GateOptions): Headers {
  const headers = new Headers({ accept: "application/json" });
  setSite(headers, siteWithoutRequest(options));
  return headers;
}

/** Whether a request carries a credential that is not a cookie. */
export function hasCredentials(request: Request, options: GateOptions): boolean {
  return credentialNames(options).some((name) => request.headers.has(name));
}

/** The same request to another URL. Its body is a stream and is passed on as one. */
export function redirected(request: Request, url: string, headers: Headers): Request {
  const { method, body, signal } = request;
  const init: RequestInit & { duplex?: "half" } = { method, headers, redirect: "manual", signal };
  if (body !== null && method !== "GET" && method !== "HEAD") {
    init.body = body;
    init.duplex = "half";
  }
  return inheritConnection(request, new Request(url, init));
}

function setSite(headers: Headers, site: string): void {
  const [scheme, host] = site.split("://");
  if (!scheme || !host) return;
  headers.delete("host");
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", scheme);
}
