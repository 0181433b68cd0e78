/** The public parts of revocation: the feeds and the log behind one of them. */
export { durableObjectFeed, type DurableObjectFeedOptions, type DurableObjectNamespaceLike } from "./feeds/durable-object.js";
export { kvFeed, type KVFeedOptions, type KVNamespaceLike } from "./feeds/kv.js";
export { RevocationLog } from "./feeds/revocation-log.js";
export { memoryFeed } from "./feeds/memory.js";
export type { FeedAnswer, MarkBatch, RevocationFeed, RevocationOptions } from "./types.js";
