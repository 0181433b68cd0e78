/** Functions that read and change the cookies of a request. */
import { cookieNameRegex, parseCookies, SECURE_COOKIE_PREFIX } from "./names.js";
import { parseSetCookieHeader } from "./set-cookie.js";

/** Returns the Cookie header of a request or of headers. */
export function readCookieHeader(request: Request | Headers): string | null {
  const headers = request instanceof Headers || !("headers" in request) ? request : request.headers;
  return headers.get("cookie");
}

/**
 * Returns the session token's cookie without verifying it, as a hint whether someone is signed in. The `__Secure-` name is
 * preferred, even if its value is empty.
 */
export function getSessionCookie(
  request: Request | Headers,
  config?: { cookiePrefix?: string; cookieName?: string; path?: string },
): string | null {
  const header = readCookieHeader(request);
  if (!header) return null;
  const { cookieName = "session_token", cookiePrefix = "better-auth" } = config ?? {};
  const cookies = parseCookies(header);
  const read = (name: string) => cookies.get(SECURE_COOKIE_PREFIX + name) ?? cookies.get(name);
  return read(`${cookiePrefix}.${cookieName}`) || read(`${cookiePrefix}-${cookieName}`) || null;
}

/** Adds or replaces one cookie of the `Cookie` header. */
export function setRequestCookie(headers: Headers, name: string, value: string): void {
  mergeCookies(headers, [[name, value]]);
}

/** Merges `Set-Cookie` values into the `Cookie` header by name and value; expiry, domain and path are ignored. */
export function applySetCookies(target: Headers, setCookieValues: Iterable<string>): void {
  const changes: [string, string][] = [];
  for (const line of setCookieValues) {
    for (const [name, { value }] of parseSetCookieHeader(line)) changes.push([name, value]);
  }
  mergeCookies(target, changes);
}

/** Returns a hook that merges a response's `Set-Cookie` into `headers`. */
export function setCookieToHeader(headers: Headers): (context: { response: Response }) => void {
  return ({ response }) => {
    const setCookie = response.headers.get("set-cookie");
    if (setCookie) applySetCookies(headers, [setCookie]);
  };
}

/** Writes the header again instead of appending: some runtimes join appended cookies with a comma, which no parser splits. */
function mergeCookies(headers: Headers, changes: [name: string, value: string][]): void {
  const cookies = parseCookies(headers.get("cookie") ?? "");
  for (const [name, value] of changes) if (cookieNameRegex.test(name)) cookies.set(name, value);
  headers.set("cookie", Array.from(cookies, ([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; "));
}
