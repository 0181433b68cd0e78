/** The names of the gate's own cache cookie, and what must not leave the gate with it. */

const NAME = "better-session.cache";

/** Returns the cookie's name for a request by https or http. */
export const ownCacheName = (isHttps: boolean) => (isHttps ? `__Host-${NAME}` : NAME);

/** Returns the value of the cookie in a `Cookie` header; undefined if there is none, or more than one. */
export function ownCacheOf(cookie: string, isHttps: boolean): string | undefined {
  const start = `${ownCacheName(isHttps)}=`;
  const found = entries(cookie).filter((entry) => entry.startsWith(start));
  return found.length === 1 ? found[0]!.slice(start.length) : undefined;
}

/** Returns a `Cookie` header without the cookie: neither the origin nor the app has a use for it. */
export function withoutOwnCache(cookie: string): string {
  if (!cookie.includes(NAME)) return cookie;
  return entries(cookie)
    .filter((entry) => ![true, false].some((isHttps) => entry.startsWith(`${ownCacheName(isHttps)}=`)))
    .join("; ");
}

/** Returns the `Set-Cookie` line of the cookie; "" as `value` deletes it. */
export function ownCacheLine(value: string, maxAge: number, isHttps: boolean): string {
  return `${ownCacheName(isHttps)}=${value}; Max-Age=${maxAge}; Path=/; HttpOnly${isHttps ? "; Secure" : ""}; SameSite=Lax`;
}

/** Returns the `Set-Cookie` lines that delete the cookies of a request. */
export function ownCacheDeletions({ headers }: Request): string[] {
  const cookie = headers.get("cookie") ?? "";
  return [true, false].filter((isHttps) => ownCacheOf(cookie, isHttps) !== undefined).map((isHttps) => ownCacheLine("", 0, isHttps));
}

const entries = (cookie: string) => cookie.split(";").map((entry) => entry.trim());
