/** A memory of authenticated cookies: bytes that were authenticated before need not be authenticated again. */
import { BetterSessionError } from "../error.js";
import type { VerifierOptions } from "../types.js";

/** The bounds of a memory; characters of its texts count as bytes. */
export interface MemoryLimits {
  entries: number;
  bytes: number;
}

export const DEFAULT_LIMITS: MemoryLimits = { entries: 1000, bytes: 2_000_000 };

/**
 * Characters of a key. They end a cookie's value, and so hold at least 128 bits of its MAC however the value is
 * percent-encoded. Whoever does not know them reaches no entry.
 */
const KEY_LENGTH = 72;

/** Returns the limits of the option `remember`, or undefined if it is off. */
export function memoryLimits({ remember }: VerifierOptions): MemoryLimits | undefined {
  if (remember === false) return undefined;
  const limits = { ...DEFAULT_LIMITS, ...remember };
  if (!Number.isSafeInteger(limits.entries) || !Number.isSafeInteger(limits.bytes) || limits.entries < 0 || limits.bytes < 0) {
    throw new BetterSessionError("OPTION_INVALID", "remember must be false, or an object whose entries and bytes are whole numbers");
  }
  return limits.entries && limits.bytes ? limits : undefined;
}

/** Returns the name of the session token's cookie, without a prefix. */
export function tokenNameOf({ advanced }: VerifierOptions): string {
  const { cookies, cookiePrefix = "better-auth" } = advanced ?? {};
  return cookies?.session_token?.name ?? `${cookiePrefix}.session_token`;
}

/** Returns the key of a header: the end of the session token's value. `name` is the token's cookie, without a prefix. */
export function keyOfHeader(header: string, name: string): string {
  const at = header.indexOf(name);
  if (at < 0) return "";
  const semicolon = header.indexOf(";", at);
  const end = semicolon < 0 ? header.length : semicolon;
  return header.slice(Math.max(at, end - KEY_LENGTH), end);
}

/** Returns the key of a cache's value. */
export const keyOfValue = (value: string): string => value.slice(-KEY_LENGTH);

interface Entry<T> {
  /** Compared as a whole. */
  text: string;
  /** The result, which is the same at any time from `from` to before `until`. */
  result: T;
  from: number;
  until: number;
  bytes: number;
}

/** The last authenticated texts and their results. At the bound of entries or bytes the oldest ones are dropped. */
export class Memory<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #limits: MemoryLimits;
  #bytes = 0;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  /** Returns the result of exactly this text at the time `now`, if it is known. */
  get(key: string, text: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.text !== text) return undefined;
    const at = Math.trunc(now);
    return at >= entry.from && at < entry.until ? entry.result : undefined;
  }

  /** Remembers the result of an authenticated text, in place of the one of its key. `size` is the length of the result's texts. */
  set(key: string, text: string, result: T, size: number, from: number, until: number): void {
    const bytes = text.length + size;
    if (bytes > this.#limits.bytes || key === "") return;
    this.#delete(key);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#limits.bytes && this.#entries.size < this.#limits.entries) break;
      this.#delete(oldest);
    }
    this.#entries.set(key, { text, result, from, until, bytes });
    this.#bytes += bytes;
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
