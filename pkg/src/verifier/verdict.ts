/** A verdict out of the text that the gate and the inspector write. */
import { reviveRecord } from "./dates.js";
import type { Authenticated, Verdict } from "../types.js";

/** Parses a verdict and revives its dates. */
export function readVerdict(text: string): Verdict {
  const verdict = JSON.parse(text) as Verdict;
  if (verdict.status === "authenticated") reviveDates(verdict);
  return verdict;
}

/** Uses and deletes `dates`. It is the last member, so that deleting it keeps the object's shape. */
function reviveDates(verdict: Authenticated & { dates?: (number | null)[] }): void {
  const [expiresAt, createdAt, updatedAt, userCreatedAt, userUpdatedAt] = verdict.dates ?? [];
  delete verdict.dates;
  // A session of the origin has no cache.
  if (verdict.strategy !== undefined) {
    verdict.cachedAt = new Date(verdict.cachedAt);
    verdict.cacheExpiresAt = new Date(verdict.cacheExpiresAt);
  }
  reviveRecord(verdict.session, expiresAt, createdAt, updatedAt);
  reviveRecord(verdict.user, null, userCreatedAt, userUpdatedAt);
}
