/** Revocation: feeds, the log behind one of them, and what a gate makes of them. */
export { durableObjectFeed, type DurableObjectFeedOptions, type DurableObjectNamespaceLike } from "./durable-object.js";
export { kvFeed, type KVFeedOptions, type KVNamespaceLike } from "./kv.js";
export { RevocationLog } from "./log.js";
export { memoryFeed } from "./memory.js";
export type { FeedAnswer, MarkBatch, RevocationFeed, RevocationOptions } from "./types.js";
