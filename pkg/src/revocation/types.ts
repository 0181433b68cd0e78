/** Feeds carry revocation marks from whoever makes them to every isolate of every gate. */

/** Marks to be appended. What is in `data` is the core's business: keyed hashes and times, no token and no user. */
export interface MarkBatch {
  data: Uint8Array;
  /** When a feed may forget the batch, in milliseconds since the epoch. */
  expiresAt: number;
  /** The same for every try to append the same batch: a feed that knows it already need not keep it twice. */
  id: string;
}

/** What is new in a feed. */
export interface FeedAnswer {
  /** The `data` of batches, one after the other. A batch twice, or out of order, does no harm. */
  marks: Uint8Array;
  /** Where the next `since` goes on. */
  cursor: string;
  /** Milliseconds since this was all that there is: 0, or the age of a cached answer. It counts into `maxStaleness`. */
  age: number;
  /** There is more; ask again at once. */
  more?: boolean;
  /**
   * Batches that came before this instant were dropped before their time, for want of room: copies older than it are not
   * believed. Where the server has no database (`refreshCache`) that would sign everybody out, so the read counts as
   * failed while such batches would live. A feed of your own must not drop there.
   */
  floor?: number;
}

/** Where marks go to and come from. Bring your own, or take `durableObjectFeed`, `kvFeed` or `memoryFeed`. */
export interface RevocationFeed {
  /** Resolves when `since` shows the batch to everybody (or will, after `delay`). Rejects when that is not certain. */
  append(marks: MarkBatch): Promise<void>;
  /** What came after `cursor`; everything that is alive after "" or after a cursor that the feed does not know. */
  since(cursor: string, ctx?: { waitUntil(promise: Promise<unknown>): void }): Promise<FeedAnswer>;
  /** Milliseconds that an appended batch may take to be seen. It adds to the bound of `maxStaleness`. Default 0. */
  readonly delay?: number;
  /** Seconds; what suits this feed where the gate's options say nothing. */
  readonly pollInterval?: number;
  readonly maxStaleness?: number;
}

/**
 * A revoked session is refused everywhere at most `maxStaleness` (plus the feed's `delay`) after the call that
 * revoked it returned through a gate: the marks are in the feed before the answer leaves, and no isolate answers
 * from an index that is older.
 */
export interface RevocationOptions {
  feed: RevocationFeed;
  /** Seconds between two reads of the feed in one isolate, at least. Default 0.5. */
  pollInterval?: number;
  /** Seconds; an isolate whose index is older reads the feed before it answers. Default 1. */
  maxStaleness?: number;
  /**
   * Seconds that the clocks of gates and origin may be apart, either way. Default 2. With `cookieCache.refreshCache` at
   * least `maxStaleness` and the feed's `delay`: a gate mints copies until it has heard of a mark.
   */
  clockSkew?: number;
  /** Most users and sessions marked at once in one isolate. Default and most 114688; beyond it the oldest marks hold for everybody, or without a database for their own user. */
  maxMarks?: number;
  /** Told of a feed that fails. Default: `console.error`. */
  onError?(error: unknown): void;
}
