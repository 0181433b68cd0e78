// Pages of other origins in Chromium, which call the API and an app through the gate: with a warm and with a cold cache.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { createSessionGate, nodeListener } from "../../dist/edge.js";
import { launch, openTab } from "../client/browser.mjs";
import { startInMemory } from "./in-memory.mjs";

const servers = [];
function listen() {
  return new Promise((resolve) => {
    const server = http.createServer((_, response) =>
      response.setHeader("content-type", "text/html").end('<link rel="icon" href="data:,">'),
    );
    servers.push(server);
    server.listen(0, "127.0.0.1", () => resolve({ server, url: `http://127.0.0.1:${server.address().port}` }));
  });
}

let api, spa, other, browser, calls;
before(async () => {
  [api, spa, other, browser] = await Promise.all([listen(), listen(), listen(), launch()]);
  const { auth, options } = startInMemory({ baseURL: api.url, trustedOrigins: [spa.url] });
  const site = new Hono();
  site.use(cors({ origin: spa.url, credentials: true }));
  site.all("/api/auth/*", (c) => auth.handler(c.req.raw));
  site.put("/items", async (c) => c.json({ put: await c.req.json() }));
  calls = [];
  const origin = { fetch: (request) => (calls.push(`${request.method} ${new URL(request.url).pathname}`), site.fetch(request)) };
  const gate = createSessionGate({ ...options, origin, hiddenFields: {}, routes: { fresh: ["/fresh"] } });
  api.server.removeAllListeners("request").on("request", nodeListener(gate));
});
after(async () => {
  await browser?.close();
  for (const server of servers) server.close().closeAllConnections();
});

/** Sends a request from a page. Returns its status and JSON, or the name of the error if the page may not read the response. */
const send = (tab, path, init = {}) =>
  tab.evaluate(
    async ([url, init]) => {
      try {
        const response = await fetch(url, { credentials: "include", ...init });
        return [response.status, await response.json()];
      } catch (error) {
        return error.name;
      }
    },
    [api.url + path, init],
  );
const post = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const put = { method: "PUT", headers: { "content-type": "application/json", "x-more": "1" }, body: '{"a":1}' };
const person = { name: "Ada", email: "ada@example.com", password: "a-long-password-1" };

test("a page of a trusted origin reads every response, whoever makes it", async () => {
  const context = await browser.newContext();
  const tab = await openTab(browser, spa.url, context);
  assert.deepEqual(await send(tab, "/items", put), [401, { code: "UNAUTHORIZED", message: "Unauthorized" }]);
  assert.equal((await send(tab, "/api/auth/sign-up/email", post(person)))[0], 200);
  for (const state of ["warm", "cold", "warm again"]) {
    if (state === "cold") await context.clearCookies({ name: /session_data/ });
    calls.length = 0;
    const [status, session] = await send(tab, "/api/auth/get-session");
    assert.deepEqual([status, session.user.email], [200, person.email], state);
    assert.deepEqual(calls, state === "cold" ? ["GET /api/auth/get-session"] : [], `${state}: who answered`);
    if (state === "cold") await context.clearCookies({ name: /session_data/ });
    calls.length = 0;
    assert.deepEqual(await send(tab, "/items", put), [200, { put: { a: 1 } }], state);
    assert.deepEqual(
      calls.filter((call) => !call.startsWith("OPTIONS")),
      state === "cold" ? ["GET /api/auth/get-session", "PUT /items"] : ["PUT /items"],
    );
  }
  assert.equal((await send(tab, "/api/auth/sign-out", post({})))[0], 200);
  assert.deepEqual(await send(tab, "/api/auth/get-session"), [200, null]);
  assert.equal((await send(tab, "/fresh", put))[0], 401);
  assert.deepEqual(tab.errors, []);
  await context.close();
});

test("a page of another origin reads nothing, with a warm and with a cold cache", async () => {
  const context = await browser.newContext();
  const own = await openTab(browser, spa.url, context);
  assert.equal((await send(own, "/api/auth/sign-up/email", post({ ...person, email: "eve@example.com" })))[0], 200);
  const tab = await openTab(browser, other.url, context);
  for (const state of ["warm", "cold"]) {
    if (state === "cold") await context.clearCookies({ name: /session_data/ });
    assert.equal(await send(tab, "/api/auth/get-session"), "TypeError", state);
    assert.equal(await send(tab, "/items", put), "TypeError", state);
  }
  await context.close();
});
