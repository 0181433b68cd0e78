/** The names of headers in which proxies report the visitor's address, host and protocol, which are removed unless the operator trusts the proxy; and the choice of the address to forward. */
import { credentialNames } from "../verifier/credentials.js";
import { connectionOf } from "./connection.js";
import { isHost } from "./host.js";
import type { GateOptions } from "./types.js";

/** True on Cloudflare Workers, where Cloudflare sets `cf-connecting-ip`; elsewhere a visitor can set it. */
export const onWorkers = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** Patterns of names: `x-forwarded-*`, `x-original-*`, names that end in `ip` or `addr`, and a side of the connection with its address, host or protocol. */
const PATTERNS = [
  /(?:^|-)(?:forward(?:ed)?|proxied)(?:-|$)/,
  /^x-original(?:ating)?-/,
  /(?:^|-)(?:client|real|remote|socket|user|source|trueclient|peer)?ip(?:v[46])?$/,
  /addr$/,
  /(?:^|-)(?:client|remote|real|peer|viewer|source|ip|external|proxy|http|server|public|originating|cloudfront|request|url|https)-(?:source-)?(?:address|host|name|port|proto|protocol|scheme|uri)$/,
];

/** Names that no pattern covers. */
const NAMES = new Set([
  "via",
  "cf-visitor",
  "x-envoy-original-host",
  "x-envoy-original-path",
  "x-host",
  "x-backend-host",
  "x-host-override",
  "x-http-host-override",
  "x-bluecoat-via",
  "x-hostname",
  "x-host-name",
  "x-port",
  "x-peer",
  "x-client",
  "x-remote-client",
  "x-proto",
  "x-protocol",
  "x-scheme",
  "x-arr-ssl",
  "front-end-https",
  "https",
  "x-https",
  "x-is-https",
  "x-ssl",
  "x-tls",
  "x-script-name",
  "script-name",
  "x-base-path",
  "x-ingress-path",
  "x-proxy-prefix",
  "x-path-prefix",
  "x-prefix",
  "x-context-path",
  "x-base-url",
  "base-url",
  "x-app-base",
  "x-ms-original-url",
  "x-waws-unencoded-url",
  "x-custom-ip-authorization",
]);

/** Names that were matched before: browsers send the same few headers, and the patterns take longer than all else in a request. */
const matched = new Map<string, boolean>();
const MAX_MATCHED = 256;
const MAX_NAME = 64;

/** Returns whether a header reports an address, host, protocol or path prefix. CGI-like servers read `_` as `-`. */
export function namesAddress(header: string): boolean {
  const known = matched.get(header);
  if (known !== undefined) return known;
  const name = header.replaceAll("_", "-");
  const result = NAMES.has(name) || PATTERNS.some((pattern) => pattern.test(name));
  if (matched.size >= MAX_MATCHED) matched.clear();
  if (header.length <= MAX_NAME) matched.set(header, result);
  return result;
}

/** Returns whether these headers come from a trusted proxy, by the option of the gate or of the listener. */
export function trustsProxy(request: Request, { trustProxy }: GateOptions): boolean {
  return trustProxy === true || connectionOf(request)?.proxied === true;
}

/**
 * Removes the address headers that are not trusted and no credentials, and sets `x-forwarded-for` to the visitor's address if it is
 * known. `names` are those of `headers`.
 */
export function replaceAddressHeaders(headers: Headers, names: string[], request: Request, options: GateOptions): void {
  const trusted = trustsProxy(request, options);
  if (!trusted) {
    const read = serverReads(options);
    const credentials = credentialNames(options);
    for (const name of names) {
      if (credentials.includes(name) || (onWorkers && name === "cf-connecting-ip")) continue;
      if (namesAddress(name) || read.includes(name)) headers.delete(name);
    }
  }
  const address = clientAddress(request, options, trusted);
  if (address) headers.set("x-forwarded-for", address);
}

/** Returns the headers that the server takes addresses from, if its own options were given. */
function serverReads({ advanced }: GateOptions): string[] {
  const { ipAddressHeaders } = (advanced?.ipAddress ?? {}) as { ipAddressHeaders?: unknown };
  return Array.isArray(ipAddressHeaders) ? ipAddressHeaders.map((name) => String(name).toLowerCase()) : [];
}

/** Returns the visitor's `scheme://host`: the configured one, the one that a trusted proxy reports, or the request's. */
export function publicSite(request: Request, options: GateOptions): string {
  const site = siteOf(configuredSite(options) || request.url);
  if (configuredSite(options) || !trustsProxy(request, options)) return site;
  const [scheme, host] = site.split("://");
  const first = (name: string) => request.headers.get(name)?.split(",")[0]?.trim() ?? "";
  const proto = first("x-forwarded-proto").toLowerCase();
  const named = first("x-forwarded-host");
  return `${proto === "https" || proto === "http" ? proto : scheme}://${isHost(named) ? named : host}`;
}

/**
 * Returns `scheme://host` from the configuration alone, or "". A server with a dynamic `baseURL` responds with 500 to hosts
 * that it does not allow, so the result is one that it allows.
 */
export function siteWithoutRequest({ baseURL }: GateOptions): string {
  if (typeof baseURL !== "object" || baseURL === null) return siteOf(baseURL ?? "");
  if (baseURL.fallback) return siteOf(baseURL.fallback);
  const host = baseURL.allowedHosts?.[0]?.replace(/^https?:\/\//, "").replace(/[*?]+/g, "x");
  return host ? `${baseURL.protocol === "http" ? "http" : "https"}://${host}` : "";
}

/** Returns the `scheme://host` of a URL, or "". */
export function siteOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i.exec(url)?.[0] ?? "";
}

function configuredSite({ baseURL }: GateOptions): string {
  return typeof baseURL === "string" ? baseURL : "";
}

function clientAddress(request: Request, { clientAddress }: GateOptions, trusted: boolean): string | null | undefined {
  if (clientAddress) return clientAddress(request);
  if (onWorkers) return request.headers.get("cf-connecting-ip");
  const { address, forwardedFor } = connectionOf(request) ?? {};
  return trusted ? (forwardedFor ?? request.headers.get("x-forwarded-for") ?? address) : address;
}
