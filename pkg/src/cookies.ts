/** `better-session/cookies`: a replacement for `better-auth/cookies` in a middleware. */
export { BetterSessionError } from "./error.js";
export { getCookieCache, type CookieCacheOptions } from "./cookies/cache.js";
export { HOST_COOKIE_PREFIX, SECURE_COOKIE_PREFIX, cookieNameRegex, parseCookies, stripSecureCookiePrefix } from "./cookies/names.js";
export type { CookieCachePayload } from "./cookies/payload.js";
export type { JSONWebKeySet } from "./cookies/jwks.js";
export { applySetCookies, getSessionCookie, setCookieToHeader, setRequestCookie } from "./cookies/request.js";
export { parseSetCookieHeader, splitSetCookieHeader, toCookieOptions, type CookieAttributes } from "./cookies/set-cookie.js";
