/** `better-session doctor`: compares what a Better Auth server does with the options. */
import { parseSetCookieHeader } from "../cookies/set-cookie.js";
import { decode } from "../verifier/decode.js";
import { explain } from "../verifier/explain.js";
import { createVerifier } from "../verifier/verifier.js";
import { BetterSessionError } from "../error.js";
import type { VerifierOptions } from "../types.js";

type Print = (line: string) => void;
type Report = (passed: boolean | null, text: string) => void;

/** Seconds that the clocks of server and gate may differ: the default of `revocation.clockSkew`. */
const CLOCK_SKEW = 2;
const TIMEOUT = 10_000;

/** Prints one line for each comparison. Resolves to 0 if nothing differs, otherwise to 1. */
export async function doctor(origin: string, cookie: string | undefined, options: VerifierOptions, print: Print): Promise<number> {
  let differs = false;
  const report: Report = (passed, text) => {
    if (passed === false) differs = true;
    print(`${passed === null ? "skipped" : passed ? "ok     " : "DIFFERS"}  ${text}`);
  };
  const api = apiOf(origin, options);
  const health = await get(`${api}/ok`);
  report(health?.status === 200, `the server answers ${api}/ok${health ? ` (${health.status})` : ": no response"}`);
  if (!health) return 1;
  const seconds = Math.abs(Date.parse(health.headers.get("date") ?? "") - Date.now()) / 1000;
  report(Number.isNaN(seconds) ? null : seconds <= CLOCK_SKEW, `the clocks agree to ${CLOCK_SKEW} s`);
  const nobody = await get(`${api}/get-session`);
  report(nobody?.status === 200 && (await nobody.text()) === "null", "get-session without a cookie is null");
  if (cookie === undefined) report(null, "cookies: pass the Cookie header of a signed-in visitor as a file or on standard input");
  else await compareCookies(api, cookie, options, report);
  return differs ? 1 : 0;
}

/** Looks the session up without its cache, and compares the cookies that the server sets. */
async function compareCookies(api: string, cookie: string, options: VerifierOptions, report: Report): Promise<void> {
  if (options.secret === undefined && options.secrets === undefined) {
    throw new BetterSessionError("OPTION_INVALID", "comparing cookies needs the secret: set BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS");
  }
  const { verdict, expected, received } = explain(cookie, options);
  const tokens = received.filter((name) => name.includes("session_token"));
  report(
    tokens.some((name) => expected.includes(name)),
    `the session token is named ${expected.join(" or ")} (received: ${tokens.join(", ") || "none"}): baseURL, useSecureCookies, cookiePrefix`,
  );
  report(verdict.status !== "unauthenticated", `the secret verifies the session token${"reason" in verdict ? ` (${verdict.reason})` : ""}`);
  const response = await get(`${api}/get-session`, cookie.replace(/(^|;\s*)[^=;]*session_data(?:\.\d+)?=[^;]*/g, ""));
  const known = response?.status === 200 && (await response.text()) !== "null";
  report(known, "the server knows the session");
  if (!response || !known) return;
  compareCache(response, options, report);
}

function compareCache(response: Response, options: VerifierOptions, report: Report): void {
  const cookies = new Map(response.headers.getSetCookie().flatMap((line) => [...parseSetCookieHeader(line)]));
  const chunks = [...cookies].filter(([name]) => /session_data(\.\d+)?$/.test(name));
  const { enabled, maxAge = 300, strategy = "compact" } = options.session?.cookieCache ?? {};
  const sets = chunks.some(([, { value }]) => value !== "");
  report(sets === (enabled === true), `cookieCache.enabled is ${enabled === true} (the server ${sets ? "sets" : "does not set"} a cache)`);
  if (!sets) return;
  const [name = "", first] = chunks[0] ?? [];
  const value = chunks.map(([, chunk]) => chunk.value).join("");
  const secure = options.advanced?.useSecureCookies ?? String(options.baseURL ?? "").startsWith("https://");
  report(
    name.startsWith("__Secure-") === secure,
    `cookie names ${secure ? "begin with __Secure-" : "have no prefix"} (the server sets ${name})`,
  );
  const seconds = first?.["max-age"];
  report(
    seconds === undefined ? null : seconds === maxAge,
    `cookieCache.maxAge is ${maxAge} (the server's cookie: ${seconds ?? "no Max-Age"})`,
  );
  const actual = decode(value)?.strategy;
  report(
    actual !== undefined && [strategy].flat().includes(actual),
    `cookieCache.strategy is ${[strategy].flat().join(", ")} (the server's: ${actual})`,
  );
  const opened = createVerifier(options).open(value);
  report(opened.ok, `the secret and cookieCache.version open the cache${opened.ok ? "" : ` (${opened.reason})`}`);
}

/** Returns the URL of the API: `basePath` below the origin, or the path of `baseURL`, as on the server. */
function apiOf(origin: string, options: VerifierOptions & { basePath?: string }): string {
  if (!URL.canParse(origin)) throw new BetterSessionError("OPTION_INVALID", "doctor needs the server's URL");
  const { baseURL } = options;
  const path = typeof baseURL === "string" && URL.canParse(baseURL) ? new URL(baseURL).pathname : "/";
  return new URL(origin).origin + (path === "/" ? (options.basePath ?? "/api/auth") : path).replace(/\/+$/, "");
}

async function get(url: string, cookie?: string): Promise<Response | null> {
  const headers = { accept: "application/json", ...(cookie ? { cookie } : {}) };
  return fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT) }).catch(() => null);
}
