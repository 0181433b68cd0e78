/** A verifier in core.wasm, and its results as JavaScript values. */
import { RESULT_FRESH, RESULT_REFRESH_DUE, RESULT_TOKEN_UNVERIFIED } from "../protocol/flags.js";
import type { StaleReasonCode, UnauthenticatedReasonCode } from "../protocol/messages.js";
import { copyOf } from "../verifier/copy.js";
import { reviveRecord } from "../verifier/dates.js";
import { keyOfHeader, Memory, type MemoryLimits } from "../verifier/memory.js";
import type { Scheme } from "../verifier/input.js";
import { ASK, UNCHECKED, type KeySetCheck } from "../jwks/checker.js";
import type { Proof } from "../jwks/verifier.js";
import type { Opened, Strategy, Verdict } from "../types.js";
import type { CoreModule } from "./core.js";
import { configurationError } from "./handle.js";
import { utf8 } from "./utf8.js";

/** Count of the numbers that core.wasm writes for each result: strategy, flags, cache window, dates, and the time in which the result stays the same. */
const NUMBERS = 11;
const STRATEGIES: Strategy[] = ["compact", "jwt", "jwe"];
/** Position of the number of the key set's check. */
const KEY_SET = 2;

export class CoreVerifier {
  readonly object: InstanceType<CoreModule["Verifier"]>;
  readonly #memory: WebAssembly.Memory;
  #numbers: Float64Array;
  readonly #seen: Memory<SeenHeader> | undefined;
  readonly #tokenName: string;

  /**
   * Throws a BetterSessionError if the configuration is invalid. With `limits` it remembers verified headers; `tokenName` is the
   * token's cookie, without a prefix.
   */
  constructor(core: CoreModule, memory: WebAssembly.Memory, config: string, limits?: MemoryLimits, tokenName = "") {
    this.#seen = limits && new Memory(limits);
    this.#tokenName = tokenName;
    this.object = new core.Verifier(config);
    const fault = this.object.fault();
    if (fault) throw configurationError(fault);
    this.#memory = memory;
    this.#numbers = this.#view();
  }

  /** Returns the cache that a key set must check, after a `?`; other text if there is none. */
  ask(header: string, now: number, scheme: Scheme): string {
    return this.object.verify(utf8(header), now, scheme | (ASK << KEY_SET));
  }

  /** Returns the verdict of a remembered header whose cache a key set verified, if the set still has the key of the cache. */
  again(header: string, now: number, scheme: Scheme, holds: (proof: Proof) => boolean): Verdict | undefined {
    const seen = this.#seen?.get(keyOfHeader(header, this.#tokenName), header, now);
    return seen?.scheme === scheme && seen.proof && holds(seen.proof) ? seen.again() : undefined;
  }

  verify(header: string, now: number, scheme: Scheme, { valid, number, proof }: KeySetCheck = UNCHECKED): Verdict {
    const key = this.#seen && keyOfHeader(header, this.#tokenName);
    const seen = key && this.#seen.get(key, header, now);
    if (seen && seen.scheme === scheme && !seen.proof) return seen.again();
    const text = this.object.verify(utf8(valid ? `${valid}\n${header}` : header), now, scheme | (number << KEY_SET));
    const numbers = this.#result();
    if (numbers) {
      // A cache that a key set verified is remembered only with the key.
      if (key && (proof || !valid)) {
        this.#seen.set(key, header, new SeenHeader(scheme, text, numbers.slice(), proof), text.length, numbers[9]!, numbers[10]!);
      }
      return authenticated(text, numbers);
    }
    const space = text.indexOf(" ");
    if (space < 0) return { status: "unauthenticated", reason: text as UnauthenticatedReasonCode };
    return { status: "stale", reason: text.slice(0, space) as StaleReasonCode, token: text.slice(space + 1) };
  }

  open(value: string, now: number): Opened {
    const text = this.object.open(utf8(value), now);
    const numbers = this.#result();
    return numbers ? { ok: true, ...read(text, numbers) } : { ok: false, reason: text as StaleReasonCode };
  }

  /** Returns the verified payload of a value and the time in which it stays so, or undefined if it does not open. */
  payload(value: string, now: number): { text: string; from: number; until: number } | undefined {
    const text = this.object.open(utf8(value), now);
    const numbers = this.#result();
    return numbers && { text, from: numbers[9]!, until: numbers[10]! };
  }

  /** Returns the numbers of the last result, or undefined if it was not successful. */
  #result(): Float64Array | undefined {
    // A memory that grew has a new buffer, and views of the old one are empty.
    if (this.#numbers.length === 0) this.#numbers = this.#view();
    return this.#numbers[0] === 0 ? undefined : this.#numbers;
  }

  #view(): Float64Array {
    return new Float64Array(this.#memory.buffer, this.object.facts(), NUMBERS);
  }
}

/** A verified header: its payload and the numbers of its result, or once it was seen again its verdict. */
class SeenHeader {
  readonly scheme: Scheme;
  /** The key of a key set that verified the cache. */
  readonly proof: Proof | undefined;
  readonly #numbers: Float64Array;
  #text: string;
  #verdict: Verdict | undefined;

  constructor(scheme: Scheme, text: string, numbers: Float64Array, proof: Proof | undefined) {
    this.scheme = scheme;
    this.proof = proof;
    this.#text = text;
    this.#numbers = numbers;
  }

  /** Returns the verdict with a session of its own, which the caller may change. */
  again(): Verdict {
    if (!this.#verdict) {
      this.#verdict = authenticated(this.#text, this.#numbers);
      this.#text = "";
    }
    return copyOf(this.#verdict);
  }
}

function authenticated(text: string, numbers: Float64Array): Verdict {
  const { session, user, strategy, version, cachedAt, cacheExpiresAt } = read(text, numbers);
  const fresh = (numbers[1]! & RESULT_FRESH) !== 0;
  const refreshDue = (numbers[1]! & RESULT_REFRESH_DUE) !== 0;
  const verdict: Verdict = { status: "authenticated", session, user, strategy, version, cachedAt, cacheExpiresAt, fresh, refreshDue };
  if (numbers[1]! & RESULT_TOKEN_UNVERIFIED) verdict.tokenVerified = false;
  return verdict;
}

/** Parses a payload. The core has validated its JSON, members and dates. */
function read(text: string, numbers: Float64Array) {
  const { session, user, version } = JSON.parse(text);
  reviveRecord(session, numbers[4], numbers[5], numbers[6]);
  reviveRecord(user, null, numbers[7], numbers[8]);
  const strategy = STRATEGIES[numbers[0]! - 1]!;
  return {
    session,
    user,
    strategy,
    version: (version as string) || "1",
    cachedAt: new Date(numbers[2]!),
    cacheExpiresAt: new Date(numbers[3]!),
  };
}
