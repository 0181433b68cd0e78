/** Publishes revocations to the feed: before the response if it accepts them within two seconds, otherwise as soon as it does. */
import { BetterSessionError } from "../error.js";
import type { Context } from "../gate/types.js";
import { inBackground } from "./background.js";
import { concat } from "./bytes.js";
import type { IndexHandle } from "./index-handle.js";
import { MAX_REPORT } from "./report-path.js";
import { isKept } from "./records.js";
import { pause, withLimit } from "./time-limit.js";
import type { MarkBatch, RevocationFeed } from "./types.js";

/** Milliseconds that one attempt may take. */
const TIMEOUT = 1000;

/** Milliseconds for which the response waits for the feed, so that a restart of the feed does not exceed the bound. */
const PATIENCE = 2000;

/** Milliseconds between two attempts before the response, and after it. */
const SHORT_PAUSE = 200;
const LONG_PAUSE = 1000;

/** Milliseconds for which the platform is asked to keep a request's work alive. Workers allow 30 s. */
const BACKGROUND = 25_000;

/** Maximum size of the revocations that wait for the feed, in bytes: 24,000 to 38,000 of them. */
const MAX_PENDING = 1024 * 1024;

export class Publisher {
  readonly #feed: RevocationFeed;
  readonly #index: IndexHandle;
  readonly #onError: (error: unknown) => void;
  /** Batches that the feed has not accepted yet, the oldest first. Data only: on Workers one request must not await another's promise. */
  readonly #pending = new Set<MarkBatch>();
  #size = 0;
  /** The time of the last attempt to send them. */
  #attempted = 0;

  constructor(feed: RevocationFeed, index: IndexHandle, onError: (error: unknown) => void) {
    this.#feed = feed;
    this.#index = index;
    this.#onError = onError;
  }

  /**
   * Resolves once the feed has the batch. If the feed fails for two seconds, the batch is sent again in the background until it
   * expires: every second, and whenever the feed has been read. The promise then resolves if there is a `ctx`, otherwise it
   * rejects. Every attempt sends the same batch with the same id.
   */
  async publish(data: Uint8Array, ctx?: Context, id = crypto.randomUUID() as string): Promise<void> {
    if (data.length === 0) return;
    const lifetime = this.#index.call((index) => index.lifetime(), 86_400);
    const started = Date.now();
    const batch: MarkBatch = { data, expiresAt: started + lifetime * 1000, id };
    let failure = await this.#try(batch);
    // While the feed is known to be away, no call waits for it.
    while (failure !== undefined && this.#pending.size === 0 && Math.abs(Date.now() - started) < PATIENCE) {
      await pause(SHORT_PAUSE);
      failure = await this.#try(batch);
    }
    if (failure === undefined) return;
    this.#onError(failure);
    this.#keep(batch);
    inBackground(ctx, Promise.race([this.#untilAccepted(batch), pause(BACKGROUND, true)]));
    if (!ctx)
      throw new BetterSessionError("FEED_UNAVAILABLE", "The revocation feed does not accept revocations; only this gate knows them.", {
        cause: failure,
      });
  }

  /** Sends the batches that wait, unless an attempt has just been made. */
  async flush(): Promise<void> {
    const now = Date.now();
    if (this.#pending.size === 0 || Math.abs(now - this.#attempted) < LONG_PAUSE / 2) return;
    this.#attempted = now;
    // No cache is as old as an expired revocation.
    for (const batch of this.#pending) if (batch.expiresAt <= now) this.#remove(batch);
    for (const group of groupsOf(this.#pending)) {
      if ((await this.#try(joined(group))) !== undefined) return;
      for (const batch of group) this.#remove(batch);
    }
  }

  #keep(batch: MarkBatch): void {
    this.#pending.add(batch);
    this.#size += batch.data.length;
    for (const oldest of this.#pending) {
      if (this.#size <= MAX_PENDING) return;
      this.#remove(oldest);
      this.#onError(new Error("Too many revocations wait for the feed. The oldest was dropped."));
    }
  }

  #remove(batch: MarkBatch): void {
    if (this.#pending.delete(batch)) this.#size -= batch.data.length;
  }

  async #untilAccepted(batch: MarkBatch): Promise<void> {
    while (this.#pending.has(batch)) {
      await pause(LONG_PAUSE, true);
      await this.flush();
    }
  }

  /** Makes one attempt. Returns the error, or undefined on success. */
  async #try(batch: MarkBatch): Promise<unknown> {
    try {
      await withLimit(this.#feed.append(batch), TIMEOUT, "accept revocations");
      return undefined;
    } catch (error) {
      return error ?? new Error("The feed rejected without a reason.");
    }
  }
}

/** Divides batches into groups of the size of a report, each of which a feed must keep or may drop. */
function groupsOf(batches: Iterable<MarkBatch>): MarkBatch[][] {
  const groups: MarkBatch[][] = [];
  let group: MarkBatch[] = [];
  let room = 0;
  for (const batch of batches) {
    if (group.length === 0 || room < batch.data.length || isKept(batch.data) !== isKept(group[0]!.data)) {
      groups.push((group = []));
      room = MAX_REPORT;
    }
    group.push(batch);
    room -= batch.data.length;
  }
  return groups;
}

/** Returns one batch with the revocations of a group. */
function joined(group: MarkBatch[]): MarkBatch {
  const [first, last] = [group[0]!, group.at(-1)!];
  if (first === last) return first;
  return {
    data: concat(group.map(({ data }) => data)),
    expiresAt: Math.max(...group.map(({ expiresAt }) => expiresAt)),
    id: `${first.id}+${last.id}`,
  };
}
