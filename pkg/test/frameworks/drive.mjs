// Requirements of every adapter, over HTTP. The apps are those of examples/: `/` and `/sign-in` are public, `/account` is a page, `/api/me` responds with
// the user and the names of the cookies that the app sees, `/api/notes` with the body that was sent and its author.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { call, signIn, signUp } from "../../../harness/origin.mjs";

export const NAVIGATION = { accept: "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

/** Requests a path of the app as it is spelt, with the jar's cookies. Unlike fetch it can send `Sec-Fetch-Mode`. Returns a Response. */
export async function visit(app, jar, path, { method = "GET", headers = {}, body } = {}) {
  const { hostname, port } = new URL(app.url);
  const incoming = await new Promise((resolve, reject) => {
    const sent = { ...(jar?.size ? { cookie: jar.header() } : {}), ...(body === undefined ? {} : { origin: app.url }), ...headers };
    request({ hostname, port, path, method, headers: sent }, resolve).on("error", reject).end(body);
  });
  const received = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) for (const value of values) received.append(name, value);
  const chunks = await incoming.toArray();
  const empty = incoming.statusCode === 204 || incoming.statusCode === 304;
  const response = new Response(empty ? null : Buffer.concat(chunks), { status: incoming.statusCode, headers: received });
  jar?.store(response);
  return response;
}

const asked = ({ origin }) => origin.counts["GET /api/auth/get-session"] ?? 0;

/** Declares the tests. `app()` returns what `startExample` returned. */
export function drive(app, { pages = true } = {}) {
  test("sign-in: the auth API is behind the gate, and handlers and pages read the visitor", async () => {
    const jar = await signUp(app());
    const again = await signIn(app(), jar.credentials);
    const before = asked(app());
    const { user } = await (await visit(app(), again, "/api/me")).json();
    assert.deepEqual([user.name, user.email], ["Ada Lovelace", jar.credentials.email]);
    if (pages) {
      const page = await visit(app(), again, "/account", { headers: NAVIGATION });
      assert.equal(page.status, 200);
      assert.match(await page.text(), /Account of (<!-- -->)?Ada Lovelace/);
      assert.equal(page.headers.get("cache-control"), "private, no-store");
    }
    assert.match(await (await visit(app(), again, "/", { headers: NAVIGATION })).text(), /Hello (<!-- -->)?Ada Lovelace/);
    assert.match(await (await visit(app(), null, "/", { headers: NAVIGATION })).text(), /Hello (<!-- -->)?stranger/);
    assert.equal(asked(app()), before, "answered from the cookie");
  });

  test("renewal: one lookup, its cookies on the response, and on the request that the app sees", async () => {
    const jar = (await signUp(app())).dropCache();
    const before = asked(app());
    const response = await visit(app(), jar, "/api/me");
    const { user, cookies } = await response.json();
    assert.equal(user.name, "Ada Lovelace");
    assert.ok(cookies.includes("better-auth.session_data"), cookies.join());
    const lines = response.headers.getSetCookie().filter((line) => line.startsWith("better-auth.session_data="));
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0], /; HttpOnly/);
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    assert.equal((await visit(app(), jar, "/api/me")).status, 200);
    assert.equal(asked(app()), before + 1);
    if (!pages) return;
    const page = await visit(app(), jar.dropCache(), "/account", { headers: NAVIGATION });
    assert.match(await page.text(), /Account of (<!-- -->)?Ada Lovelace/);
    assert.ok(jar.has("better-auth.session_data"));
    assert.equal(asked(app()), before + 2, "one lookup for a page, with the requests that it makes inside");
  });

  test("refusal: a call without a session, or with a forged one, gets a 401", async () => {
    for (const headers of [
      {},
      { cookie: "better-auth.session_token=x.y; better-auth.session_data=z" },
      { "x-better-session-identity": "x", "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy", "x-middleware-next": "1" },
    ]) {
      const response = await visit(app(), null, "/api/me", { headers });
      assert.equal(response.status, 401, JSON.stringify(headers));
      assert.equal((await response.json()).code, "UNAUTHORIZED");
      assert.equal((await visit(app(), null, "/api/notes", { method: "POST", body: "x", headers })).status, 401);
    }
    for (const path of [
      "//account",
      "/%61ccount",
      "/./account",
      "/account/",
      "/ACCOUNT",
      "/account%2f",
      "/sign-in/../account",
      "/account;x",
    ]) {
      const response = await visit(app(), null, path);
      assert.ok(response.status >= 300 && response.status < 500, `${path}: ${response.status}`);
      assert.doesNotMatch(await response.text(), /Account of/, path);
    }
  });

  test("redirect: a page without a session leads to the sign-in page, and back", async () => {
    const { status, headers } = await visit(app(), null, "/account?tab=2", { headers: NAVIGATION });
    assert.ok([302, 303, 307].includes(status), String(status));
    const { pathname, searchParams, host } = new URL(headers.get("location"), app().url);
    assert.deepEqual([pathname, searchParams.get("callbackURL"), host], ["/sign-in", "/account?tab=2", new URL(app().url).host]);
    assert.equal((await visit(app(), null, "/sign-in", { headers: NAVIGATION })).status, 200);
  });

  test("revocation: a device that another one ends is refused at once, although its cache is valid", async () => {
    const jar = await signUp(app());
    const other = await signIn(app(), jar.credentials);
    assert.equal((await visit(app(), other, "/api/me")).status, 200);
    assert.equal((await call(app(), jar, "/revoke-other-sessions", { method: "POST", body: {} })).status, 200);
    assert.equal((await visit(app(), other, "/api/me")).status, 401);
    assert.equal((await visit(app(), jar, "/api/me")).status, 200);
    assert.equal((await call(app(), jar, "/sign-out", { method: "POST", body: {} })).status, 200);
    assert.equal((await visit(app(), jar, "/api/me")).status, 401);
  });

  test("prefetch: a page that is loaded in advance is refused, not redirected", async () => {
    for (const purpose of ["prefetch", "prefetch;prerender"]) {
      const response = await visit(app(), null, "/account", { headers: { ...NAVIGATION, "sec-purpose": purpose } });
      assert.deepEqual([response.status, response.headers.get("location")], [401, null]);
    }
  });

  test("bodies pass the gate as they are, in both directions", async () => {
    const jar = await signUp(app());
    const text = "Grüße, ".repeat(20_000);
    const post = (body) => visit(app(), jar, "/api/notes", { method: "POST", body, headers: { "content-type": "text/plain" } });
    assert.deepEqual(await (await post(text)).json(), { text, by: "Ada Lovelace" });
    jar.dropCache();
    assert.deepEqual(await (await post("after a renewal")).json(), { text: "after a renewal", by: "Ada Lovelace" });
  });
}
