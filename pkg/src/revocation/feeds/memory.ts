/** A feed within one process. */
import { Lines } from "./batch-log.js";
import type { RevocationFeed } from "../types.js";

/**
 * For tests and for a single Node process: every gate that is given this object sees what the others append.
 * On Workers it reaches nobody but the isolate it lives in.
 */
export function memoryFeed(): RevocationFeed {
  let lines: Lines | undefined;
  // Not at module scope: Workers have no randomness there.
  const open = () => (lines ??= new Lines());
  return {
    async append(batch) {
      open().add(batch, Date.now());
      open().forget(Date.now());
    },
    async since(cursor) {
      return { ...open().since(cursor, Date.now()), age: 0 };
    },
  };
}
