/** What the core is told of the configuration: known members only, so that any server options object may be given. */
import { BetterSessionError } from "./error.js";
import type { CacheVersion, CookieAttributes, CookieOptions, VerifierOptions } from "./types.js";

/** JSON text for the core's constructors. A `version` function stays here and is announced as `versionFunction`. */
export function coreConfig(options: VerifierOptions): string {
  if (typeof options !== "object" || options === null) {
    throw new BetterSessionError("CONFIGURATION", "Options are needed: at least the server's secret.");
  }
  const { secret, secrets, session, advanced, baseURL, acceptOldSecrets } = options;
  const { expiresIn, updateAge, freshAge, cookieCache } = session ?? {};
  const { enabled, maxAge, strategy, version, refreshCache: wished } = cookieCache ?? {};
  const refreshCache = hasSessionStore(options) ? undefined : wished;
  const { cookiePrefix, useSecureCookies, cookies, crossSubDomainCookies, defaultCookieAttributes } = advanced ?? {};
  const { enabled: cross, domain } = crossSubDomainCookies ?? {};
  return JSON.stringify({
    secret,
    secrets,
    baseURL,
    acceptOldSecrets,
    session: { expiresIn, updateAge, freshAge, cookieCache: { enabled, maxAge, strategy, version: announced(version), refreshCache } },
    advanced: {
      cookiePrefix,
      useSecureCookies,
      cookies: own(cookies),
      crossSubDomainCookies: { enabled: cross, domain },
      defaultCookieAttributes: known(defaultCookieAttributes),
    },
  });
}

/** With a database or a secondary storage the server warns of `refreshCache` and ignores it. */
export function hasSessionStore(options: VerifierOptions): boolean {
  const { database, secondaryStorage } = options as { database?: unknown; secondaryStorage?: unknown };
  return Boolean(database || secondaryStorage);
}

function announced(version: CacheVersion | undefined) {
  return typeof version === "function" ? { versionFunction: true } : version;
}

function own(cookies: Record<string, CookieOptions> | undefined) {
  if (!cookies) return undefined;
  return Object.fromEntries(Object.entries(cookies).map(([key, cookie]) => [key, { name: cookie?.name, attributes: known(cookie?.attributes) }]));
}

function known(attributes: CookieAttributes | undefined) {
  const { domain, path, sameSite, httpOnly, secure, partitioned } = attributes ?? {};
  return { domain, path, sameSite, httpOnly, secure, partitioned };
}
