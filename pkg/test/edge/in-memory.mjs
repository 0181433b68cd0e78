// A real Better Auth server on Better Auth's memory adapter, called without a network, and a browser's cookie jar.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { CookieJar } from "../../../harness/jar.mjs";
import { SECRET } from "../../../harness/origin.mjs";

export const SITE = "http://app.test";

/** Returns `{ auth, options, tables }`. `stateless: true` leaves the database out. */
export function startInMemory({ stateless = false, ...given } = {}) {
  const tables = {};
  const options = {
    secret: SECRET,
    baseURL: SITE,
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
    ...given,
    session: { cookieCache: { enabled: true, maxAge: 300 }, ...given.session },
  };
  for (const [name, value] of Object.entries(options)) if (value === undefined) delete options[name];
  const database = (resolved) => {
    for (const table of Object.values(getAuthTables(resolved))) tables[table.modelName] ??= [];
    return memoryAdapter(tables)(resolved);
  };
  return { auth: betterAuth(stateless ? options : { ...options, database }), options, tables };
}

/** Returns a function that sends a request with the jar's cookies to a handler and stores the cookies of the response. */
export function browserOf(handler, { site = SITE, jar = new CookieJar() } = {}) {
  const send = async (path, { method, body, headers = {}, ...init } = {}) => {
    const sent = new Headers({ origin: site, ...headers });
    if (jar.size > 0) sent.set("cookie", jar.header());
    if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const request = new Request(site + path, {
      method: method ?? (text === undefined ? "GET" : "POST"),
      headers: sent,
      body: text,
      ...init,
    });
    const response = await handler(request);
    jar.store(response);
    return response;
  };
  return { jar, send };
}

let people = 0;

/** Signs a new person up and returns the browser. */
export async function signedUp(handler, { basePath = "/api/auth", ...given } = {}) {
  const browser = browserOf(handler, given);
  const body = { name: "Ada", email: `ada${(people += 1)}@example.com`, password: "a-long-password-1" };
  const response = await browser.send(`${basePath}/sign-up/email`, { body });
  if (response.status !== 200) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
  return { ...browser, person: body };
}
