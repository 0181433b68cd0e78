/** The options of revocation, validated. */
import { assertSecret, hasSessionStore } from "../config.js";
import { BetterSessionError } from "../error.js";
import type { GateOptions } from "../gate/types.js";

/** Returns the options as JSON for gate.wasm, with the feed's own defaults. Throws a BetterSessionError if one is invalid. */
export function revocationConfig(options: GateOptions): string {
  const { revocation } = options;
  if (!revocation) return "{}";
  assertSecret(options, "revocation hashes sessions with a secret");
  const { feed, clockSkew, maxMarks } = revocation;
  if (typeof feed?.append !== "function" || typeof feed.since !== "function") {
    throw new BetterSessionError(
      "OPTION_INVALID",
      "revocation.feed must have append and since: durableObjectFeed(env.X), kvFeed(env.KV), redisFeed(client), postgresFeed(pool) or memoryFeed()",
    );
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
  // Here the gate itself mints caches. One that has not received a revocation yet would mint a cache that outlives it.
  const latest = (maxStaleness ?? 1) + (feed.delay ?? 0) / 1000;
  if (isStateless(options) && (clockSkew ?? 2) < latest) {
    throw new BetterSessionError(
      "OPTION_INVALID",
      `revocation.clockSkew must be at least ${latest} seconds with cookieCache.refreshCache: maxStaleness and the feed's delay`,
    );
  }
  if (isStateless(options) && feed.mayLose) {
    throw new BetterSessionError(
      "OPTION_INVALID",
      "With cookieCache.refreshCache the feed must not lose revocations: set its option durable",
    );
  }
  return JSON.stringify({ pollInterval, maxStaleness, clockSkew, maxMarks, grace: options.graceWhenOriginIsDown });
}

/** Returns the tolerated clock skew in milliseconds, with the same default as gate.wasm. */
export function clockSkewOf({ revocation }: GateOptions): number {
  return (revocation?.clockSkew ?? 2) * 1000;
}

/** Returns the greatest age of the index in milliseconds, with the same default as gate.wasm. */
export function maxStalenessOf({ revocation }: GateOptions): number {
  return (revocation?.maxStaleness ?? revocation?.feed.maxStaleness ?? 1) * 1000;
}

/** Returns whether the server has no database: a lookup without the cache cookie finds no session there. */
export function isStateless(options: GateOptions): boolean {
  return Boolean(options.session?.cookieCache?.refreshCache) && !hasSessionStore(options);
}
