// "Don't remember me" sessions, whose cache the server does not renew: with a feed the gate asks once per maxStaleness.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SECRET, call, signIn, signUp } from "../../../harness/origin.mjs";
import { createSessionGate, memoryFeed } from "better-session/edge";
import { startOrigin } from "../../../harness/origin.mjs";

const base = { secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {}, routes: { authoritative: ["/billing"] } };
let origin, user;
before(async () => {
  origin = await startOrigin();
  user = await signUp(origin);
});
after(() => origin?.close());

const asked = () => origin.counts["GET /api/auth/get-session"] ?? 0;
const gateOf = (revocation) => createSessionGate({ ...base, origin: origin.url, ...(revocation ? { revocation } : {}) });

/** Signs in without being remembered. The browser has dropped the cache, whose cookie lives for a minute. */
async function forgetful() {
  const jar = await signIn(origin, { ...user.credentials, rememberMe: false });
  assert.ok(jar.has("better-auth.dont_remember"));
  return jar.dropCache();
}

/** Visits a page, and returns its status and how many lookups that took. */
async function visit(gate, jar, path = "/account", headers = {}) {
  const before = asked();
  const request = new Request(`http://app.example${path}`, { headers: { cookie: jar.header(), ...headers } });
  const response = await gate.fetch(request, undefined, (_, { user }) => Response.json({ name: user.name }));
  return { status: response.status, lookups: asked() - before, set: response.headers.getSetCookie() };
}

test("the server does not renew the cache of such a session", async () => {
  const jar = await forgetful();
  const { status, set } = await visit(gateOf(), jar);
  assert.equal(status, 200);
  assert.ok(!set.some((line) => line.includes("session_data=")), String(set));
});

test("lookups per 100 requests: one each without a feed, one per maxStaleness with one", async () => {
  const sum = async (gate, jar) => {
    let lookups = 0;
    for (let i = 0; i < 100; i += 1) lookups += (await visit(gate, jar)).lookups;
    return lookups;
  };
  const without = await sum(gateOf(), await forgetful());
  const started = Date.now();
  const kept = await sum(gateOf({ feed: memoryFeed() }), await forgetful());
  const seconds = (Date.now() - started) / 1000;
  assert.equal(without, 100);
  assert.ok(kept >= 1 && kept <= Math.floor(seconds) + 1, `${kept} lookups in ${seconds} s`);
  console.log(`lookups per 100 requests: ${without} without a feed, ${kept} with one (in ${seconds.toFixed(2)} s)`);
});

test("no other visitor gets the answer, and what must ask the origin does", async () => {
  const gate = gateOf({ feed: memoryFeed(), maxStaleness: 60 });
  const [jar, other] = [await forgetful(), await forgetful()];
  assert.equal((await visit(gate, jar)).lookups, 1);
  assert.equal((await visit(gate, jar)).lookups, 0);
  assert.equal((await visit(gate, other)).lookups, 1, "another session");
  assert.equal((await visit(gate, jar, "/billing")).lookups, 1, "an authoritative path");
  assert.equal((await visit(gate, jar, "/account", { "x-api-key": "a-key-of-somebody" })).lookups, 1, "a credential header");
});

test("a revocation overtakes the answer", async () => {
  const gate = gateOf({ feed: memoryFeed(), maxStaleness: 60 });
  const jar = await forgetful();
  await visit(gate, jar);
  assert.equal((await visit(gate, jar)).lookups, 0);
  const signedOut = new Request(`${origin.url}/api/auth/sign-out`, {
    method: "POST",
    headers: { "cookie": jar.header(), "origin": origin.url, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal((await gate.fetch(signedOut)).status, 200);
  assert.equal((await visit(gate, jar)).status, 401);
  assert.equal(await call(origin, jar, "/get-session").then((response) => response.json()), null);
});

test("the answer is kept for maxStaleness", async () => {
  const gate = gateOf({ feed: memoryFeed(), pollInterval: 0.1, maxStaleness: 0.3 });
  const jar = await forgetful();
  await visit(gate, jar);
  await new Promise((later) => setTimeout(later, 400));
  assert.equal((await visit(gate, jar)).lookups, 1);
});
