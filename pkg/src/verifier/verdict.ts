/** Parses verdicts of gate.wasm and inspect.wasm. */
import { reviveRecord } from "./dates.js";
import type { Authenticated, Verdict } from "../types.js";

/** A session as WebAssembly writes it. `dates` are the dates of `session` and `user`, in milliseconds. */
interface SerialisedSession extends Authenticated {
  dates?: (number | null)[];
}

/** Parses a verdict and revives its dates. */
export function readVerdict(text: string): Verdict {
  const verdict = JSON.parse(text) as Exclude<Verdict, Authenticated> | SerialisedSession;
  if (verdict.status === "authenticated") reviveDates(verdict);
  return verdict;
}

/** Uses the dates that WebAssembly parsed. They are the last member, so that deleting it keeps the object's shape. */
function reviveDates(verdict: SerialisedSession): void {
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
