/** What is handed to the core: one bounded string and one finite time. */
import type { CookieSource } from "../types.js";

/** One more than the core reads, so that the core sees "too long" without copying all of it. Characters. */
const MAX_INPUT = 128 * 1024 + 1;

/** The greatest time a Date can hold, in milliseconds. */
const MAX_TIME = 8.64e15;

/** Cuts what no server would read. A value that is no string at all is as good as none. */
export function bounded(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.length > MAX_INPUT ? value.slice(0, MAX_INPUT) : value;
}

/** The Cookie header's value. Node's own `IncomingMessage`, whose headers are a plain object, is understood too. */
export function cookieHeader(source: CookieSource): string {
  if (typeof source === "string") return bounded(source);
  const headers = (source as Partial<Request> | null | undefined)?.headers ?? source;
  if (typeof (headers as Headers | undefined)?.get === "function") return bounded((headers as Headers).get("cookie"));
  return bounded((headers as { cookie?: unknown } | null | undefined)?.cookie);
}

/** The scheme of a request's URL, numbered as the core's bindings take it. */
export const UNKNOWN_SCHEME = 0;
export const HTTP = 1;
export const HTTPS = 2;
export type Scheme = typeof UNKNOWN_SCHEME | typeof HTTP | typeof HTTPS;

/**
 * Returns the scheme of a `Request`. Headers and text have none, and neither has Node's own `IncomingMessage`: its `url`
 * is what the client wrote.
 */
export function schemeOf(source: CookieSource): Scheme {
  const { url, headers } = (source ?? {}) as Partial<Request>;
  return typeof headers?.get === "function" ? leadingScheme(url) : UNKNOWN_SCHEME;
}

/** Returns the scheme that a proxy names in `x-forwarded-proto`. Of a list the first entry counts, the visitor's side. */
export function forwardedScheme(headers: Headers): Scheme {
  return leadingScheme(headers.get("x-forwarded-proto"));
}

/** Reads the scheme of a URL or of a list of schemes. */
function leadingScheme(text: unknown): Scheme {
  const match = /^ *http(s?) *([:,]|$)/i.exec(String(text));
  return match ? (match[1] ? HTTPS : HTTP) : UNKNOWN_SCHEME;
}

/** Milliseconds since the epoch. Absent or not a valid time means now: a mistake must not stop the clock. */
export function millis(at: Date | number | undefined): number {
  if (at === undefined) return Date.now();
  const time = typeof at === "number" ? at : Number(at);
  return Math.abs(time) <= MAX_TIME ? time : Date.now();
}
