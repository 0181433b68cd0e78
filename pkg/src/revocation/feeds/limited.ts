/** Limits the calls that wait for a database which does not respond. */

/** Calls of one feed that may wait at a time: reads are one a second in a process, appends one for each call that revokes. */
const MAX_PENDING = 256;

/**
 * Wraps a function so that at most `most` calls wait for their result; further ones reject at once. Not for Workers, where the
 * call of a cancelled request never ends.
 */
export function limited<A extends unknown[], R>(run: (...args: A) => Promise<R>, most = MAX_PENDING): (...args: A) => Promise<R> {
  let pending = 0;
  return async (...args) => {
    if (pending >= most) throw new Error(`The revocation feed does not respond: ${pending} calls are waiting.`);
    pending += 1;
    try {
      return await run(...args);
    } finally {
      pending -= 1;
    }
  };
}
