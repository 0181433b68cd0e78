/**
 * Reads the feed for one isolate. On Workers one request must not await a promise of another, so requests share only the
 * index: a request that has to wait reads the feed itself, or polls the index while another request's read is in progress.
 */
import type { Context } from "../gate/types.js";
import { partsOf } from "./records.js";
import { inBackground } from "./background.js";
import type { IndexHandle } from "./index-handle.js";
import type { RevocationFeed, RevocationOptions } from "./types.js";

/** States of the index, as gate.wasm numbers them. */
const FRESH = 0;
const REFRESH = 1;
const AWAIT = 2;
const UNREACHABLE = 3;

/** Interval (ms) and number of polls while another request reads the feed. */
const POLL = 20;
const POLLS = 10;

/** Delay of a read that a notification causes, in milliseconds, so that a burst of them causes few reads. */
const WAKE_DELAY = 5;

/** Minimum timeout of a read, in milliseconds. */
const MIN_TIMEOUT = 1000;

/** Maximum size of the parts that are passed to gate.wasm, in bytes: its memory holds them in addition to the index. */
const MAX_PART = 64 * 1024;

/** Maximum number of pages in one read: 256 MB, more than any feed stores. */
const MAX_PAGES = 64;

export class Reader {
  readonly #feed: RevocationFeed;
  readonly #index: IndexHandle;
  readonly #timeout: number;
  readonly #onError: (error: unknown) => void;
  #waking: ReturnType<typeof setTimeout> | undefined;

  constructor({ feed, maxStaleness }: RevocationOptions, index: IndexHandle, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#index = index;
    this.#timeout = Math.max(MIN_TIMEOUT, (maxStaleness ?? feed.maxStaleness ?? 0) * 1000);
    this.#onError = onError;
  }

  /** Returns whether the gate may decide from the index: at once, or after a read. */
  ready(ctx: Context): boolean | Promise<boolean> {
    switch (this.#state()) {
      case FRESH:
        return true;
      case REFRESH:
        inBackground(ctx, this.#read(ctx));
        return true;
      case AWAIT:
        return this.#await(ctx);
      default:
        return false;
    }
  }

  /** Reads the feed if that is due and no other request does, and returns whether the index is fresh. */
  async current(ctx: Context): Promise<boolean> {
    const state = this.#state();
    if (state === FRESH) return true;
    const waits = state === UNREACHABLE || this.#index.call((index) => index.reading(Date.now()), false);
    if (!waits) await this.#read(ctx);
    return this.#state() <= REFRESH;
  }

  /** Reads the feed now, however fresh the index is. Returns false if it cannot be read. */
  refresh(ctx: Context): Promise<boolean> {
    return this.#read(ctx);
  }

  /** Reads the feed soon, without a request. Several calls are one read. Only for long-lived processes. */
  wake(): void {
    this.#waking ??= setTimeout(() => {
      this.#waking = undefined;
      void this.#read(undefined);
    }, WAKE_DELAY);
  }

  #state(): number {
    return this.#index.call((index) => index.standing(Date.now()), UNREACHABLE);
  }

  async #await(ctx: Context): Promise<boolean> {
    for (let poll = 0; poll < POLLS && this.#index.call((index) => index.reading(Date.now()), false); poll += 1) {
      await new Promise((resolve) => setTimeout(resolve, POLL));
      const state = this.#state();
      if (state !== AWAIT) return state <= REFRESH;
    }
    await this.#read(ctx);
    return this.#state() <= REFRESH;
  }

  /** Reads the feed into the index. Returns whether that succeeded; never rejects. */
  async #read(ctx: Context | undefined): Promise<boolean> {
    const started = Date.now();
    let readInto: unknown;
    let cursor = this.#index.call((index) => ((readInto = index).begin(started), index.cursor()), "");
    try {
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { marks, cursor: next, age, more, floor } = await this.#withTimeout(this.#feed.since(cursor, ctx));
        const now = Date.now();
        const error = this.#index.call((index) => {
          // After a trap the index is a new one, which lacks the entries before the cursor.
          if (index !== readInto) return "index_lost";
          if (floor && !index.raiseFloor(floor, now)) return "feed_incomplete";
          const parts = partsOf(marks, MAX_PART);
          const last = more ? undefined : parts.pop()!;
          return (
            firstError(parts, (part) => index.check(part)) ||
            (last && index.check(last)) ||
            firstError(parts, (part) => index.take(part, now)) ||
            (last ? index.read(last, next, started, age, now) : "")
          );
        }, "core_failed");
        if (error) throw new Error(`The feed's response was rejected: ${error}`);
        if (!more) return true;
        cursor = next;
      }
      throw new Error("The feed's response does not end.");
    } catch (error) {
      this.#index.call((index) => index.fail(started, Date.now()), undefined);
      this.#onError(error);
      return false;
    }
  }

  async #withTimeout<T>(promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The feed did not respond within ${this.#timeout} ms.`)), this.#timeout);
    });
    try {
      return await Promise.race([promise, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Returns the first error of any part, or "". */
function firstError(parts: Uint8Array[], check: (part: Uint8Array) => string): string {
  for (const part of parts) {
    const error = check(part);
    if (error) return error;
  }
  return "";
}
