/** The public types of revocation. A feed carries revocations to every isolate of every gate. */

/** Revocations to append. `data` is opaque: keyed hashes and times, no token and no user id. */
export interface MarkBatch {
  data: Uint8Array;
  /** The time after which a feed may delete the batch, in milliseconds since the epoch. */
  expiresAt: number;
  /** The same for every attempt to append the batch, so that a feed can store it once. */
  id: string;
}

/** The new batches of a feed. */
export interface FeedAnswer {
  /** The `data` of batches, concatenated. Repeated batches and any order are allowed. */
  marks: Uint8Array;
  /** The cursor for the next `since`. */
  cursor: string;
  /** Milliseconds since the feed was in this state: 0, or the age of a cached response. It counts towards `maxStaleness`. */
  age: number;
  /** There are more batches; the reader calls again at once. */
  more?: boolean;
  /**
   * Batches that came before this time were dropped early for lack of space, so caches older than it are not accepted.
   * Without a database (`refreshCache`) that would sign everybody out, so there the read counts as failed as long as such
   * batches would live. A feed of your own must not drop batches there.
   */
  floor?: number;
}

/** A log of revocations. Implement your own, or use `durableObjectFeed`, `kvFeed` or `memoryFeed`. */
export interface RevocationFeed {
  /** Resolves once `since` returns the batch everywhere (or will after `delay`). Rejects if that is uncertain. */
  append(marks: MarkBatch): Promise<void>;
  /** Returns the batches after `cursor`; all that have not expired if it is "" or unknown. */
  since(cursor: string, ctx?: { waitUntil(promise: Promise<unknown>): void }): Promise<FeedAnswer>;
  /** Milliseconds until an appended batch is visible everywhere. It adds to `maxStaleness`. Default 0. */
  readonly delay?: number;
  /** True if a restart can lose batches, which `floor` then reports. A gate without a database refuses such a feed. */
  readonly mayLose?: boolean;
  /**
   * Calls `wake` when there may be new batches, so that a gate in a long-lived process reads them at once. A hint: the gate
   * polls all the same. Called once by each gate.
   */
  listen?(wake: () => void): void;
  /** Defaults for this feed, in seconds, if the gate's options have none. */
  readonly pollInterval?: number;
  readonly maxStaleness?: number;
}

/**
 * A revoked session is rejected everywhere at most `maxStaleness` (plus the feed's `delay`) after the call that revoked it
 * returned through a gate: the revocation is in the feed before the response leaves, and no isolate decides from an index
 * that is older.
 */
export interface RevocationOptions {
  feed: RevocationFeed;
  /** Minimum seconds between two reads of the feed in one isolate. Default 0.5. */
  pollInterval?: number;
  /** Seconds; an isolate whose index is older reads the feed before it decides. Default 1. */
  maxStaleness?: number;
  /**
   * Seconds by which the clocks of gates and origin may differ. Default 2. With `cookieCache.refreshCache` at least
   * `maxStaleness` plus the feed's `delay`, because a gate mints caches until it has received a revocation.
   */
  clockSkew?: number;
  /** Maximum number of revoked users and sessions in one isolate. Default and maximum 114688. Beyond it the oldest entries apply to every user, or without a database to all sessions of their own user. */
  maxMarks?: number;
  /** Receives the errors of the feed. Default: `console.error`. */
  onError?(error: unknown): void;
}
