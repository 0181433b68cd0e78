/** Checks caches with a key set. The code that verifies is loaded with the first one. */
import { keyOfValue, Memory, type MemoryLimits } from "../verifier/memory.js";
import type { FetchKeySet } from "./fetch.js";
import type { KeySetOptions } from "./options.js";
import { REJECTIONS } from "./rejection.js";
import type { PublicKey } from "./key-set.js";
import type { KeySource, Proof } from "./verifier.js";

/** The result of a check for WebAssembly: the value if it is valid, else "" and the number of a rejection. */
export interface KeySetCheck {
  valid: string;
  number: number;
  /** The key that verified the value, if that is remembered. */
  proof?: Proof | undefined;
}

/** The check if none was made: `unknown_key`. */
export const UNCHECKED: KeySetCheck = { valid: "", number: 0 };

/** The number of the check of a valid cache, and the one that asks for the cache; the same as in `bindings/protocol`. */
const VALID = 6;
export const ASK = 7;

interface Loaded {
  source: KeySource & { warm(): Promise<void>; current(kid: string): PublicKey | null | undefined };
  verify: typeof import("./verifier.js").verifyWithKeys;
}

export class KeySetChecker {
  readonly #options: KeySetOptions;
  readonly #fetch: FetchKeySet | undefined;
  readonly #seen: Memory<Proof> | undefined;
  /** Not a promise: on Workers a request must not await another's. */
  #loaded: Loaded | undefined;

  /** `fetch` requests the key set; by default `fetch` does. With `limits` it remembers valid caches. */
  constructor(options: KeySetOptions, fetch?: FetchKeySet, limits?: MemoryLimits) {
    this.#options = options;
    this.#fetch = fetch;
    this.#seen = limits && new Memory(limits);
  }

  /** Returns whether the key that verified a cache is in a set that need not be fetched again. */
  holds({ kid, alg, key }: Proof): boolean {
    return this.#loaded?.source.current(kid)?.get(alg) === key;
  }

  /** Checks the cache that WebAssembly returned when it was asked, after a `?`; other text is none. Never rejects. */
  async check(asked: string): Promise<KeySetCheck> {
    if (!asked.startsWith("?")) return UNCHECKED;
    const value = asked.slice(1);
    const { source, verify } = this.#loaded ?? (await this.#load());
    const rejection = await verify(value, source, this.#options, this.#seen);
    if (rejection) return { valid: "", number: REJECTIONS.indexOf(rejection) };
    return { valid: value, number: VALID, proof: this.#seen?.get(keyOfValue(value), value, 0) };
  }

  /** Fetches the keys if they are absent or outdated. */
  async warm(): Promise<void> {
    const { source } = this.#loaded ?? (await this.#load());
    await source.warm();
  }

  async #load(): Promise<Loaded> {
    const [{ verifyWithKeys }, { KeyStore }] = await Promise.all([import("./verifier.js"), import("./key-store.js")]);
    // Another request may have loaded it in the meantime: all must use one store.
    return (this.#loaded ??= { source: new KeyStore(this.#options, this.#fetch), verify: verifyWithKeys });
  }
}
