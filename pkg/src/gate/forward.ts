/** Requests that the gate forwards: the visitor's, without the headers that only the gate may set. */
import { credentialNames } from "../verifier/credentials.js";
import { namesAddress, onWorkers, publicSite, replaceAddressHeaders, siteWithoutRequest } from "./addresses.js";
import { isBodyLost, lostBody, markBodyLost } from "./body.js";
import { inheritConnection } from "./connection.js";
import { withoutOwnCache } from "../own-cache/cookie.js";
import type { GateOptions } from "./types.js";

export { onWorkers, siteOf } from "./addresses.js";

/** The header with the encrypted identity. */
export const IDENTITY_HEADER = "x-better-session-identity";

/** Headers of one connection (RFC 9110 §7.6.1), and those that a client of fetch must not set. */
export const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "expect",
  "http2-settings",
];

/** Headers by which some servers replace the path. They are removed, so that the path that was matched is the one that is served. */
const PATH_HEADERS = new Set(["x-original-url", "x-rewrite-url", "x-original-uri"]);

/** Other headers that the server's `get-session` and its plugins read, with the maximum length that is sent. */
const CLIENT_HEADERS = new Map([
  ["user-agent", 1024],
  ["accept-language", 256],
]);

/** Maximum length of a proxy's address header in a lookup. */
const MAX_ADDRESS = 1024;

/** Maximum length of a credential header in a lookup. A server in Node accepts 16 KiB of headers in total. */
const MAX_CREDENTIAL = 8 * 1024;

/** Maximum length of the `Cookie` header in a lookup, from which gate.wasm has removed the cache. */
const MAX_COOKIE = 64 * 1024;

/** Returns the query of a URL unchanged; a URL parser would rewrite it. A fragment is never sent. */
export function queryOf(url: string): string {
  const start = url.indexOf("?");
  if (start < 0) return "";
  const end = url.indexOf("#", start);
  return url.slice(start, end < 0 ? undefined : end);
}

/**
 * Returns the visitor's headers without forged ones: identities, other paths, and the internal headers of frameworks
 * (`x-middleware-subrequest` once switched a framework's middleware off). CGI-like servers read `_` as `-`.
 */
export function visitorHeaders(request: Request, names = [...request.headers.keys()]): Headers {
  const headers = new Headers(request.headers);
  for (const name of names) {
    const plain = name.replaceAll("_", "-");
    if (plain.startsWith("x-better-session-") || plain.startsWith("x-middleware-") || PATH_HEADERS.has(plain)) headers.delete(name);
  }
  const cookie = headers.get("cookie");
  if (cookie === null) return headers;
  const forwarded = withoutOwnCache(cookie);
  if (forwarded === "") headers.delete("cookie");
  else if (forwarded !== cookie) headers.set("cookie", forwarded);
  return headers;
}

/** Returns the headers for the app in this process. The visitor's address is the connection's unless a proxy is trusted. */
export function appHeaders(request: Request, options: GateOptions): Headers {
  const names = [...request.headers.keys()];
  const headers = visitorHeaders(request, names);
  replaceAddressHeaders(headers, names, request, options);
  return headers;
}

/** Returns the headers for another server: with the visitor's host and address, without those of this connection. */
export function forwardedHeaders(request: Request, options: GateOptions): Headers {
  const headers = appHeaders(request, options);
  const upgrade = headers.get("upgrade")?.toLowerCase() === "websocket";
  for (const name of HOP_BY_HOP) headers.delete(name);
  // Further tokens would make the next hop remove the headers that they name.
  if (upgrade) headers.set("connection", "Upgrade");
  else headers.delete("upgrade");
  if (!onWorkers) limitEncodings(headers);
  setSite(headers, publicSite(request, options));
  return headers;
}

/** Leaves the encodings that every runtime's fetch decodes: it would pass another one on to a visitor who has not asked for it. */
function limitEncodings(headers: Headers): void {
  const accepted = headers.get("accept-encoding");
  if (accepted === null) return;
  const known = accepted.split(",").filter((encoding) => /^\s*(gzip|br|identity)\s*(;|$)/i.test(encoding));
  headers.set("accept-encoding", known.join(",").trim() || "identity");
}

/**
 * Returns the headers for a lookup: an allow-list of the visitor's, so that no other header can make it fail. Returns null if
 * a credential or the session's cookies are longer than any valid ones: without them the response would be another visitor's.
 * A header that is no `credential` is left out instead, so that a visitor cannot prevent a lookup with it.
 */
export function lookupHeaders(request: Request, options: GateOptions, cookie: string, post: boolean, credential: boolean): Headers | null {
  const headers = new Headers({ accept: "application/json" });
  const credentials = credentialNames(options);
  for (const [name, value] of forwardedHeaders(request, options)) {
    const length = CLIENT_HEADERS.get(name);
    if (length !== undefined) headers.set(name, value.slice(0, length));
    else if (credentials.includes(name)) {
      if (value.length > MAX_CREDENTIAL && credential) return null;
      if (value.length > MAX_CREDENTIAL) continue;
      headers.set(name, value);
    } else if (namesAddress(name) && value.length <= MAX_ADDRESS) headers.set(name, value);
  }
  if (cookie.length > MAX_COOKIE) return null;
  if (cookie !== "") headers.set("cookie", cookie);
  if (post) headers.set("origin", publicSite(request, options)); // the request comes from the gate, not from a page
  return headers;
}

/** Returns the headers for a health check, none of them a visitor's. */
export function probeHeaders(options: GateOptions): Headers {
  const headers = new Headers({ accept: "application/json" });
  setSite(headers, siteWithoutRequest(options));
  return headers;
}

/** Returns whether a request has a credential header. */
export function hasCredentials(request: Request, options: GateOptions): boolean {
  return credentialNames(options).some((name) => request.headers.has(name));
}

/** Returns the same request to another URL. Its body stays a stream, and `cf`, which Workers add, stays as it is. */
export function redirected(request: Request, url: string, headers: Headers): Request {
  const { method, body, signal, cf } = request as Request & { cf?: unknown };
  const init: RequestInit & { duplex?: "half"; cf?: unknown } = { method, headers, redirect: "manual", signal, ...(cf ? { cf } : {}) };
  const isLost = isBodyLost(request);
  if ((body !== null || isLost) && method !== "GET" && method !== "HEAD") {
    init.body = isLost ? lostBody() : body;
    init.duplex = "half";
  }
  const copy = inheritConnection(request, new Request(url, init));
  return isLost ? markBodyLost(copy) : copy;
}

function setSite(headers: Headers, site: string): void {
  const [scheme, host] = site.split("://");
  if (!scheme || !host) return;
  headers.delete("host");
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", scheme);
}
