/**
 * The keys of one server: a given set, or one that is fetched, kept for ten minutes and fetched again for an unknown `kid`. On
 * Workers a promise must not be shared between requests, so a request that waits for another's fetch looks on a timer.
 */
import { coloCopy, storeColoCopy } from "./colo-cache.js";
import { requestKeySet, type FetchKeySet } from "./fetch.js";
import { importKeySet, type KeySet, type PublicKey } from "./key-set.js";
import type { KeySetOptions } from "./options.js";
import type { Rejection } from "./rejection.js";
import type { KeySource } from "./signature.js";

/** Milliseconds for which a set is used without asking for a newer one. */
const FRESH = 600_000;

/** Milliseconds between the starts of two fetches, for whatever reason. */
const INTERVAL = 10_000;

/** Milliseconds that a fetch may take. */
const TIMEOUT = 3000;

/** Milliseconds between two looks at another request's fetch. */
const TICK = 10;

export class KeyStore implements KeySource {
  readonly #options: KeySetOptions;
  readonly #fetch: FetchKeySet | undefined;
  #keys: KeySet | undefined;
  /** The age of the set counts from here. */
  #fetchedAt = -Infinity;
  /** The start of the last fetch. */
  #startedAt = -Infinity;
  #inFlight = false;
  #warned = false;

  constructor(options: KeySetOptions, fetch?: FetchKeySet) {
    this.#options = options;
    this.#fetch = fetch;
  }

  async find(kid: string): Promise<PublicKey | Rejection> {
    await this.warm();
    if (this.#keys && !this.#keys.has(kid) && this.#mayFetch()) await this.#refresh(true);
    // Of an unavailable set only what is known to be recent counts.
    const isUsable = elapsed(this.#fetchedAt) < FRESH + this.#options.staleIfError * 1000;
    const key = isUsable ? this.#keys?.get(kid) : undefined;
    return key ?? (key === null ? "unsupported_key" : "unknown_key");
  }

  /** Returns the key of a set that need not be fetched again. */
  current(kid: string): PublicKey | null | undefined {
    return elapsed(this.#fetchedAt) < FRESH ? this.#keys?.get(kid) : undefined;
  }

  async warm(): Promise<void> {
    if (this.#keys && elapsed(this.#fetchedAt) < FRESH) return;
    if (this.#mayFetch()) await this.#refresh(false);
    else if (!this.#keys) await this.#wait();
  }

  /** Returns whether the set is fetched, and no fetch was started within the interval. */
  #mayFetch(): boolean {
    const isGiven = this.#keys !== undefined && !(this.#options.jwks instanceof URL);
    return !isGiven && elapsed(this.#startedAt) >= INTERVAL;
  }

  /** Waits for another request's first fetch. */
  async #wait(): Promise<void> {
    while (this.#inFlight && !this.#keys && elapsed(this.#startedAt) < TIMEOUT) {
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  }

  /** Fetches the set and replaces the current one. `force` passes the colo's copy. Never rejects: the set stays as it is. */
  async #refresh(force: boolean): Promise<void> {
    this.#startedAt = Date.now();
    this.#inFlight = true;
    try {
      const { jwks } = this.#options;
      if (!(jwks instanceof URL)) return void (await this.#use(jwks, Infinity));
      const copy = force ? undefined : await coloCopy(jwks, FRESH);
      if (copy && (await this.#use(parse(copy.text), copy.at))) return;
      const at = Date.now();
      const text = await requestKeySet(jwks, TIMEOUT, this.#fetch);
      if (text !== null && (await this.#use(parse(text), at))) await storeColoCopy(jwks, text, at, FRESH);
    } catch {
      // The endpoint is down or responds with something else: the next interval tries again.
    } finally {
      this.#inFlight = false;
    }
  }

  /** Replaces the set. `at` is the time as of which it is current. Returns false if the value is not a key set. */
  async #use(value: unknown, at: number): Promise<boolean> {
    const keys = await importKeySet(value);
    if (!keys) return false;
    this.#keys = keys;
    this.#fetchedAt = at;
    const isUsable = [...keys.values()].every((key) => key !== null);
    if (!isUsable && !this.#warned) {
      this.#warned = true;
      console.warn("better-session: the key set has keys that cannot verify session caches. Caches that they signed are not accepted.");
    }
    return true;
  }
}

/** Returns the milliseconds since a time; infinite for a time in the future, after which a clock was set back. */
function elapsed(since: number): number {
  const time = Date.now() - since;
  return time >= 0 || since === Infinity ? Math.max(time, 0) : Infinity;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
