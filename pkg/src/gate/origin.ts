/** The Better Auth server: calls are forwarded as streams, lookups are bounded in time and size. */
import { BetterSessionError } from "../error.js";
import { siteWithoutRequest } from "./addresses.js";
import { bodyOf } from "./body.js";
import { HOP_BY_HOP, forwardedHeaders, lookupHeaders, onWorkers, probeHeaders, queryOf, redirected, siteOf } from "./forward.js";
import { NO_SITE } from "../jwks/options.js";
import type { GateCause, GateOptions } from "./types.js";

/** The response to a lookup. `status` 0: there was no readable response. */
export interface OriginResponse {
  status: number;
  body: string;
  setCookies: string[];
  /** Why there was none. */
  cause?: GateCause;
}

export const NO_RESPONSE: OriginResponse = { status: 0, body: "", setCookies: [] };

/** Maximum size of a response in bytes, the same as in gate.wasm. */
const MAX_RESPONSE = 1024 * 1024;

/** Statuses of a proxy whose server is restarting, which are retried once. */
const TRANSIENT = new Set([502, 503, 504]);

/** Default of `originTimeout`, in milliseconds. */
export const ORIGIN_TIMEOUT = 5000;

/** Milliseconds for which every request uses the result of a health check. */
const PROBE_LIFETIME = 1000;

export class Origin {
  readonly #options: GateOptions;
  readonly #base: string;
  readonly #send: (request: Request, init?: RequestInit) => Promise<Response>;
  readonly #forward: (request: Request, signal: AbortSignal) => Promise<Response>;
  readonly #timeout: number;
  readonly #lookupCookie: (cookie: string) => string;
  /** A response had the header of the jwt plugin, which `get-session` from a cookie would lack. */
  sendsJwt = false;
  /** A response had the header of the bearer plugin, which goes with every new session token cookie. */
  sendsToken = false;
  /** The last finished health check. Not a promise: on Workers one request must not await another's. */
  #probed: { up: boolean; at: number } | undefined;

  /** `lookupCookie` reduces a `Cookie` header to what a lookup needs. */
  constructor(options: GateOptions, lookupCookie: (cookie: string) => string) {
    this.#options = options;
    this.#lookupCookie = lookupCookie;
    const { origin, originTimeout = ORIGIN_TIMEOUT } = options;
    if (!(originTimeout > 0 && originTimeout <= 60_000)) {
      throw new BetterSessionError("OPTION_INVALID", "originTimeout must be a number of milliseconds, from 1 to 60000");
    }
    this.#timeout = originTimeout;
    if (typeof origin === "string") {
      this.#base = baseOf(origin);
      this.#send = (request, init) => fetch(request, init);
      // Node forgets the signal of a Request that is collected, so the visitor's is passed beside it.
      this.#forward = (request, signal) => fetch(request, { signal });
    } else if (typeof origin?.fetch === "function") {
      this.#base = "";
      this.#send = async (request, init) => origin.fetch(init ? new Request(request, init) : request);
      this.#forward = async (request) => origin.fetch(request);
    } else {
      throw new BetterSessionError("OPTION_INVALID", "origin must be the Better Auth server's URL or a service binding");
    }
  }

