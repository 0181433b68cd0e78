/** Requests that leave the gate: what the visitor sent, less what only the gate may say. */
import type { GateOptions } from "./types.js";

/** The header that carries a sealed identity. */
export const IDENTITY_HEADER = "x-better-session-identity";

/** Headers of one connection (RFC 9110 §7.6.1), and what a client of fetch must not set. */
export const HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "expect"];

/** What belongs to the visitor's own question and would bend another one. */
const OWN = [
  "content-length", "content-type", "content-encoding", "content-language", "range", "if-match", "if-none-match", "if-modified-since",
  "if-unmodified-since", "if-range", "x-http-method-override", "x-http-method", "x-method-override", "upgrade", "accept-encoding",
];

/** Another path, for servers that believe it: the one that was matched is the one that is served. */
const PATHS = new Set(["x-original-url", "x-rewrite-url", "x-original-uri"]);

/**
 * Path and query of a URL as they stand there; a URL parser would rewrite them. A fragment is never sent.
 */
export function queryOf(url: string): string {
  const start = url.indexOf("?");
  if (start < 0) return "";
  const end = url.indexOf("#", start);
  return url.slice(start, end < 0 ? undefined : end);
}

/** `https://host` of a URL. */
export function siteOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i.exec(url)?.[0] ?? "";
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

/** For another server: whose name was called, from where, and nothing of this connection. */
export function forwardedHeaders(request: Request, options: GateOptions): Headers {
  const headers = visitorHeaders(request);
  const upgrade = headers.get("upgrade")?.toLowerCase() === "websocket";
  for (const name of HOP) if (!(upgrade && name === "connection")) headers.delete(name);
  if (!upgrade) headers.delete("upgrade");
  const site = siteOf(publicSite(options) || request.url);
  const [scheme, host] = site.split("://");
  if (scheme && host) {
    headers.delete("host");
    headers.set("x-forwarded-host", host);
    headers.set("x-forwarded-proto", scheme);
  }
  const address = clientAddress(request, options);
  if (address) headers.set("x-forwarded-for", address);
  return headers;
}

/** For a question of the gate's own: the visitor's circumstances, not the visitor's question. */
export function questionHeaders(request: Request, options: GateOptions, post: boolean): Headers {
  const headers = forwardedHeaders(request, options);
  for (const name of OWN) headers.delete(name);
  headers.set("accept", "application/json");
  if (post) headers.set("origin", siteOf(publicSite(options) || request.url)); // the gate asks, not the page
  return headers;
}

/** The same request to another URL. Its body is a stream and is passed on as one. */
export function redirected(request: Request, url: string, headers: Headers): Request {
  const { method, body, signal } = request;
  const init: RequestInit & { duplex?: "half" } = { method, headers, redirect: "manual", signal };
  if (body !== null && method !== "GET" && method !== "HEAD") {
    init.body = body;
    init.duplex = "half";
  }
  return new Request(url, init);
}

function publicSite({ baseURL }: GateOptions): string {
  return typeof baseURL === "string" ? baseURL : "";
}

function clientAddress(request: Request, { clientAddress }: GateOptions): string | null | undefined {
  if (clientAddress) return clientAddress(request);
  return onWorkers ? request.headers.get("cf-connecting-ip") : null;
}

/** Cloudflare sets `cf-connecting-ip` itself; elsewhere a visitor can. */
export const onWorkers = globalThis.navigator?.userAgent === "Cloudflare-Workers";
