/**
 * Reads the feed for one isolate. On Workers a promise of one request must not be awaited in another, so nothing is
 * shared but the index itself: every request that has to wait makes a read of its own, or looks at the index again
 * and again while another request's read is under way.
 */
import type { Context } from "../gate/types.js";
import { partsOf } from "./records.js";
import type { MarksHandle } from "./create.js";
import type { RevocationFeed, RevocationOptions } from "./types.js";

const FRESH = 0;
const REFRESH = 1;
const AWAIT = 2;
const UNREACHABLE = 3;

/** Milliseconds between two looks at what another request's read brought, and how many looks. */
const LOOK = 20;
const LOOKS = 10;

/** Milliseconds after which a read is given up, at least. */
const PATIENCE = 1000;

/** Bytes that are handed to the core at once: its memory holds them besides the index. */
const PART = 64 * 1024;

/** Pages of one read: 256 MB, more than any feed keeps. */
const PAGES = 64;

export class Reader {
  readonly #feed: RevocationFeed;
  readonly #marks: MarksHandle;
  readonly #patience: number;
  readonly #onError: (error: unknown) => void;

  constructor({ feed, maxStaleness }: RevocationOptions, marks: MarksHandle, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#marks = marks;
    this.#patience = Math.max(PATIENCE, (maxStaleness ?? feed.maxStaleness ?? 0) * 1000);
    this.#onError = onError;
  }

  /** Whether the index may be answered from: at once, or after a read. */
  ready(ctx: Context): boolean | Promise<boolean> {
    switch (this.#standing()) {
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

  /** Reads what the feed has at this moment, however fresh the index is. False: it cannot be read. */
  refresh(ctx: Context): Promise<boolean> {
    return this.#read(ctx);
  }

  #standing(): number {
    return this.#marks.call((marks) => marks.standing(Date.now()), UNREACHABLE);
  }

  async #await(ctx: Context): Promise<boolean> {
    for (let look = 0; look < LOOKS && this.#marks.call((marks) => marks.reading(Date.now()), false); look += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      const standing = this.#standing();
      if (standing !== AWAIT) return standing <= REFRESH;
    }
    await this.#read(ctx);
    return this.#standing() <= REFRESH;
  }

  /** Whether the read succeeded; never rejects. What is read lands in the index at once, whoever it was read for. */
  async #read(ctx: Context): Promise<boolean> {
    const started = Date.now();
    let index: unknown;
    let cursor = this.#marks.call((marks) => ((index = marks).begin(started), marks.cursor()), "");
    try {
      for (let page = 0; page < PAGES; page += 1) {
        const { marks, cursor: next, age, more, floor } = await this.#patiently(this.#feed.since(cursor, ctx));
        const now = Date.now();
        const fault = this.#marks.call((core) => {
          // After a trap it is another index, which lacks what came before the cursor.
          if (core !== index) return "index_lost";
          if (floor && !core.raiseFloor(floor, now)) return "feed_incomplete";
          const parts = partsOf(marks, PART);
          const last = more ? undefined : parts.pop()!;
          return (
            first(parts, (part) => core.check(part)) ||
            (last && core.check(last)) ||
            first(parts, (part) => core.take(part, now)) ||
            (last ? core.read(last, next, started, age, now) : "")
          );
        }, "core_failed");
        if (fault) throw new Error(`The feed's answer was refused: ${fault}`);
        if (!more) return true;
        cursor = next;
      }
      throw new Error("The feed's answer does not end.");
    } catch (error) {
      this.#marks.call((marks) => marks.fail(started, Date.now()), undefined);
      this.#onError(error);
      return false;
    }
  }

  async #patiently<T>(promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`The feed did not answer within ${this.#patience} ms.`)), this.#patience);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The first fault of any part, or "". */
function first(parts: Uint8Array[], fault: (part: Uint8Array) => string): string {
  for (const part of parts) {
    const found = fault(part);
    if (found) return found;
  }
  return "";
}

/** For work that outlasts the answer. A long-lived process without such a context needs none. */
export function inBackground(ctx: Context | undefined, work: Promise<unknown>): void {
  if (typeof ctx?.waitUntil === "function") ctx.waitUntil(work);
}
