/** Cache versions that a function decides. The core compares fixed versions itself. */
import type { CacheVersion } from "../types.js";

type Cached = { session: object; user: object; version: string; cachedAt: Date; cacheExpiresAt: Date };

/** Returns whether the cache has the configured version, or a promise of that if the function is async. */
export function versionMatches(version: CacheVersion | undefined, { session, user, version: actual }: Cached): boolean | Promise<boolean> {
  if (typeof version !== "function") return true;
  const same = (expected: unknown) => (typeof expected === "string" || typeof expected === "number") && String(expected) === actual;
  try {
    const expected = version(session, user);
    return isPromise(expected) ? Promise.resolve(expected).then(same, () => false) : same(expected);
  } catch {
    return false;
  }
}

/** Returns whether `value` is a promise. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
