// CORS on the responses that the gate makes, preflights, and `set-auth-jwt`, before a real server behind Hono's cors().
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { jwt } from "better-auth/plugins";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SITE, signedUp, startInMemory } from "./in-memory.mjs";

const SPA = "https://spa.test";
const routes = { fresh: ["/fresh"], public: ["/public"], signInURL: "/sign-in" };

let server, jar, lapsed, site, calls;
before(async () => {
  server = startInMemory({ trustedOrigins: [SPA, "https://*.preview.test"], plugins: [jwt()] });
  ({ jar } = await signedUp((request) => server.auth.handler(request)));
  lapsed = jar.clone().dropCache();
  site = new Hono();
  site.use((c, next) => (calls.push(c.req.raw), next()));
  site.use(cors({ origin: SPA, credentials: true, exposeHeaders: ["set-auth-jwt"] }));
  site.all("/api/auth/*", (c) => server.auth.handler(c.req.raw));
  site.all("*", (c) => c.text("a page"));
  calls = [];
});

const shared = () => ({
  secret: server.options.secret,
  baseURL: SITE,
  session: server.options.session,
  trustedOrigins: server.options.trustedOrigins,
});
const gateOf = (options = {}) =>
  createSessionGate({ ...shared(), origin: { fetch: (request) => site.fetch(request) }, routes, hiddenFields: {}, ...options });
const ask = (gate, path, { cookie, origin = SPA, headers = {}, next, ...init } = {}) =>
  gate.fetch(
    new Request(SITE + path, {
      headers: { ...(origin ? { origin } : {}), ...(cookie ? { cookie: cookie.header() } : {}), ...headers },
      ...init,
    }),
    undefined,
    next,
  );
const corsHeaders = ({ headers }) => [
  headers.get("access-control-allow-origin"),
  headers.get("access-control-allow-credentials"),
  headers.get("vary"),
];
const ALLOWED = [SPA, "true", "cookie, origin"];

test("every response that the gate makes can be read by the trusted origins", async () => {
  const gate = gateOf();
  const down = gateOf({ origin: { fetch: () => Promise.reject(new Error("down")) }, revocation: { feed: memoryFeed() } });
  const responses = {
    "get-session": [200, await ask(gate, "/api/auth/get-session", { cookie: jar })],
    "401": [401, await ask(gate, "/page")],
    "redirect": [302, await ask(gate, "/page", { headers: { accept: "text/html" } })],
    "400": [400, await ask(gate, "/a%00b")],
    "503, lookup": [503, await ask(down, "/page", { cookie: lapsed })],
    "503, auth API": [503, await ask(down, "/api/auth/list-sessions", { cookie: jar })],
    "503, page of the origin": [503, await ask(down, "/page", { cookie: jar })],
    "report": [405, await ask(down, "/api/auth/better-session/marks")],
    "requireFresh of an authentication": [401, gate.requireFresh(await gate.authenticate(new Request(SITE, { headers: { origin: SPA } })))],
    "requireFresh in next": [401, await ask(gate, "/public", { next: (_, visitor) => gate.requireFresh(visitor.verdict) })],
  };
  const { apply, verdict } = await gate.authenticate(new Request(SITE, { headers: { origin: SPA } }));
  responses["requireFresh applied"] = [401, apply(gate.requireFresh(verdict))];
  for (const [name, [status, response]] of Object.entries(responses)) {
    assert.equal(response.status, status, name);
    assert.deepEqual(corsHeaders(response).slice(0, 2), ALLOWED.slice(0, 2), name);
    assert.match(response.headers.get("vary"), /\borigin\b/, name);
    assert.doesNotMatch(response.headers.get("vary"), /origin.*origin/, name);
  }
});

test("no other origin may read them: not null, a sibling, a pattern or no origin at all", async () => {
  const gate = gateOf();
  for (const origin of [
    "null",
    "https://spa.test.evil.test",
    "http://spa.test",
    "https://x.preview.test",
    "https://*.preview.test",
    "*",
    `${SPA}, ${SPA}`,
    null,
  ]) {
    for (const [path, cookie] of [
      ["/api/auth/get-session", jar],
      ["/page", undefined],
    ]) {
      assert.deepEqual(corsHeaders(await ask(gate, path, { origin, cookie })), [null, null, "cookie, origin"], `${origin} ${path}`);
    }
  }
  const none = gateOf({ trustedOrigins: () => [SPA] });
  assert.deepEqual(corsHeaders(await ask(none, "/page")), [null, null, "cookie"], "a function needs the option cors");
});

