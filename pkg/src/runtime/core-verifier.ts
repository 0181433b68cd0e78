/** A verifier in core.wasm, and its results as JavaScript values. */
import { RESULT_FRESH, RESULT_REFRESH_DUE, RESULT_TOKEN_UNVERIFIED } from "../protocol/flags.js";
import type { StaleReasonCode, UnauthenticatedReasonCode } from "../protocol/messages.js";
import { copyOf } from "../verifier/copy.js";
import { reviveRecord } from "../verifier/dates.js";
import { keyOfHeader, Memory, type MemoryLimits } from "../verifier/memory.js";
import type { Scheme } from "../verifier/input.js";
import type { Proof } from "../jwks/signature.js";
import type { Authenticated, Opened, Session, Strategy, User, Verdict } from "../types.js";
import type { CoreModule } from "./core.js";
import { configurationError } from "./handle.js";
import { utf8 } from "./utf8.js";

/** Count of the numbers that core.wasm writes for each result: see `facts` in `bindings/core`. */
const NUMBERS = 13;
const STRATEGIES: Strategy[] = ["compact", "jwt", "jwe"];

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

  verify(header: string, now: number, scheme: Scheme): Verdict {
    const seen = this.recall(header, now, scheme);
    if (seen && !seen.proof) return seen.again();
    return this.conclude(header, scheme, this.object.verify(utf8(header), now, scheme));
  }

  /** Returns a header that was verified before, if its result is the same at the time `now`. */
  recall(header: string, now: number, scheme: Scheme): SeenHeader | undefined {
    const seen = this.#seen?.get(keyOfHeader(header, this.#tokenName), header, now);
    return seen?.scheme === scheme ? seen : undefined;
  }

  /**
   * Returns a function that remembers the header of the last result, an authenticated session; undefined if nothing is remembered.
   * Its argument is the key of a key set that verified the cache.
   */
  recorder(header: string, scheme: Scheme, text: string): ((proof?: Proof) => void) | undefined {
    const seen = this.#seen;
    const key = seen && keyOfHeader(header, this.#tokenName);
    if (!key) return undefined;
    const numbers = this.numbers().slice();
    return (proof) => seen.set(key, header, new SeenHeader(scheme, text, numbers, proof), text.length, numbers[9]!, numbers[10]!);
  }

  /** Returns the verdict of the last result. Remembers the header of an authenticated session. */
  conclude(header: string, scheme: Scheme, text: string): Verdict {
    const numbers = this.numbers();
    if (numbers[0] === 0) return rejected(text);
    this.recorder(header, scheme, text)?.();
    return authenticated(JSON.parse(text), numbers);
  }

  open(value: string, now: number): Opened {
    const text = this.object.open(utf8(value), now);
    const numbers = this.numbers();
    return numbers[0] === 0 ? { ok: false, reason: text as StaleReasonCode } : { ok: true, ...read(JSON.parse(text), numbers) };
  }

  /** Returns the verified payload of a value and the time in which it stays so, or undefined if it does not open. */
  payload(value: string, now: number): { text: string; from: number; until: number } | undefined {
    const text = this.object.open(utf8(value), now);
    const numbers = this.numbers();
    return numbers[0] === 0 ? undefined : { text, from: numbers[9]!, until: numbers[10]! };
  }

  /** Returns the numbers of the last result; the first is 0 if it was not successful. The next call replaces them. */
  numbers(): Float64Array {
    // A memory that grew has a new buffer, and views of the old one are empty.
    if (this.#numbers.length === 0) this.#numbers = this.#view();
    return this.#numbers;
  }

  /** Returns bytes in the module's memory. The next call may replace them. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, address, length);
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
      this.#verdict = authenticated(JSON.parse(this.#text), this.#numbers);
      this.#text = "";
    }
    return copyOf(this.#verdict);
  }
}

/** The members of a payload that core.wasm has validated. */
interface Payload {
  session?: unknown;
  user?: unknown;
  version?: unknown;
}

/** Returns the verdict of a parsed payload, which it takes over, and the numbers of its result. */
export function authenticated(payload: Payload, numbers: Float64Array): Authenticated {
  const { session, user, strategy, version, cachedAt, cacheExpiresAt } = read(payload, numbers);
  const fresh = (numbers[1]! & RESULT_FRESH) !== 0;
  const refreshDue = (numbers[1]! & RESULT_REFRESH_DUE) !== 0;
  const verdict: Authenticated = { status: "authenticated", session, user, strategy, version, cachedAt, cacheExpiresAt, fresh, refreshDue };
  if (numbers[1]! & RESULT_TOKEN_UNVERIFIED) verdict.tokenVerified = false;
  return verdict;
}

/** Returns the verdict of a result that is not successful: a reason, and for a valid token a space and the token. */
export function rejected(text: string): Verdict {
  const space = text.indexOf(" ");
  if (space < 0) return { status: "unauthenticated", reason: text as UnauthenticatedReasonCode };
  return { status: "stale", reason: text.slice(0, space) as StaleReasonCode, token: text.slice(space + 1) };
}

function read(payload: Payload, numbers: Float64Array) {
  const session = payload.session as Session;
  const user = payload.user as User;
  reviveRecord(session, numbers[4], numbers[5], numbers[6]);
  reviveRecord(user, null, numbers[7], numbers[8]);
  const strategy = STRATEGIES[numbers[0]! - 1]!;
  return {
    session,
    user,
    strategy,
    version: (payload.version as string) || "1",
    cachedAt: new Date(numbers[2]!),
    cacheExpiresAt: new Date(numbers[3]!),
  };
}
