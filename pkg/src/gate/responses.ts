/** Responses that the gate makes or touches. */
import type { Step } from "./decider.js";

/** Seconds after which a refused visitor may try again. */
const RETRY_AFTER = "5";

const PRIVATE = { "cache-control": "private, no-store", vary: "cookie" };

/** What a Response is made of fastest, in workerd: another one, whose headers are checked already. It has no body. */
let template: Response | undefined;

/** What shared caches obey instead of `cache-control`. */
const SHARED = ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "vercel-cdn-cache-control"];

/** `get-session`, as the server answers it from its cache. */
export function sessionAnswer(body: string, setCookies: string[]): Response {
  template ??= new Response(null, { headers: { ...PRIVATE, "content-type": "application/json", pragma: "no-cache" } });
  const response = new Response(body, template);
  for (const line of setCookies) response.headers.append("set-cookie", line);
  return response;
}

/** A refusal: `{ code, message }`, or a redirect. */
export function refusal(step: Pick<Step, "status" | "code" | "message" | "location">, method: string, setCookies: string[] = []): Response {
  const headers = new Headers({ ...PRIVATE, "content-type": "application/json" });
  if (step.location) headers.set("location", step.location);
  if (step.status === 503) headers.set("retry-after", RETRY_AFTER);
  for (const line of setCookies) headers.append("set-cookie", line);
  const body = method === "HEAD" ? null : JSON.stringify({ code: step.code, message: step.message });
  return new Response(body, { status: step.status, headers });
}

/** 400 for a request that no URL can be made of. */
export function badRequest(method: string): Response {
  return refusal({ status: 400, code: "BAD_REQUEST", message: "Bad request" }, method);
}

/**
 * The response for this visitor alone. `setCookies` go before its own, so that what the app sets (a sign-out, say)
 * has the last word.
 */
export function personal(response: Response, setCookies: string[]): Response {
  // A switch of protocols, or Response.error(): neither has headers to set, and nobody can make it anew.
  if (response.status < 200) return response;
  const headers = new Headers(response.headers);
  if (!forbidsStoring(headers.get("cache-control") ?? "")) headers.set("cache-control", PRIVATE["cache-control"]);
  for (const name of SHARED) headers.delete(name);
  const vary = headers.get("vary") ?? "";
  if (!/(^|,)\s*(cookie|\*)\s*(,|$)/i.test(vary)) headers.append("vary", "cookie");
  if (setCookies.length > 0) {
    const own = headers.getSetCookie();
    const names = new Set(own.map(nameOf));
    headers.delete("set-cookie");
    for (const line of setCookies) if (!names.has(nameOf(line))) headers.append("set-cookie", line);
    for (const line of own) headers.append("set-cookie", line);
  }
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

/** The response with these `Set-Cookie`s in the place of its own. */
export function settingOnly(response: Response, setCookies: string[]): Response {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  for (const line of setCookies) headers.append("set-cookie", line);
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}

/** RFC 9111 §5.2.2.3: under `must-understand` a cache may set `no-store` aside. */
function forbidsStoring(cacheControl: string): boolean {
  const directives = cacheControl.toLowerCase().split(",").map((directive) => directive.trim());
  return directives.includes("no-store") && !directives.includes("must-understand");
}

function nameOf(setCookie: string): string {
  return setCookie.slice(0, setCookie.indexOf("=")).trim();
}