test("the option cors replaces trustedOrigins", async () => {
  const by = async (cors, origin = SPA) => corsHeaders(await ask(gateOf({ cors }), "/api/auth/get-session", { cookie: jar, origin }));
  assert.deepEqual(await by({ origins: [] }), [null, null, "cookie, origin"]);
  assert.deepEqual(await by({ origins: [SPA], credentials: false }), [SPA, null, "cookie, origin"]);
  assert.deepEqual(await by({ origins: ["*"], credentials: false }), ["*", null, "cookie"]);
  assert.deepEqual(await by({ origins: ["capacitor://localhost"] }, "capacitor://localhost"), [
    "capacitor://localhost",
    "true",
    "cookie, origin",
  ]);
  const preview = (origin) => /^https:\/\/[a-z]+\.preview\.test$/.test(origin);
  assert.deepEqual(await by({ origins: preview }, "https://x.preview.test"), ["https://x.preview.test", "true", "cookie, origin"]);
  assert.deepEqual(await by({ origins: preview }), [null, null, "cookie, origin"]);
  const broken = () => {
    throw new Error("broken");
  };
  for (const origins of [broken, () => "yes", async () => true]) assert.equal((await by({ origins }))[0], null, String(origins));
  assert.equal((await by({ origins: () => true }, "null"))[0], null);
  const exposed = await ask(gateOf({ cors: { origins: [SPA], exposeHeaders: ["retry-after", "x-y"] } }), "/page");
  assert.equal(exposed.headers.get("access-control-expose-headers"), "retry-after,x-y");
  for (const cors of [
    { origins: ["*"] },
    { origins: ["null"] },
    { origins: [`${SPA}/`] },
    { origins: ["https://*.spa.test"] },
    { origins: SPA },
    { origins: [SPA], exposeHeaders: ["a b"] },
  ]) {
    assert.throws(() => gateOf({ cors }), { code: "OPTION_INVALID" }, JSON.stringify(cors));
  }
});

test("a preflight is passed on without credentials, body and method overrides, and never asked for a session", async () => {
  const preflight = (path, more = {}) =>
    new Request(SITE + path, {
      method: "OPTIONS",
      body: "a body",
      ...more,
      headers: {
        "origin": SPA,
        "access-control-request-method": "DELETE",
        "cookie": jar.header(),
        "authorization": "Bearer a.b",
        "x-api-key": "key",
        "x-http-method-override": "DELETE",
        "x-http-method": "DELETE",
        "x-method-override": "DELETE",
        ...more.headers,
      },
      duplex: "half",
    });
  const gate = gateOf({ revocation: { feed: memoryFeed() } });
  for (const path of ["/items", "/fresh", "/public", "/api/auth/get-session", "/api/auth/sign-out"]) {
    calls = [];
    const response = await gate.fetch(preflight(path));
    assert.equal(response.status, 204, path);
    assert.deepEqual(
      [response.headers.get("access-control-allow-origin"), response.headers.get("access-control-allow-credentials")],
      [SPA, "true"],
    );
    assert.equal(calls.length, 1, "without a lookup");
    const names = [...calls[0].headers.keys()].filter((name) => /cookie|author|key|override|method|content|identity/.test(name));
    assert.deepEqual(names, ["access-control-request-method"], path);
    assert.equal(calls[0].body, null);
  }
  const seen = [];
  const page = async (request, visitor) => (
    seen.push([request.headers.get("cookie"), visitor.user]),
    new Response("a page for whoever asks", { headers: { "content-length": "23" } })
  );
  const response = await gate.fetch(preflight("/items"), undefined, page);
  assert.deepEqual(seen, [[null, null]]);
  assert.deepEqual(
    [response.status, await response.text(), response.headers.get("content-length")],
    [200, "", null],
    "no body to read a protected page from",
  );
  assert.equal((await gate.fetch(preflight("/a%00b"))).status, 400);
  // OPTIONS without these two headers is a request like any other.
  for (const missing of ["origin", "access-control-request-method"]) {
    const request = preflight("/items");
    for (const name of ["cookie", "authorization", "x-api-key", missing]) request.headers.delete(name);
    assert.equal((await gate.fetch(request)).status, 401, missing);
  }
});

test("get-session keeps set-auth-jwt: from the first call if the options name the plugin, otherwise once it was seen", async () => {
  const hasJwt = async (gate, cookie, path = "/api/auth/get-session") => (await ask(gate, path, { cookie })).headers.has("set-auth-jwt");
  const named = gateOf({ plugins: server.options.plugins });
  assert.deepEqual([await hasJwt(named, jar), await hasJwt(named, jar)], [true, true]);
  const seen = gateOf();
  assert.equal(await hasJwt(seen, jar), false, "nothing shows the plugin yet");
  assert.equal(await hasJwt(seen, lapsed), true);
  assert.equal(await hasJwt(seen, jar), true);
  const byLookup = gateOf();
  await ask(byLookup, "/page", { cookie: lapsed });
  assert.equal(await hasJwt(byLookup, jar), true, "the lookup for a page has shown it");
  const off = gateOf({ plugins: [jwt({ disableSettingJwtHeader: true })] });
  calls = [];
  await ask(off, "/api/auth/get-session", { cookie: jar });
  assert.equal(calls.length, 0, "the plugin does not set the header");
});

test("a valid cookie keeps working while the origin that adds the JWT is down", async () => {
  let isUp = true;
  const origin = { fetch: (request) => (isUp ? site.fetch(request) : Promise.reject(new Error("down"))) };
  const gate = gateOf({ origin, plugins: server.options.plugins });
  isUp = false;
  const response = await ask(gate, "/api/auth/get-session", { cookie: jar });
  assert.deepEqual([response.status, (await response.json()).user.name, ...corsHeaders(response)], [200, "Ada", ...ALLOWED]);
});
