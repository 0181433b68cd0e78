// The service of adapters/forward-auth in front of a real Better Auth server; matrix/proxies puts it behind nginx and Caddy.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createClient } from "redis";
import { createSessionGate, openIdentity } from "../../dist/edge.js";
import { redisFeed } from "../../dist/feeds-redis.js";
import { SECRET, call, signUp, startOrigin } from "../../../harness/origin.mjs";
import { startRedis } from "../../../harness/engines/redis.mjs";
import { visit } from "../frameworks/drive.mjs";
import { adapterProgram } from "../support/cargo.mjs";
import { eventually } from "../revocation/support.mjs";
import { startProgram } from "./service.mjs";

const session = { cookieCache: { enabled: true } };
let origin, redis, client, program, service, folder;
before(async () => {
  program = await adapterProgram("better-session-forward-auth");
  [origin, redis] = await Promise.all([startOrigin(), startRedis()]);
  client = await createClient({ url: redis.url }).connect();
  await redisFeed(client).declareComplete();
  folder = mkdtempSync(join(tmpdir(), "better-session-forward-auth-"));
  writeFileSync(join(folder, "options.json"), JSON.stringify({ session, routes: { public: ["/"], signInURL: "/sign-in" } }));
  service = await start();
});
after(async () => {
  await service?.close();
  client?.destroy();
  await redis?.close();
  await origin?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (more = {}) =>
  startProgram(program, {
    BETTER_AUTH_SECRET: SECRET,
    AUTH_ORIGIN: origin.url,
    TRUST_PROXY: "true",
    REDIS_URL: redis.url,
    BETTER_SESSION_CONFIG: join(folder, "options.json"),
    ...more,
  });
const ask = (jar, method, uri, headers = {}) =>
  visit(service, jar?.clone() ?? null, "/whatever", { headers: { "x-forwarded-method": method, "x-forwarded-uri": uri, ...headers } });

test("the identity of a visitor is the one that openIdentity of the package reads", async () => {
  const jar = await signUp(origin);
  const response = await ask(jar, "POST", "/account?x=1");
  assert.equal(response.status, 200);
  const headers = { "x-better-session-identity": response.headers.get("x-better-session-identity"), "cookie": jar.header() };
  const open = (method, path) => openIdentity(new Request(`http://app.example${path}`, { method, headers }), { secret: SECRET });
  assert.equal(open("POST", "/account").user.name, "Ada Lovelace");
  assert.equal(open("GET", "/account"), null);
  const forged = await ask(null, "GET", "/", { "x-better-session-identity": "forged" });
  assert.deepEqual([forged.status, forged.headers.get("x-better-session-identity")], [200, ""]);
});

test("a lapsed cache is renewed, and a session that ended is refused with the cookies that delete it", async () => {
  const jar = await signUp(origin);
  const lapsed = jar.clone().dropCache();
  const renewed = await ask(lapsed, "GET", "/account");
  assert.equal(renewed.status, 200);
  assert.match(renewed.headers.getSetCookie().join(), /^better-auth\.session_data=/);
  const headers = { "x-better-session-identity": renewed.headers.get("x-better-session-identity"), "cookie": lapsed.header() };
  const identity = openIdentity(new Request("http://app.example/account", { headers }), { secret: SECRET });
  assert.equal(identity?.user.name, "Ada Lovelace", "the proxy forwards the old cookies");
  await call(origin, jar, "/sign-out", { body: {} });
  const ended = await ask(lapsed, "GET", "/account");
  assert.equal(ended.status, 401);
  assert.match(ended.headers.getSetCookie().join("\n"), /better-auth\.session_token=;/);
});

test("headers of the wrong pair, missing and repeated ones are a 401, also with a session", async () => {
  const jar = await signUp(origin);
  for (const [method, uri] of [
    ["GET", "/account, /"],
    ["GET, POST", "/account"],
    ["TRACE", "/"],
    ["", "/"],
  ])
    assert.equal((await ask(jar, method, uri)).status, 401, `${method} ${uri}`);
  const other = { "x-original-method": "GET", "x-original-url": "/" };
  assert.equal((await visit(service, jar, "/", { headers: other })).status, 401);
  const twice = { "x-forwarded-method": "GET", "x-forwarded-uri": ["/", "/account"] };
  assert.equal((await visit(service, jar, "/", { headers: twice })).status, 401);
});

test("a session that a gate in Node revokes is refused", async () => {
  const jar = await signUp(origin);
  assert.equal((await ask(jar, "GET", "/account")).status, 200);
  const gate = createSessionGate({ secret: SECRET, origin: origin.url, session, revocation: { feed: redisFeed(client) } });
  const signOut = new Request(`${origin.url}/api/auth/sign-out`, {
    method: "POST",
    headers: { "cookie": jar.header(), "origin": origin.url, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal((await gate.fetch(signOut, { waitUntil() {} })).status, 200);
  await eventually(
    async () => (await ask(jar, "GET", "/account")).status,
    (status) => status === 401,
    "the refusal",
    2,
  );
});

test("the origin down: a lapsed cache is a 503, whose cause is logged once", async () => {
  const jar = (await signUp(origin)).dropCache();
  const alone = await start({ AUTH_ORIGIN: "http://127.0.0.1:9" });
  const headers = { "x-forwarded-method": "GET", "x-forwarded-uri": "/account" };
  for (let count = 0; count < 3; count += 1) assert.equal((await visit(alone, jar.clone(), "/", { headers })).status, 503);
  await alone.close();
  assert.equal(alone.log().match(/could not be checked: origin_no_response/g)?.length, 1, alone.log());
});

test("arguments are refused, and no message quotes a value", async () => {
  await assert.rejects(startProgram(program, {}, ["--secret=x"]), /exited with 1:[^]*takes no arguments/);
  await assert.rejects(start({ TRUST_PROXY: "" }), /exited with 1:[^]*needs trust_proxy/);
  await assert.rejects(start({ REDIS_URL: "http://a-secret-password@x" }), (error) => !/password/.test(error.message));
});
