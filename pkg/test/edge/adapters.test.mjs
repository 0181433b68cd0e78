// The gate as a Worker's handler, in Hono (workerd and Node) and in node:http, with a real origin.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createSessionGate, nodeListener } from "better-session/edge";
import { SECRET, call, signUp } from "../../../harness/origin.mjs";
import { honoApp } from "./hono-app.mjs";
import { raw } from "./raw.mjs";
import { startAll, visit } from "./support.mjs";

const options = { secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {}, routes: { public: ["/public/**"] } };
const servers = [];
let all, origin;
before(async () => {
  all = await startAll({}, { plain: { entry: "plain-worker.mjs", options }, hono: { entry: "hono-worker.mjs", options } });
  origin = all.origin;
});
after(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await all?.close();
});

async function inNode(listener) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}`;
  all.trust(url);
  return { url, basePath: origin.basePath };
}

/** Checks that every adapter must pass: sign-up, refusal, the session at the edge, renewal. */
async function works(gate) {
  assert.equal((await visit(gate, null, "/account")).status, 401);
  const jar = await signUp(gate);
  const asked = () => origin.counts["GET /api/auth/get-session"] ?? 0;
  const before = asked();
  assert.equal((await (await call(gate, jar, "/get-session")).json()).session.token, jar.token);
  assert.equal(asked(), before, "answered at the edge");
  assert.equal((await visit(gate, jar, "/account")).status, 200);
  const renewed = await visit(gate, jar.dropCache(), "/account");
  assert.equal(asked(), before + 1);
  assert.equal(renewed.headers.get("cache-control"), "private, no-store");
  assert.match(renewed.headers.getSetCookie().join("\n"), /^better-auth\.session_data=/m);
  assert.ok(jar.has("better-auth.session_data"));
  return jar;
}

test("gate.fetch works as a Worker's handler", async () => {
  await works(all.plain);
});

test("gate.fetch accepts the arguments of Deno and Bun, and no further arguments", async () => {
  const { fetch } = createSessionGate({ ...options, origin: origin.url });
  const jar = await signUp(origin);
  const request = () => new Request("http://app.example/account", { headers: { cookie: jar.header() } });
  for (const rest of [[], [undefined], [null, null], [{ remoteAddr: {} }], [{ port: 80 }, { waitUntil() {} }]]) {
    assert.equal((await fetch(request(), ...rest)).status, 200);
  }
  const next = (_, { user }) => new Response(user.name);
  assert.equal(await (await fetch(request(), undefined, next)).text(), "Ada Lovelace");
  assert.equal((await fetch(request(), undefined, () => Response.error())).type, "error", "handed on as it is");
});

test("an asynchronous version function is awaited by the gate, but not by check", async () => {
  const jar = await signUp(origin);
  const request = () => new Request("http://app.example/account", { headers: { cookie: jar.header() } });
  const under = (version) => createSessionGate({ ...options, origin: origin.url, session: { cookieCache: { enabled: true, version } } });
  const asks = async (version) => {
    const before = origin.requests.length;
    const { verdict, source } = await under(version).authenticate(request());
    assert.equal(verdict.status, "authenticated");
    assert.equal((await under(version).fetch(request(), undefined, (_, { user }) => new Response(user.name))).status, 200);
    return [source, origin.requests.length - before];
  };
  assert.deepEqual(await asks(async (session, user) => (session.userId === user.id ? "1" : "0")), ["cookie", 0]);
  assert.deepEqual(await asks(async () => "2"), ["origin", 2]);
  assert.deepEqual(await asks(async () => Promise.reject(new Error("no"))), ["origin", 2]);
  assert.equal(under(async () => "1").check(request()).reason, "version_mismatch");
  assert.equal(under(() => "1").check(request()).status, "authenticated");
});

const frameworks = {
  "Hono in workerd": async () => all.hono,
  "Hono in Node": async () => inNode(fromFetch(honoApp({ ...options, origin: origin.url }))),
};
for (const [name, start] of Object.entries(frameworks)) {
  test(`${name}: handlers receive the visitor, and the gate adjusts their response`, async () => {
    const app = await start();
    const jar = await works(app);
    const response = await visit(app, jar.dropCache(), "/account");
    const seen = await response.json();
    assert.equal(seen.user.name, "Ada Lovelace");
    assert.match(seen.cookie, /session_data=/, "renewed for the handler as well");
    assert.equal(response.headers.get("x-app"), "hono");
    const lines = response.headers.getSetCookie();
    assert.equal(lines.filter((line) => line.startsWith("theme=dark")).length, 1, lines.join("\n"));
    assert.equal(lines.filter((line) => line.startsWith("better-auth.session_data=")).length, 1);
    const open = await visit(app, null, "/public/page");
    assert.deepEqual([await open.text(), open.headers.get("cache-control")], ["<h1>hello</h1>", "public, max-age=60"]);
    assert.equal(await (await visit(app, jar, "/account", { method: "POST", body: "hello" })).text(), "hello");
    assert.equal((await visit(app, jar, "/nothing-here")).status, 404);
    assert.equal(await (await visit(app, jar, "/breaks")).text(), "the app's error page");
  });

  test(`${name}: a path in non-canonical form is redirected, not handled`, async () => {
    const app = await start();
    const jar = await signUp(origin);
    const moved = await raw(app.url, "/public/%61ccount", { headers: [["cookie", jar.header()]] });
    assert.deepEqual([moved.status, moved.headers.get("location")], [308, "/public/account"]);
    // An ambiguous path stays as it was spelt. It is not public, so Hono's own 404 needs a session.
    for (const path of ["/public//%61ccount", "/account;x"]) {
      assert.equal((await raw(app.url, path, { headers: [["cookie", jar.header()]] })).status, 404, path);
      assert.equal((await raw(app.url, path)).status, 401, path);
    }
    assert.equal((await raw(app.url, "/account%00", { headers: [["cookie", jar.header()]] })).status, 400);
  });
}

test("node:http: all checks, and the address of the client", async () => {
  const gate = createSessionGate({ ...options, origin: origin.url });
  const direct = await inNode(nodeListener(gate));
  const jar = await works(direct);
  const spoofed = { "x-forwarded-for": "203.0.113.9" };
  const seen = await (await visit(direct, jar, "/account", { headers: spoofed })).json();
  assert.equal(seen.headers["x-forwarded-for"], "127.0.0.1");
  const behindProxy = await inNode(nodeListener(gate, undefined, { trustProxy: true }));
  const told = await (await visit(behindProxy, jar, "/account", { headers: spoofed })).json();
  assert.equal(told.headers["x-forwarded-for"], "203.0.113.9");
});

test("node:http: next, streams, odd requests, and a next that fails", async () => {
  const gate = createSessionGate({ ...options, origin: origin.url });
  const next = async (request, { user }) => {
    if (request.url.endsWith("/breaks")) throw new Error("the app's own");
    if (request.method === "POST") return new Response(request.body);
    return new Response(user?.name ?? "nobody", { status: 203, headers: { "set-cookie": "a=1" } });
  };
  const errors = [];
  const app = await inNode(nodeListener(gate, next, { onError: (error) => errors.push(error.message) }));
  const jar = await signUp(origin);
  const response = await visit(app, jar, "/account");
  assert.deepEqual([response.status, await response.text(), response.headers.getSetCookie()], [203, "Ada Lovelace", ["a=1"]]);
  const big = "0123456789".repeat(100_000);
  assert.equal(await (await visit(app, jar, "/account", { method: "POST", body: big })).text(), big);
  assert.equal((await visit(app, jar, "/account", { method: "HEAD" })).status, 203);
  const cookie = [["cookie", jar.header()]];
  for (const [target, method] of [
    ["/account", "TRACE"],
    ["/account", "CONNECT"],
    ["/account", "get"],
    ["*", "OPTIONS"],
    ["/%", "GET"],
    ["/account#x", "GET"],
  ]) {
    const { status } = await raw(app.url, target, { method, headers: cookie });
    assert.ok(status < 500, `${method} ${target}: ${status}`);
  }
  const host = await raw(app.url, "/account", { headers: [...cookie, ["host", "a b"]] });
  assert.equal(host.status, 400);
  const broken = await raw(app.url, "/breaks", { headers: cookie });
  assert.equal(broken.status, 500);
  assert.doesNotMatch(broken.body, /the app's own/);
  assert.deepEqual(errors, ["the app's own"]);
  assert.equal((await visit(app, jar, "/account")).status, 203, "and the server runs on");
});

/** As Hono's adapter for Node does it: a listener made of a fetch handler. */
function fromFetch(app) {
  const open = { fetch: (request, _ctx, next) => next(request, {}) };
  return nodeListener(open, (request) => app.fetch(request), { trustProxy: true });
}
