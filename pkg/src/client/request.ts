/** Builds the request of a call: URL, query, headers, credentials, and the encoding of the body. */
import type { HeadersInput } from "../platform.js";
import { withoutSlash } from "./base-url.js";
import { pathBelow } from "./path.js";
import type { FetchOptions, FetchPlugin, RequestContext } from "./options.js";

/** Calls the `init` of each plugin with the path and the options of a request, and returns what they make of them. */
export async function initialize(
  url: string,
  options: FetchOptions,
  plugins: FetchPlugin[],
): Promise<{ url: string; options: FetchOptions }> {
  for (const plugin of plugins) {
    const changed = await plugin.init?.(url, options);
    if (changed) {
      url = String(changed.url);
      options = changed.options ?? options;
    }
  }
  return { url, options };
}

/** Returns what `fetch` is given and hooks see as `request`. Throws if it cannot be built: a body that is not JSON, an invalid header. */
export async function buildRequest(path: string, options: FetchOptions): Promise<RequestContext> {
  const headers = new Headers(options.headers as HeadersInput);
  await authorize(options, headers);
  let { body } = options;
  if (isJson(body)) {
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    if (typeof body !== "string") {
      body = headers.get("content-type")!.includes("x-www-form-urlencoded") ? `${new URLSearchParams(body)}` : JSON.stringify(body);
    }
  }
  const url = pathBelow(withoutSlash(options.baseURL!), path);
  return {
    ...options,
    url: url + search(options.query, url.includes("?")),
    method: options.method!,
    headers,
    body: body ?? null,
  } as RequestContext;
}

/** Returns the headers of several options as a plain object; later ones win, `undefined` and `null` are left out. */
export function mergeHeaders(...sources: FetchOptions["headers"][]): Record<string, string> {
  const merged: Record<string, string> = {};
  for (const source of sources) {
    const pairs = source && Symbol.iterator in source ? (source as Iterable<string[]>) : Object.entries(source ?? {});
    for (const [name, value] of pairs) {
      if (value != null) merged[name.toLowerCase()] = value;
    }
  }
  return merged;
}

/** Returns whether a body is sent as JSON: everything but what `fetch` knows, such as `FormData`. */
function isJson(body: unknown): body is string | Record<string, string> {
  return (
    body != null &&
    (typeof body !== "object" || Array.isArray(body) || "toJSON" in body || (body.constructor?.name ?? "Object") === "Object")
  );
}

async function authorize({ auth }: FetchOptions, headers: Headers): Promise<void> {
  if (!auth) return;
  const { token, username, password, value, prefix }: Record<string, unknown> = auth;
  const parts = [token, username, password, value].map((part) => (typeof part === "function" ? part() : part));
  const [bearer, name, secret, custom] = await Promise.all(parts);
  if (bearer) headers.set("authorization", `Bearer ${bearer}`);
  else if (name && secret) headers.set("authorization", `Basic ${btoa(`${name}:${secret}`)}`);
  else if (custom) headers.set("authorization", `${prefix ?? ""} ${custom}`);
}

function search(query: Record<string, unknown> = {}, continued: boolean): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one != null) parameters.append(name, typeof one === "object" ? JSON.stringify(one) : one);
    }
  }
  const text = `${parameters}`;
  return text && (continued ? "&" : "?") + text.replace(/\+/g, "%20");
}
