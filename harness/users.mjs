// Users of an origin: they sign up, sign in, and call the API with their cookies, as a browser does.

import { CookieJar } from "./jar.mjs";

let count = 0;

/** An e-mail address, a password and a name that nobody else has. */
export function somebody(extra = {}) {
  count += 1;
  return { email: `person-${process.pid}-${count}@example.com`, password: "correct horse battery staple", name: "Ada Lovelace", ...extra };
}

/** Signs a new person up. Answers a jar with `user`, `token` and `credentials` beside the cookies. Throws when refused. */
export function signUp(origin, person = somebody(), options = {}) {
  return post(origin, "/sign-up/email", { ...somebody(), ...person }, options);
}

/** Signs a known person in, as on one more device. `rememberMe: false` makes the session end with the browser. */
export function signIn(origin, { email, password, rememberMe }, options = {}) {
  return post(origin, "/sign-in/email", { email, password, ...(rememberMe === undefined ? {} : { rememberMe }) }, options);
}

/**
 * One call of the auth API with the jar's cookies and a trusted `Origin`; the answer's cookies go into the jar.
 * `via` sends it to another base URL, such as a gate before the origin.
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

/** `GET /get-session`: the session object, or null. */
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
