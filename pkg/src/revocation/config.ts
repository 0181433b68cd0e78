/** Revocation's options, checked, as the core is told them. */
import { hasSessionStore } from "../config.js";
import { BetterSessionError } from "../error.js";
import type { GateOptions } from "../gate/types.js";

/** What the core is told: `RevocationOptions`, and the feed's own wishes where they say nothing. */
export function revocationConfig(options: GateOptions): string {
  const { revocation } = options;
  if (!revocation) return "{}";
  const { feed, clockSkew, maxMarks } = revocation;
  if (typeof feed?.append !== "function" || typeof feed.since !== "function") {
    throw new BetterSessionError("OPTION_INVALID", "revocation.feed must have append and since: durableObjectFeed(env.X), kvFeed(env.KV) or memoryFeed()");
  }
  const pollInterval = revocation.pollInterval ?? feed.pollInterval;
  const maxStaleness = revocation.maxStaleness ?? feed.maxStaleness;
  for (const [name, seconds] of Object.entries({ pollInterval, maxStaleness, clockSkew })) {
    if (seconds !== undefined && !(typeof seconds === "number" && seconds >= 0 && seconds <= 3600)) {
      throw new BetterSessionError("OPTION_INVALID", `revocation.${name} must be a number of seconds, from 0 to 3600`);
    }
  }
  if (maxStaleness === 0) throw new BetterSessionError("OPTION_INVALID", "revocation.maxStaleness must be longer than 0 seconds");
  if ((pollInterval ?? 0.5) > (maxStaleness ?? 1)) {
    throw new BetterSessionError("OPTION_INVALID", "revocation.pollInterval must not be longer than revocation.maxStaleness");
  }
  // Elsewhere only the origin makes copies anew. A gate that has not heard of a mark would mint one that outlives it.
  const late = (maxStaleness ?? 1) + (feed.delay ?? 0) / 1000;
  if (isStateless(options) && (clockSkew ?? 2) < late) {
    throw new BetterSessionError("OPTION_INVALID", `revocation.clockSkew must be at least ${late} seconds with cookieCache.refreshCache: maxStaleness and the feed's delay`);
  }
  return JSON.stringify({ pollInterval, maxStaleness, clockSkew, maxMarks, grace: options.graceWhenOriginIsDown });
}

/** How far clocks may be apart, in milliseconds; the core's own default. */
export function clockSkewOf({ revocation }: GateOptions): number {
  return (revocation?.clockSkew ?? 2) * 1000;
}

/** Whether the server has no database: whoever is asked about without the cache cookie is signed out. */
export function isStateless(options: GateOptions): boolean {
  return Boolean(options.session?.cookieCache?.refreshCache) && !hasSessionStore(options);
}
