/** Parses verdicts of gate.wasm and inspect.wasm. */
import type { SerializedVerdict } from "../protocol/messages.js";
import { reviveRecord } from "./dates.js";
import type { Authenticated, Verdict } from "../types.js";

type SerializedSession = Extract<SerializedVerdict, { status: "authenticated" }>;

/** Parses a verdict and revives its dates. */
export function readVerdict(text: string): Verdict {
  const verdict = JSON.parse(text) as SerializedVerdict;
  return verdict.status === "authenticated" ? reviveDates(verdict) : verdict;
}

/** Uses the dates that WebAssembly parsed. They are the last member, so that deleting it keeps the object's shape. */
function reviveDates(serialized: SerializedSession): Authenticated {
  const [expiresAt, createdAt, updatedAt, userCreatedAt, userUpdatedAt] = serialized.dates;
  const verdict = serialized as unknown as Authenticated & { dates?: unknown };
  delete verdict.dates;
  // A session of the origin has no cache.
  if (verdict.strategy !== undefined) {
    verdict.cachedAt = new Date(verdict.cachedAt);
    verdict.cacheExpiresAt = new Date(verdict.cacheExpiresAt);
  }
  reviveRecord(verdict.session, expiresAt, createdAt, updatedAt);
  reviveRecord(verdict.user, null, userCreatedAt, userUpdatedAt);
  return verdict;
}
