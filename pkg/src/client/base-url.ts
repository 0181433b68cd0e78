/** The URL of the server: `baseURL`, a variable of the environment, or the page's origin. */
import { BetterSessionError } from "../error.js";

/** Returns the value of an environment variable, where there is a `process`. */
const variable = (name: string) => globalThis.process?.env?.[name];

/** Variables with the server's URL, in Better Auth's order. */
const SERVER_URLS = [
  "BETTER_AUTH_URL",
  "NEXT_PUBLIC_BETTER_AUTH_URL",
  "PUBLIC_BETTER_AUTH_URL",
  "NUXT_PUBLIC_BETTER_AUTH_URL",
  "NUXT_PUBLIC_AUTH_URL",
];

/**
 * Returns the URL below which the endpoints are: `baseURL`, or a variable of the environment, or the page's origin. `basePath` is appended to
 * a URL without a path, and stands alone without a URL. `useEnvironment` is false where a framework resolves it itself.
 */
export function resolveBaseURL(
  baseURL: string | undefined,
  basePath = "/api/auth",
  useEnvironment = true,
  origin = globalThis.location?.origin,
): string {
  const path = basePath.replace(/^\/*(.*?)\/*$/, "/$1").replace(/^\/$/, "");
  let url = baseURL;
  if (useEnvironment) {
    for (const name of SERVER_URLS) url ||= variable(name);
    if (!url && variable("BASE_URL") !== "/") url = variable("BASE_URL");
  }
  url ||= origin;
  if (!url && useEnvironment) {
    const whole = variable("NEXT_PUBLIC_AUTH_URL") || variable("NEXTAUTH_URL");
    if (whole) return withoutSlash(whole);
    const host = variable("VERCEL_URL");
    if (host) url = host.startsWith("http") ? host : `https://${host}`;
  }
  if (!url) return path;
  const pathname = pathOf(url);
  if (pathname === undefined) throw new BetterSessionError("CONFIGURATION", "The base URL is not an http or https URL.");
  return withoutSlash(url) + (/[^/]/.test(pathname) ? "" : path);
}

/** Returns the path of an http or https URL. */
function pathOf(url: string): string | undefined {
  try {
    const { protocol, pathname } = new URL(url);
    return /^https?:$/.test(protocol) ? pathname : undefined;
  } catch {
    return undefined;
  }
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
