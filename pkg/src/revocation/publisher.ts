/** Publishes revocations to the feed: at once, again if that fails, then in the background. */
import { BetterSessionError } from "../error.js";
import type { Context } from "../gate/types.js";
import { inBackground } from "./background.js";
import type { IndexHandle } from "./index-handle.js";
import type { MarkBatch, RevocationFeed } from "./types.js";

/** Milliseconds that one attempt may take. */
const TIMEOUT = 1000;

/** Attempts before the response is sent, and the delays (ms) before those after it: short, because other gates accept the caches as soon as they can read the feed again. */
const ATTEMPTS = 2;
const RETRY_DELAYS = [250, 750, ...Array<number>(20).fill(1000)];

export class Publisher {
  readonly #feed: RevocationFeed;
  readonly #index: IndexHandle;
  readonly #onError: (error: unknown) => void;

  constructor(feed: RevocationFeed, index: IndexHandle, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#index = index;
    this.#onError = onError;
  }

  /**
   * Resolves once the feed has the batch. If the feed fails, the publisher retries in the background and resolves if there is
   * a `ctx`, otherwise it rejects. Every attempt sends the same batch with the same id.
   */
  async publish(data: Uint8Array, ctx?: Context, id = crypto.randomUUID() as string): Promise<void> {
    if (data.length === 0) return;
    const lifetime = this.#index.call((index) => index.lifetime(), 86_400);
    const batch: MarkBatch = { data, expiresAt: Date.now() + lifetime * 1000, id };
    let failure: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      failure = await this.#try(batch);
      if (failure === undefined) return;
    }
    this.#onError(failure);
    if (!ctx)
      throw new BetterSessionError("FEED_UNAVAILABLE", "The revocation feed does not accept revocations; only this gate knows them.", {
        cause: failure,
      });
    inBackground(ctx, this.#retry(batch));
  }

  async #retry(batch: MarkBatch): Promise<void> {
    let failure: unknown;
    for (const delay of RETRY_DELAYS) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      failure = await this.#try(batch);
      if (failure === undefined) return;
    }
    this.#onError(failure);
  }

  /** Makes one attempt. Returns the error, or undefined on success. */
  async #try(batch: MarkBatch): Promise<unknown> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`The feed did not accept revocations within ${TIMEOUT} ms.`)), TIMEOUT);
      });
      await Promise.race([this.#feed.append(batch), timeout]);
      return undefined;
    } catch (error) {
      return error ?? new Error("The feed rejected without a reason.");
    } finally {
      clearTimeout(timer);
    }
  }
}
