/** Verifies caches with a key set. Loaded on demand: a program without `jwks` does not need it. */
import { DEFER_KEY_SET } from "../protocol/flags.js";
import type { CoreModule } from "../runtime/core.js";
import { authenticated, rejected, type CoreVerifier } from "../runtime/core-verifier.js";
import type { Handle } from "../runtime/handle.js";
import { utf8 } from "../runtime/utf8.js";
import type { Verdict } from "../types.js";
import type { Scheme } from "../verifier/input.js";
import { keyOfValue, Memory, type MemoryLimits } from "../verifier/memory.js";
import { decodeBase64url } from "./base64url.js";
import { giveBack, take } from "./buffers.js";
import type { KeySetCheck } from "./check.js";
import type { FetchKeySet } from "./fetch.js";
import { KeyStore } from "./key-store.js";
import type { KeySetOptions } from "./options.js";
import { REJECTIONS, type Rejection } from "./rejection.js";
import { partsOf, verifySignature, type Parts, type Proof } from "./signature.js";
import { parseClaims, parseObject, rejectClaims, type KnownHeader } from "./token.js";

/** The number of the check of a valid cache, the same as in `bindings/protocol`. */
const VALID = 6;

/** Positions of the numbers with the cache that core.wasm deferred. */
const ADDRESS = 11;
const LENGTH = 12;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The result of core.wasm for a header as if its cache were valid. It counts only if the key set verifies the cache. */
interface Deferred {
  core: CoreVerifier;
  text: string;
}

export class KeySetVerifier {
  readonly #options: KeySetOptions;
  readonly #store: KeyStore;
  readonly #headers: KnownHeader[] = [];
  /** Valid caches. */
  readonly #seen: Memory<Proof> | undefined;

  /** `fetch` requests the key set; by default `fetch` does. With `limits` it remembers valid caches. */
  constructor(options: KeySetOptions, fetch?: FetchKeySet, limits?: MemoryLimits) {
    this.#options = options;
    this.#store = new KeyStore(options, fetch);
    this.#seen = limits && new Memory(limits);
  }

  /**
   * Verifies a Cookie header with core.wasm and the key set. Returns null after a trap; a promise if a signature must be verified,
   * which never rejects.
   */
  verify(handle: Handle<CoreModule, CoreVerifier>, header: string, now: number, scheme: Scheme): Verdict | null | Promise<Verdict | null> {
    const judged = handle.call((core) => this.#judge(core, header, now, scheme), null);
    return judged === null || "status" in judged ? judged : this.#verifyDeferred(judged, header, scheme);
  }

  /**
   * Verifies the cache of a header that core.wasm has judged. A rejection by the key set comes before the core's. The numbers and the
   * cache are read from the module's memory at once, because the next call replaces them. WebCrypto gets a copy: it would copy before
   * its call returns, but an instrumented `verify` may read the bytes later.
   */
  #verifyDeferred({ core, text }: Deferred, header: string, scheme: Scheme): Verdict | null | Promise<Verdict | null> {
    const numbers = core.numbers();
    const bytes = core.bytes(numbers[ADDRESS]!, numbers[LENGTH]!);
    const value = decoder.decode(bytes);
    const copy = take(bytes);
    const dot = value.lastIndexOf(".");
    const signature = decodeBase64url(value.slice(dot + 1), copy.signature);
    const parts = signature && { signed: copy.bytes.subarray(0, dot), signature };
    const isAuthenticated = numbers[0] !== 0;
    const claims = isAuthenticated ? parseObject(text) : parseClaims(value);
    const ofClaims = rejectClaims(claims, this.#options);
    const record = isAuthenticated ? core.recorder(header, scheme, text) : undefined;
    const verdict = isAuthenticated ? claims && authenticated(claims, numbers) : rejected(text);
    return this.#verifySignature(value, parts, (proof) => {
      giveBack(copy);
      if (typeof proof === "string") return verdict && withReason(verdict, proof);
      if (ofClaims) return verdict && withReason(verdict, ofClaims);
      this.#remember(value, proof);
      record?.(proof);
      return verdict;
    });
  }

  /** Checks a cache for gate.wasm or inspect.wasm. Never rejects. */
  async check(value: string): Promise<KeySetCheck> {
    return this.#verifySignature(value, partsOf(value), (proof) => {
      if (typeof proof === "string") return rejectedBy(proof);
      const ofClaims = rejectClaims(parseClaims(value), this.#options);
      if (ofClaims) return rejectedBy(ofClaims);
      this.#remember(value, proof);
      return { valid: value, number: VALID };
    });
  }

  /** Fetches the keys if they are absent or outdated. */
  warm(): Promise<void> {
    return this.#store.warm();
  }

  /** Passes a header to core.wasm. Returns the verdict if it is known, or does not need the key set. */
  #judge(core: CoreVerifier, header: string, now: number, scheme: Scheme): Verdict | Deferred {
    const seen = core.recall(header, now, scheme);
    if (seen && (!seen.proof || this.#holds(seen.proof))) return seen.again();
    const text = core.object.verify(utf8(header), now, scheme | DEFER_KEY_SET);
    return core.numbers()[LENGTH] === 0 ? core.conclude(header, scheme, text) : { core, text };
  }

  /** Verifies the signature of a cache, unless it is remembered and today's set still has the key. Calls `conclude` once. */
  #verifySignature<T>(value: string, parts: Parts | null, conclude: (proof: Proof | Rejection) => T): T | Promise<T> {
    const known = this.#seen?.get(keyOfValue(value), value, 0);
    if (!known) return verifySignature(value, parts, this.#store, this.#headers, conclude);
    if (this.#holds(known)) return conclude(known);
    return this.#store.find(known.kid).then((key) => {
      if (typeof key !== "string" && key.get(known.alg) === known.key) return conclude(known);
      return verifySignature(value, parts, this.#store, this.#headers, conclude);
    });
  }

  /** Returns whether the key is in a set that need not be fetched again. */
  #holds({ kid, alg, key }: Proof): boolean {
    return this.#store.current(kid)?.get(alg) === key;
  }

  #remember(value: string, proof: Proof): void {
    this.#seen?.set(keyOfValue(value), value, proof, 0, -Infinity, Infinity);
  }
}

const rejectedBy = (rejection: Rejection): KeySetCheck => ({ valid: "", number: REJECTIONS.indexOf(rejection) });

/** Returns the verdict of a session whose cache the key set rejects. */
function withReason(verdict: Verdict, reason: Rejection): Verdict {
  if (verdict.status === "unauthenticated") return verdict;
  return { status: "stale", reason, token: verdict.status === "stale" ? verdict.token : verdict.session.token };
}
