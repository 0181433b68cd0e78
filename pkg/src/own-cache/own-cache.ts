/** The gate's own cache: responses of the origin in a cookie, for servers whose cookie cache is off or cannot be used. */
import { assertNotPublished } from "../default-secret.js";
import { BetterSessionError } from "../error.js";
import type { CachedResponse, Key } from "./cipher.js";
import { ownCacheLine, ownCacheOf } from "./cookie.js";

export interface OwnCacheOptions {
  /** Encrypts the cookie. All gates of one site need the same. */
  secret: string;
  /** Seconds for which a response is used, at most 3600. Default 60. */
  maxAge?: number;
}

interface Loaded {
  cipher: typeof import("./cipher.js");
  key: Key;
}

export class OwnCache {
  readonly #secret: string;
  /** Milliseconds. */
  readonly #maxAge: number;
  /** Not a promise: on Workers a request must not await another's. */
  #loaded: Loaded | undefined;

  /** Throws OPTION_INVALID. */
  constructor({ secret, maxAge = 60 }: OwnCacheOptions) {
    if (typeof secret !== "string" || secret === "" || typeof maxAge !== "number" || !(maxAge >= 1 && maxAge <= 3600)) {
      throw new BetterSessionError("OPTION_INVALID", "cache must be { secret, maxAge? }: a secret, and a number of seconds from 1 to 3600");
    }
    assertNotPublished(secret);
    this.#secret = secret;
    this.#maxAge = Math.floor(maxAge) * 1000;
  }

  /** Returns the response in the cookie if it is of this session and not outdated, else null. */
  async read(cookie: string, token: string, isHttps: boolean): Promise<CachedResponse | null> {
    const value = ownCacheOf(cookie, isHttps);
    if (!value) return null;
    const { cipher, key } = await this.#load();
    const response = await cipher.decrypt(key, token, value);
    const now = Date.now();
    return response && response.at <= now && now < response.at + this.#maxAge && now < response.until ? response : null;
  }

  /** Returns the `Set-Cookie` line for a response that the origin gave at `at`, or null if it has no session or is too long. */
  async line(body: string, token: string, at: number, isHttps: boolean): Promise<string | null> {
    const session = sessionOf(body);
    const until = Date.parse(session?.expiresAt ?? "");
    const left = Math.min(at + this.#maxAge, until) - Date.now();
    if (session?.token !== token || !(left >= 1000)) return null;
    const { cipher, key } = await this.#load();
    const value = await cipher.encrypt(key, token, { at, until, body });
    return value && ownCacheLine(value, Math.floor(left / 1000), isHttps);
  }

  async #load(): Promise<Loaded> {
    if (this.#loaded) return this.#loaded;
    const cipher = await import("./cipher.js");
    return (this.#loaded = { cipher, key: await cipher.deriveKey(this.#secret) });
  }
}

function sessionOf(body: string): { token?: string; expiresAt?: string } | undefined {
  try {
    const { session, needsRefresh } = JSON.parse(body);
    return needsRefresh ? undefined : session;
  } catch {
    return undefined;
  }
}
