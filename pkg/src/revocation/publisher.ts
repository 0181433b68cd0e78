/** Hands marks to the feed: at once, again when it fails, and in the background when it goes on failing. */
import { BetterSessionError } from "../error.js";
import type { Context } from "../gate/types.js";
import { inBackground } from "./reader.js";
import type { MarksHandle } from "./create.js";
import type { MarkBatch, RevocationFeed } from "./types.js";

/** Milliseconds that one try may take. */
const PATIENCE = 1000;

/** Tries before the visitor is answered, and the pauses (ms) before those after it. */
const AT_ONCE = 2;
const LATER = [250, 1000, 4000, 15_000];

export class Publisher {
  readonly #feed: RevocationFeed;
  readonly #marks: MarksHandle;
  readonly #onError: (error: unknown) => void;

  constructor(feed: RevocationFeed, marks: MarksHandle, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#marks = marks;
    this.#onError = onError;
  }

  /**
   * Resolves when the feed has the batch. When it does not take it: with `ctx` goes on trying in the background and
   * resolves, without it rejects. The batch is the same each time, and feeds know it by its id.
   */
  async publish(data: Uint8Array, ctx?: Context, id = crypto.randomUUID() as string): Promise<void> {
    if (data.length === 0) return;
    const lifetime = this.#marks.call((marks) => marks.lifetime(), 86_400);
    const batch: MarkBatch = { data, expiresAt: Date.now() + lifetime * 1000, id };
    let failure: unknown;
    for (let tries = 0; tries < AT_ONCE; tries += 1) {
      failure = await this.#try(batch);
      if (failure === undefined) return;
    }
    this.#onError(failure);
    if (!ctx) throw new BetterSessionError("FEED_UNAVAILABLE", "The revocation feed does not take marks; this gate alone knows them.", { cause: failure });
    inBackground(ctx, this.#goOn(batch));
  }

  async #goOn(batch: MarkBatch): Promise<void> {
    let failure: unknown;
    for (const pause of LATER) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      failure = await this.#try(batch);
      if (failure === undefined) return;
    }
    this.#onError(failure);
  }

  /** The reason why it failed, or undefined. */
  async #try(batch: MarkBatch): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`The feed did not take marks within ${PATIENCE} ms.`)), PATIENCE);
      });
      await Promise.race([this.#feed.append(batch), late]);
      return undefined;
    } catch (error) {
      return error ?? new Error("The feed rejected without a reason.");
    } finally {
      clearTimeout(timer);
    }
  }
}
