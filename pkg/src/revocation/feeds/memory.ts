/** A feed in the memory of one process. */
import { BatchLog } from "./batch-log.js";
import type { RevocationFeed } from "../types.js";

/**
 * Creates a feed for tests and for a single Node process: every gate that has this object reads what the others append.
 * On Workers it reaches only its own isolate.
 */
export function memoryFeed(): RevocationFeed {
  let opened: BatchLog | undefined;
  // Not at module scope, where Workers have no randomness.
  const log = () => (opened ??= new BatchLog());
  return {
    async append(batch) {
      log().add(batch, Date.now());
      log().removeExpired(Date.now());
    },
    async since(cursor) {
      return { ...log().since(cursor, Date.now()), age: 0 };
    },
  };
}
