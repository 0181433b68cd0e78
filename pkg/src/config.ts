/** What the core is told of the configuration: known members only, so that any server options object may be given. */
import { BetterSessionError } from "./error.js";
import type { CacheVersion, CookieOptions, VerifierOptions } from "./types.js";

/**
 * JSON text for the core's constructors. A `version` function stays here and is announced as `versionFunction`. `minted`
 * is what cookies that are set need besides.
 */
export function coreConfig(options: VerifierOptions, minted: object = {}): string {
  if (typeof options !== "object" || options === null) {
    throw new BetterSessionError("CONFIGURATION", "Options are needed: at least the server's secret.");
  }
  const { secret, secrets, session, advanced, baseURL, acceptOldSecrets } = options;
  const { expiresIn, updateAge, freshAge, cookieCache } = session ?? {};
  const { enabled, maxAge, strategy, version, refreshCache: wished } = cookieCache ?? {};
  const refreshCache = hasSessionStore(options) ? undefined : wished;
  const { cookiePrefix, useSecureCookies } = advanced ?? {};
  const cookies = eachCookie(advanced?.cookies, ({ name }) => ({ name }));
  return JSON.stringify({
    secret,
    secrets,
    baseURL,
    acceptOldSecrets,
    session: { expiresIn, updateAge, freshAge, cookieCache: { enabled, maxAge, strategy, version: announced(version), refreshCache } },
    advanced: { cookiePrefix, useSecureCookies, cookies, ...minted },
  });
}

/** The configured cookies, of each what `take` takes. */
export function eachCookie(cookies: Record<string, CookieOptions> | undefined, take: (cookie: CookieOptions) => object) {
  return cookies ? Object.fromEntries(Object.entries(cookies).map(([key, cookie]) => [key, take(cookie ?? {})])) : undefined;
}

/** With a database or a secondary storage the server warns of `refreshCache` and ignores it. */
export function hasSessionStore(options: object): boolean {
  const { database, secondaryStorage } = options as { database?: unknown; secondaryStorage?: unknown };
  return Boolean(database || secondaryStorage);
}

/** The core's rule: the cache is on if `enabled` says so, or by default for a server without a database. */
export function cacheEnabled(options: VerifierOptions): boolean {
  const { enabled, strategy, refreshCache } = options.session?.cookieCache ?? {};
  return enabled ?? ([strategy].flat()[0] === "jwe" && Boolean(refreshCache) && !hasSessionStore(options));
}

function announced(version: CacheVersion | undefined) {
  return typeof version === "function" ? { versionFunction: true } : version;
}
