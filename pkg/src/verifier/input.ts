/** Input of core.wasm: a string of bounded length and a finite time. */
import type { CookieSource } from "../types.js";

/** One character more than the core reads, so that it detects a header that is too long without a copy of all of it. */
const MAX_INPUT = 128 * 1024 + 1;

/** The greatest time a Date can hold, in milliseconds. */
const MAX_TIME = 8.64e15;

/** Truncates over-long input; non-strings become the empty string. */
export function bounded(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.length > MAX_INPUT ? value.slice(0, MAX_INPUT) : value;
}

/** Returns the Cookie header's value. The source can be Node's `IncomingMessage`, whose headers are a plain object. */
export function cookieHeader(source: CookieSource): string {
  if (typeof source === "string") return bounded(source);
  const headers = (source as Partial<Request> | null | undefined)?.headers ?? source;
  if (typeof (headers as Headers | undefined)?.get === "function") return bounded((headers as Headers).get("cookie"));
  return bounded((headers as { cookie?: unknown } | null | undefined)?.cookie);
}

/** Schemes of a request's URL, numbered as in the core's bindings. */
export const UNKNOWN_SCHEME = 0;
export const HTTP = 1;
export const HTTPS = 2;
export type Scheme = typeof UNKNOWN_SCHEME | typeof HTTP | typeof HTTPS;

/**
 * Returns the scheme of a `Request`. Headers and strings have none, nor has Node's `IncomingMessage`, whose `url` is
 * chosen by the client.
 */
export function schemeOf(source: CookieSource): Scheme {
  const { url, headers } = (source ?? {}) as Partial<Request>;
  return typeof headers?.get === "function" ? leadingScheme(url) : UNKNOWN_SCHEME;
}

/** Returns the scheme that a proxy reports in `x-forwarded-proto`: the first entry of a list, the visitor's side. */
export function forwardedScheme(headers: Headers): Scheme {
  return leadingScheme(headers.get("x-forwarded-proto"));
}

/** Parses the scheme of a URL or the first of a list of schemes. */
function leadingScheme(text: unknown): Scheme {
  const match = /^ *http(s?) *([:,]|$)/i.exec(String(text));
  return match ? (match[1] ? HTTPS : HTTP) : UNKNOWN_SCHEME;
}

/** Returns milliseconds since the epoch; now if the time is absent or invalid, so that a mistake does not stop expiry. */
export function millis(at: Date | number | undefined): number {
  if (at === undefined) return Date.now();
  const time = typeof at === "number" ? at : Number(at);
  return Math.abs(time) <= MAX_TIME ? time : Date.now();
}
