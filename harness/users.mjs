// Signs users of an origin up and in, and calls its API with their cookies, as a browser does.

import { CookieJar } from "./jar.mjs";

let count = 0;

/** Returns a unique e-mail address, a password and a name. */
export function somebody(extra = {}) {
  count += 1;
  return { email: `person-${process.pid}-${count}@example.com`, password: "correct horse battery staple", name: "Ada Lovelace", ...extra };
}

/** Signs up a new user. Returns a cookie jar with the additional members `user`, `token` and `credentials`. Throws if the server refuses. */
export function signUp(origin, user = somebody(), options = {}) {
  return post(origin, "/sign-up/email", { ...somebody(), ...user }, options);
}

/** Signs in an existing user, as on another device. `rememberMe: false` sets session cookies without `Max-Age`. */
export function signIn(origin, { email, password, rememberMe }, options = {}) {
  return post(origin, "/sign-in/email", { email, password, ...(rememberMe === undefined ? {} : { rememberMe }) }, options);
}

/**
 * Calls the auth API with the jar's cookies and a trusted `Origin`, and stores the cookies of the response in the jar.
 * `via` is another base URL for the request, such as a gate in front of the origin.
 */
export async function call(origin, jar, path, { method, body, headers = {}, via = origin.url } = {}) {
  const url = new URL((origin.basePath ?? "/api/auth") + path, via);
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(jar?.size ? { cookie: jar.header() } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      origin: url.origin,
      "user-agent": "harness",
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
  });
  jar?.store(response);
  return response;
}

/** Calls `GET /get-session`. Returns the session object or null. */
export async function getSession(origin, jar, query = "") {
  const response = await call(origin, jar, `/get-session${query}`);
  if (!response.ok) throw new Error(`get-session answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function post(origin, path, body, options) {
  const jar = options.jar ?? new CookieJar();
  const response = await call(origin, jar, path, { ...options, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  const { user, token } = JSON.parse(text);
  return Object.assign(jar, { user, token, credentials: { email: body.email, password: body.password } });
}
