// Revocation with a Better Auth server without a database, which accepts and renews its own cookie.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, signUp, somebody, startStateless } from "../../../harness/origin.mjs";

const session = { cookieCache: { enabled: true, refreshCache: true, strategy: "jwe" } };
const ctx = { waitUntil: (promise) => void promise };
let origin;
before(async () => (origin = await startStateless({ session })));
after(() => origin?.close());

const gateWith = (feed) => createSessionGate({ secret: SECRET, origin: origin.url, session, revocation: { feed, onError() {} } });
const ask = (gate, jar, path = "/page", init = {}) =>
  gate.fetch(
    new Request(origin.url + path, { ...init, headers: { cookie: jar.header(), ...init.headers } }),
    ctx,
    () => new Response("in"),
  );

test("a signed-out user is refused, also with an older copy of the cookies", async () => {
  const gate = gateWith(memoryFeed());
  const jar = await signUp(origin, somebody());
  const other = await signUp(origin, somebody());
  for (const each of [jar, other]) assert.equal((await ask(gate, each)).status, 200);
  const headers = { "content-type": "application/json", origin: origin.url };
  assert.equal((await ask(gate, jar, "/api/auth/sign-out", { method: "POST", body: "{}", headers })).status, 200);
  assert.equal((await ask(gate, jar)).status, 401);
  assert.equal(await (await ask(gate, jar, "/api/auth/get-session")).text(), "null");
  assert.equal((await ask(gate, other)).status, 200);
});

test("a cache that a gate minted before it received the revocation does not outlive it", async () => {
  const log = memoryFeed();
  let heard = false;
  const late = {
    ...log,
    delay: 1500,
    since: async (cursor) => (heard ? log.since(cursor) : { marks: new Uint8Array(), cursor: "", age: 0 }),
  };
  // Without a database Better Auth's own `maxAge` is `expiresIn`.
  const renewing = { cookieCache: { ...session.cookieCache, maxAge: 604_800, refreshCache: { updateAge: 604_799 } } };
  const gate = () =>
    createSessionGate({
      secret: SECRET,
      origin: origin.url,
      session: renewing,
      revocation: { feed: late, pollInterval: 0, clockSkew: 2.5 },
    });
  const [one, other] = [gate(), gate()];
  const jar = await signUp(origin, somebody());
  await new Promise((resolve) => setTimeout(resolve, 1100)); // renewal is due
  await one.invalidate({ token: jar.token });
  const old = jar.get("better-auth.session_data");
  const response = await ask(other, jar);
  assert.equal(response.status, 200);
  jar.store(response);
  assert.notEqual(jar.get("better-auth.session_data"), old);
  heard = true;
  const verdict = () => other.check(new Request(origin.url, { headers: { cookie: jar.header() } }));
  for (let tries = 0; verdict().status === "authenticated" && tries < 100; tries += 1) await ask(other, jar.clone());
  assert.equal(verdict().reason, "invalidated");
});

test("an unreadable feed leads to 503 and signs nobody out", async () => {
  const gate = gateWith({ append: async () => {}, since: () => Promise.reject(new Error("down")) });
  const jar = await signUp(origin, somebody());
  for (const path of ["/page", "/api/auth/get-session"]) {
    const response = await ask(gate, jar, path);
    assert.equal(response.status, 503);
    assert.deepEqual(response.headers.getSetCookie(), []);
  }
});