  /** Returns the function that fetches a public document, without a visitor's headers, if its URL is below the origin. */
  fetcherOf(url: URL): ((url: URL, signal: AbortSignal) => Promise<Response>) | undefined {
    const site = this.#base || siteWithoutRequest(this.#options) || NO_SITE;
    if (!url.href.startsWith(`${site}/`)) return undefined;
    const init = { headers: probeHeaders(this.#options), redirect: "manual", ...uncached() } as const;
    return (url, signal) => this.#send(new Request(url, init), { signal });
  }

  /** Forwards a request. `extra` replaces headers; "" removes one. Rejects if fetch does. */
  async forward(request: Request, path: string, extra: Record<string, string>): Promise<Response> {
    const headers = forwardedHeaders(request, this.#options);
    for (const [name, value] of Object.entries(extra)) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const repeatable = request.body === null && (request.method === "GET" || request.method === "HEAD");
    const send = () => this.#forward(redirected(request, this.#url(request, path + queryOf(request.url)), headers), request.signal);
    return decoded(this.#seen(await (repeatable ? send().catch((error) => retry(request, error, send)) : send())));
  }

  /** Resolves to the response of a forwarded call, or to null after `originTimeout`. */
  async inTime(call: Promise<Response>): Promise<Response | null> {
    let timer;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), this.#timeout)));
    try {
      const response = await Promise.race([late, call]);
      if (!response) void call.then(({ body }) => body?.cancel()).catch(() => {});
      return response;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Sends `get-session` with the visitor's credentials. `cookie` replaces the `Cookie` header. `credential: false` means that the
   * server ignores the credential headers of this request. `allCookies` sends cookies of all names. Never rejects.
   */
  async lookUp(
    request: Request,
    target: string,
    post: boolean,
    { cookie = request.headers.get("cookie") ?? "", credential = true, allCookies = false } = {},
  ): Promise<OriginResponse> {
    const sent = allCookies ? cookie : this.#lookupCookie(cookie);
    const headers = lookupHeaders(request, this.#options, sent, post, credential);
    return headers ? this.#fetchText(this.#url(request, target), headers, post ? "POST" : "GET", readText) : lost("request_too_large");
  }

  /**
   * Returns whether the origin responds, with any status but a 5xx, to a request that has none of a visitor's headers. The
   * result is shared for a second.
   */
  async isUp(target: string): Promise<boolean> {
    const last = this.#probed;
    if (last && Math.abs(Date.now() - last.at) < PROBE_LIFETIME) return last.up;
    const site = this.#base || siteWithoutRequest(this.#options) || NO_SITE;
    const { status } = await this.#fetchText(site + target, probeHeaders(this.#options), "GET", discard);
    const up = status > 0 && status < 500;
    this.#probed = { up, at: Date.now() };
    return up;
  }

  /** Sends a GET or POST, with one retry after a transient failure. Both share `originTimeout`. */
  async #fetchText(
    url: string,
    headers: Headers,
    method: "GET" | "POST",
    read: (response: Response) => Promise<string>,
  ): Promise<OriginResponse> {
    const deadline = Date.now() + this.#timeout;
    const once = () => this.#once(url, headers, method, read, deadline - Date.now());
    const first = await once();
    const transient = first.status === 0 || TRANSIENT.has(first.status);
    return transient && method === "GET" && Date.now() < deadline ? once() : first;
  }

  async #once(
    url: string,
    headers: Headers,
    method: string,
    read: (response: Response) => Promise<string>,
    timeout: number,
  ): Promise<OriginResponse> {
    const abort = new AbortController();
    let timer;
    // Not by a signal alone: one that a Request was made with ends no fetch in Node once that Request is collected.
    const late = new Promise<OriginResponse>((resolve) => {
      timer = setTimeout(() => (abort.abort(), resolve(lost("origin_timeout"))), timeout);
    });
    let response: Response | undefined;
    const answer = async (): Promise<OriginResponse> => {
      const request = new Request(url, { method, headers, redirect: "manual", ...uncached() });
      response = this.#seen(await this.#send(request, { signal: abort.signal }));
      return { status: response.status, body: await read(response), setCookies: response.headers.getSetCookie() };
    };
    try {
      return await Promise.race([late, answer()]);
    } catch {
      return lost(response ? "origin_unreadable" : "origin_no_response");
    } finally {
      clearTimeout(timer);
    }
  }

  #seen(response: Response): Response {
    this.sendsJwt ||= response.headers.has("set-auth-jwt");
    this.sendsToken ||= response.headers.has("set-auth-token");
    return response;
  }

  #url(request: Request, target: string): string {
    return (this.#base || siteOf(request.url)) + target;
  }
}

function lost(cause: GateCause): OriginResponse {
  return { status: 0, body: "", setCookies: [], cause };
}

let noStore: RequestInit | undefined;

/** Returns `cache: "no-store"` if the runtime supports it: workerd throws under compatibility dates before 2024-11-11. */
function uncached(): RequestInit {
  if (noStore) return noStore;
  const wanted: RequestInit = { cache: "no-store" };
  try {
    new Request("http://localhost", wanted);
    noStore = wanted;
  } catch {
    noStore = {};
  }
  return noStore;
}

async function retry(request: Request, error: unknown, send: () => Promise<Response>): Promise<Response> {
  if (request.signal?.aborted) throw error;
  return send();
}

async function discard({ body }: Response): Promise<string> {
  body?.cancel().catch(() => {});
  return "";
}

/** Reads a response as text. Throws if it is longer than any session, or not UTF-8. */
export async function readText(response: Response): Promise<string> {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > MAX_RESPONSE) {
      await reader.cancel();
      throw new Error("too long");
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The encodings that fetch decodes outside of Workers. */
const DECODED = /^\s*(x-gzip|gzip|deflate|br)\s*$/i;

/**
 * Removes the headers of the connection, which is not the visitor's, and those of an encoding that fetch has decoded: outside of
 * Workers it keeps them. It decodes no body with an encoding that it does not know, and a response without a URL is one that a
 * binding made itself.
 */
function decoded(response: Response): Response {
  if (onWorkers) return response;
  const headers = new Headers(response.headers);
  for (const name of [...HOP_BY_HOP, "upgrade"]) headers.delete(name);
  const encodings = headers.get("content-encoding")?.split(",");
  if (response.url && response.body && encodings?.every((encoding) => DECODED.test(encoding))) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return new Response(bodyOf(response), { status: response.status, statusText: response.statusText, headers });
}

function baseOf(origin: string): string {
  let url;
  try {
    url = new URL(origin);
  } catch {
    url = null;
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new BetterSessionError("OPTION_INVALID", "origin must be an http(s) URL without query");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
