/**
 * Reads the feed for one isolate. On Workers one request must not await a promise of another, so requests share only the
 * index: a request that has to wait reads the feed itself, or polls the index while another request's read is in progress.
 */
import type { Context, GateOptions } from "../gate/types.js";
import { partsOf } from "./records.js";
import { inBackground } from "./background.js";
import { clockSkewOf, isStateless } from "./config.js";
import type { IndexHandle } from "./index-handle.js";
import type { Publisher } from "./publisher.js";
import { withLimit } from "./time-limit.js";
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

/**
 * Milliseconds after an outage for which a gate without a database still does not use the index: the other gates send what the
 * feed did not accept meanwhile.
 */
const SETTLING = 2000;

/** Maximum size of the parts that are passed to gate.wasm, in bytes: its memory holds them in addition to the index. */
const MAX_PART = 64 * 1024;

/** Maximum number of pages in one read: 256 MB, more than any feed stores. */
const MAX_PAGES = 64;

export class Reader {
  readonly #feed: RevocationFeed;
  readonly #index: IndexHandle;
  readonly #timeout: number;
  readonly #onError: (error: unknown) => void;
  readonly #publisher: Publisher;
  readonly #clockSkew: number;
  readonly #stateless: boolean;
  /** No read has succeeded since one failed and left the index too old: revocations may be missing in the feed. */
  #outage = false;
  /** The time of the first success after an outage. */
  #settling = 0;
  #waking: ReturnType<typeof setTimeout> | undefined;

  constructor(options: GateOptions, index: IndexHandle, publisher: Publisher, onError: (error: unknown) => void) {
    const { feed, maxStaleness } = options.revocation as RevocationOptions;
    this.#feed = feed;
    this.#index = index;
    this.#publisher = publisher;
    this.#timeout = Math.max(MIN_TIMEOUT, (maxStaleness ?? feed.maxStaleness ?? 0) * 1000);
    this.#onError = onError;
    this.#clockSkew = clockSkewOf(options);
    this.#stateless = isStateless(options);
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
        if (!this.#outage || this.#stateless) return this.#await(ctx);
        // The session is looked up, so the request need not wait for a feed that does not respond.
        if (!this.#isReading()) inBackground(ctx, this.#read(ctx));
        return false;
      default:
        return false;
    }
  }

  /** Reads the feed if that is due and no other request does, and returns whether the index is fresh. */
  async current(ctx: Context): Promise<boolean> {
    const state = this.#state();
    if (state === FRESH) return true;
    if (state !== UNREACHABLE && !this.#isReading()) await this.#read(ctx);
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

  /** Returns whether a request reads the feed. */
  #isReading(): boolean {
    return this.#index.call((index) => index.reading(Date.now()), false);
  }

  async #await(ctx: Context): Promise<boolean> {
    for (let poll = 0; poll < POLLS && this.#isReading(); poll += 1) {
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
        const { marks, cursor: next, age, more, floor } = await withLimit(this.#feed.since(cursor, ctx), this.#timeout, "respond");
        const now = Date.now();
        if (this.#settles(now)) return this.#fail(started);
        const error = this.#index.call((index) => {
          // After a trap the index is a new one, which lacks the entries before the cursor.
          if (index !== readInto) return "index_lost";
          if (floor && !index.raiseFloor(floor, now)) return "feed_incomplete";
          // Revocations of the outage may still be on their way, or lost with their gate: every session is looked up.
          if (this.#outage && !this.#stateless) index.raiseFloor(now - this.#clockSkew, now);
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
        if (!more) {
          this.#outage = false;
          inBackground(ctx, this.#publisher.flush());
          return true;
        }
        cursor = next;
      }
      throw new Error("The feed's response does not end.");
    } catch (error) {
      this.#fail(started);
      this.#settling = 0;
      this.#outage ||= this.#state() > REFRESH;
      this.#onError(error);
      return false;
    }
  }

  #fail(started: number): false {
    this.#index.call((index) => index.fail(started, Date.now()), undefined);
    return false;
  }

  /** Returns whether an outage has just ended whose revocations can neither be waited for otherwise nor looked up. */
  #settles(now: number): boolean {
    if (!this.#outage || !this.#stateless) return false;
    this.#settling ||= now;
    return Math.abs(now - this.#settling) < SETTLING;
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
