/** Forward authentication: the request of a proxy that asks before it forwards a visitor's request. */
import { BetterSessionError } from "../error.js";
import { siteOf } from "./addresses.js";
import { bodyOf } from "./body.js";
import { inheritConnection } from "./connection.js";
import { IDENTITY_HEADER } from "./forward.js";
import type { GateOptions, Next } from "./types.js";

/** A path with an optional query, after an optional origin. Two headers of one name are joined with ", ". */
const URI = /^(?:https?:\/\/[^/?#\s]+)?(\/[^#\s]*)$/i;
const METHOD = /^[A-Z]+$/;

/** Throws if the option `forwardAuth` cannot work: without `trustProxy` a visitor could name the path that is judged. */
export function assertForwardAuth({ forwardAuth, trustProxy }: GateOptions): void {
  if (forwardAuth === undefined) return;
  const names: unknown[] = [forwardAuth.method, forwardAuth.uri];
  if (trustProxy !== true || !names.every((name) => typeof name === "string" && /^[a-z0-9-]+$/i.test(name))) {
    throw new BetterSessionError("OPTION_INVALID", "forwardAuth needs trustProxy: true and the names of two headers, method and uri");
  }
}

/** Segments that a URL loses when it is parsed, and backslashes, which it reads as slashes. */
const REWRITTEN = /\\|\/(?:\.|%2e){1,2}(?:\/|$)/i;

/**
 * Returns whether parsing changes which path the proxy's header names. The proxy forwards the path as it came, so another one than was
 * judged would be served.
 */
export function isRewritten(request: Request, { forwardAuth }: GateOptions): boolean {
  const [path = ""] = (URI.exec(request.headers.get(forwardAuth!.uri) ?? "")?.[1] ?? "").split("?");
  return REWRITTEN.test(path);
}

/** Returns the visitor's request without its body, or null if a header is missing, repeated or invalid. */
export function originalRequest(request: Request, { forwardAuth }: GateOptions): Request | null {
  if (!forwardAuth) throw new BetterSessionError("OPTION_INVALID", "gate.forwardAuth needs the option forwardAuth");
  const method = request.headers.get(forwardAuth.method) ?? "";
  const path = URI.exec(request.headers.get(forwardAuth.uri) ?? "")?.[1];
  if (path === undefined || !METHOD.test(method)) return null;
  const headers = new Headers(request.headers);
  // The proxy's own request has no page to redirect if the proxy cannot pass a redirect on.
  if (forwardAuth.redirect === false) headers.set("sec-fetch-mode", "cors");
  for (const name of ["content-length", "transfer-encoding"]) headers.delete(name);
  try {
    return inheritConnection(request, new Request(siteOf(request.url) + path, { method, headers, signal: request.signal }));
  } catch {
    return null; // CONNECT, TRACE or TRACK
  }
}

/**
 * Responds to a request that is let through with the visitor's identity, for the proxy to pass on. The header is empty if the visitor is
 * signed out, so that the proxy replaces a forged one. The proxy passes on the cookies of `original`, which are not renewed.
 */
export const passed =
  (original: Request): Next =>
  ({ url, method }, visitor) => {
    const forwarded = new Request(url, { method, headers: { cookie: original.headers.get("cookie") ?? "" } });
    return new Response(null, { headers: { [IDENTITY_HEADER]: visitor.seal(forwarded).headers.get(IDENTITY_HEADER) ?? "" } });
  };

/** Returns a refusal with the status 403 if the proxy accepts no other than 401 and 403. */
export function acceptable(response: Response, { forwardAuth }: GateOptions): Response {
  const { status } = response;
  const other = status >= 400 && status < 500 && status !== 401 && status !== 403;
  return forwardAuth?.redirect === false && other ? new Response(bodyOf(response), { status: 403, headers: response.headers }) : response;
}
