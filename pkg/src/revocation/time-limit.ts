/** Time limits of calls of the feed. */

/**
 * Returns the promise's result, or rejects after `limit` milliseconds. A process that stood still for that long first reads the
 * responses that have arrived meanwhile.
 */
export async function withLimit<T>(promise: Promise<T>, limit: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const expire = () => reject(new Error(`The feed did not ${what} within ${limit} ms.`));
    timer = setTimeout(() => (timer = setTimeout(expire, 0)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `milliseconds`. In the background it keeps no process alive. */
export function pause(milliseconds: number, background = false): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds) as { unref?: () => void };
    if (background) timer.unref?.();
  });
}
