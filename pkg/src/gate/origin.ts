/** The Better Auth server: calls are passed on as streams, questions are bounded in time and size. */
import { BetterSessionError } from "../error.js";
import { siteWithoutRequest } from "./addresses.js";
import { HOP, forwardedHeaders, lookupHeaders, onWorkers, probeHeaders, queryOf, redirected, siteOf } from "./forward.js";
import type { GateOptions } from "./types.js";

/** What came of a question. `status` 0: nothing that can be read. */
export interface Answer {
  status: number;
  body: string;
  setCookies: string[];
}

const LOST: Answer = { status: 0, body: "", setCookies: [] };

/** Bytes of an answer that are read; the core's own bound. */
const MAX_ANSWER = 1024 * 1024;

/** Answers of a proxy whose server is restarting: worth one more try. */
const PASSING = new Set([502, 503, 504]);

/** Milliseconds for which the result of a health check holds for every request. */
const PROBE_LIFETIME = 1000;

export class Origin {
  readonly #options: GateOptions;
  readonly #base: string;
  readonly #send: (request: Request, init?: RequestInit) => Promise<Response>;
  readonly #timeout: number;
  readonly #lookupCookie: (cookie: string) => string;
  /** The last finished health check. Never a promise: on Workers one request must not await another's. */
  #probed: { up: boolean; at: number } | undefined;

  /** `lookupCookie` reduces a `Cookie` header to what a lookup needs. */
  constructor(options: GateOptions, lookupCookie: (cookie: string) => string) {
    this.#options = options;
    this.#lookupCookie = lookupCookie;
    const { origin, originTimeout = 5000 } = options;
    if (!(originTimeout > 0 && originTimeout <= 60_000)) {
      throw new BetterSessionError("OPTION_INVALID", "originTimeout must be a number of milliseconds, from 1 to 60000");
    }
    this.#timeout = originTimeout;
    if (typeof origin === "string") {
      this.#base = baseOf(origin);
      this.#send = (request, init) => fetch(request, init);
    } else if (typeof origin?.fetch === "function") {
      this.#base = "";
      this.#send = async (request, init) => origin.fetch(init ? new Request(request, init) : request);
    } else {
      throw new BetterSessionError("OPTION_INVALID", "origin must be the Better Auth server's URL or a service binding");
    }
  }

  /** Passes a request on. `cookie` and `extra` replace headers. Throws what fetch throws. */
  async forward(request: Request, path: string, extra: Record<string, string>): Promise<Response> {
    const headers = forwardedHeaders(request, this.#options);
    for (const [name, value] of Object.entries(extra)) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const again = request.body === null && (request.method === "GET" || request.method === "HEAD");
    const send = () => this.#send(redirected(request, this.#url(request, path + queryOf(request.url)), headers));
    return settled(await (again ? send().catch((error) => retry(request, error, send)) : send()));
  }

  /**
   * Looks the session up with the visitor's credentials. `cookie` replaces the `Cookie` header; `credential: false` says that the
   * server ignores the credential headers of this request. `allCookies` sends cookies of all names. Never throws.
   */
  async ask(request: Request, target: string, post: boolean, { cookie = request.headers.get("cookie") ?? "", credential = true, allCookies = false } = {}): Promise<Answer> {
    const sent = allCookies ? cookie : this.#lookupCookie(cookie);
    const headers = lookupHeaders(request, this.#options, sent, post, credential);
    return headers ? this.#lookUp(this.#url(request, target), headers, post ? "POST" : "GET", readText) : LOST;
  }

  /**
   * Returns whether the origin answers a request that carries nothing of any visitor's: anything but a 5xx will do. The result
   * is shared for a second.
   */
  async isUp(target: string): Promise<boolean> {
    const last = this.#probed;
    if (last && Math.abs(Date.now() - last.at) < PROBE_LIFETIME) return last.up;
    const site = this.#base || siteWithoutRequest(this.#options) || "http://localhost";
    const { status } = await this.#lookUp(site + target, probeHeaders(this.#options), "GET", discard);
    const up = status > 0 && status < 500;
    this.#probed = { up, at: Date.now() };
    return up;
  }

  /** One retry where that can help, both within the time that the options allow. */
  async #lookUp(url: string, headers: Headers, method: "GET" | "POST", read: (response: Response) => Promise<string>): Promise<Answer> {
    const deadline = Date.now() + this.#timeout;
    const once = () => this.#once(url, headers, method, read, deadline - Date.now());
    const first = await once();
    const passing = first.status === 0 || PASSING.has(first.status);
    return passing && method === "GET" && Date.now() < deadline ? once() : first;
  }

  async #once(url: string, headers: Headers, method: string, read: (response: Response) => Promise<string>, timeout: number): Promise<Answer> {
    const abort = new AbortController();
    let timer;
    // Not by a signal alone: one that a Request was made with ends no fetch in Node once that Request is collected.
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => (abort.abort(), resolve(LOST)), timeout);
    });
    try {
      const request = new Request(url, { method, headers, redirect: "manual", ...uncached() });
      return await Promise.race([late, this.#answer(request, abort.signal, read)]);
    } catch {
      return LOST;
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(request: Request, signal: AbortSignal, read: (response: Response) => Promise<string>): Promise<Answer> {
    const response = await this.#send(request, { signal });
    const body = await read(response);
    return { status: response.status, body, setCookies: response.headers.getSetCookie() };
  }

  #url(request: Request, target: string): string {
    return (this.#base || siteOf(request.url)) + target;
  }
}

let noStore: RequestInit | undefined;

/** `cache: "no-store"` where the runtime knows it: workerd throws under compatibility dates before 2024-11-11. */
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

/** The whole text of an answer; throws when it is longer than any session is, or not UTF-8. */
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
    if (size > MAX_ANSWER) {
      await reader.cancel();
      throw new Error("too long");
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Outside of Workers fetch leaves headers that are no longer true: of a body that it has decoded, of a connection that
 * is not the visitor's.
 */
function settled(response: Response): Response {
  if (onWorkers) return response;
  const headers = new Headers(response.headers);
  for (const name of HOP) headers.delete(name);
  if (headers.has("content-encoding") && response.body) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
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
