/** The options for core.wasm: known members only, so that the server's own options object can be passed. */
import { BetterSessionError } from "./error.js";
import type { CacheVersion, CookieOptions, VerifierOptions } from "./types.js";

/**
 * Returns the options as JSON. A `version` function stays in JavaScript and becomes `versionFunction: true`. `attributes`
 * are the further members of `advanced` for cookies that are minted here.
 */
export function coreConfig(options: VerifierOptions, attributes: object = {}): string {
  assertOptions(options);
  const { secrets, session, advanced, baseURL, acceptOldSecrets, jwks } = options;
  const serverSecret = knowsSecret(options) ? undefined : false;
  const secret = serverSecret === false ? (options as OwnSecret).gateSecret : options.secret;
  // A dynamic `baseURL` is an object. An empty one counts as absent.
  if (typeof baseURL === "string" && !/^\s*(https?:|$)/i.test(baseURL)) {
    throw new BetterSessionError("OPTION_INVALID", "baseURL must begin with https:// or http://");
  }
  return JSON.stringify({
    secret,
    secrets,
    baseURL,
    acceptOldSecrets,
    jwks: jwks ? true : undefined,
    serverSecret,
    session: section(session, ({ expiresIn, updateAge, freshAge, cookieCache }) => ({
      expiresIn,
      updateAge,
      freshAge,
      cookieCache: section(cookieCache, ({ enabled, maxAge, strategy, version, refreshCache }) => ({
        enabled,
        maxAge,
        strategy,
        version: serialisable(version),
        refreshCache: hasSessionStore(options) ? undefined : refreshCache,
      })),
    })),
    advanced: section(advanced ?? {}, ({ cookies }) => ({
      ...cookieOptions(options),
      cookies: eachCookie(cookies, ({ name }) => ({ name })),
      ...attributes,
    })),
  });
}

/** Throws CONFIGURATION if there are no options. */
export function assertOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    throw new BetterSessionError("CONFIGURATION", "Options are needed: at least the server's secret.");
  }
}

/**
 * Returns the members that `pick` takes from a section of the options. `false` and "" count as absent, for `condition && { … }`. Anything else
 * that is no object is returned as it is, because the module refuses it.
 */
export function section<T extends object>(value: T | undefined, pick: (value: T) => object): unknown {
  return value && typeof value === "object" && !Array.isArray(value) ? pick(value) : value || undefined;
}

/** The options of a gate that can stand in for the server's secret. */
interface OwnSecret {
  gateSecret?: string;
  cache?: object;
}

/** Returns whether the server's secret is given, or needed because the options have nothing that verifies a session without it. */
export function knowsSecret(options: VerifierOptions): boolean {
  return (options.secret ?? options.secrets) != null || !(options.jwks ?? (options as OwnSecret).cache);
}

/** Throws GATE_SECRET_MISSING if there is no secret, the server's or the gate's own. `purpose` begins the message. */
export function assertSecret(options: VerifierOptions, purpose: string): void {
  if (knowsSecret(options) || (options as OwnSecret).gateSecret) return;
  throw new BetterSessionError("GATE_SECRET_MISSING", `${purpose}: give gateSecret, or the server's secret`);
}

/** Returns the options of the cookies' names, with `cookieSecurity` and `cookieNamespace` applied. Throws OPTION_INVALID. */
function cookieOptions({ advanced, cookieSecurity, cookieNamespace }: VerifierOptions) {
  if (cookieSecurity !== undefined && !["none", "secure", "host"].includes(cookieSecurity)) {
    throw new BetterSessionError("OPTION_INVALID", 'cookieSecurity must be "none", "secure" or "host"');
  }
  if (cookieSecurity === "host" && advanced?.crossSubDomainCookies?.enabled) {
    throw new BetterSessionError("OPTION_INVALID", 'cookieSecurity "host" and crossSubDomainCookies exclude each other');
  }
  const useSecureCookies = cookieSecurity === undefined ? advanced?.useSecureCookies : cookieSecurity !== "none";
  return {
    cookiePrefix: cookieNamespace ?? advanced?.cookiePrefix,
    useSecureCookies,
    hostPrefix: cookieSecurity === "host" || undefined,
  };
}

/** Maps the options of each configured cookie. */
export function eachCookie(cookies: Record<string, CookieOptions> | undefined, map: (cookie: CookieOptions) => object) {
  return section(cookies, (all) => Object.fromEntries(Object.entries(all).map(([key, cookie]) => [key, section(cookie, map)])));
}

/** Returns whether the server stores sessions, in which case it warns about `refreshCache` and ignores it. */
export function hasSessionStore(options: object): boolean {
  const { database, secondaryStorage } = options as { database?: unknown; secondaryStorage?: unknown };
  return Boolean(database || secondaryStorage);
}

/** Returns whether the cache is on, by the same rule as the core: `enabled`, which is on by default for a server without a database. */
export function cacheEnabled(options: VerifierOptions): boolean {
  const { enabled, strategy, refreshCache } = options.session?.cookieCache ?? {};
  return enabled ?? ([strategy].flat()[0] === "jwe" && Boolean(refreshCache) && !hasSessionStore(options));
}

function serialisable(version: CacheVersion | undefined) {
  return typeof version === "function" ? { versionFunction: true } : version;
}
