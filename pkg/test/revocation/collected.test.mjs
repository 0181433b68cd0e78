// Responses that wait inside the gate, while Node collects what nobody refers to.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, signIn, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const ctx = { waitUntil: (promise) => void promise };
const session = { cookieCache: { enabled: true } };
let origin;
before(async () => (origin = await startOrigin({ session })));
after(() => origin?.close());

/** Collects garbage for a while, as a busy process does. */
async function busy() {
  for (let round = 0; round < 10; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
  }
}

const gateWith = (append) => {
  const feed = memoryFeed();
  return createSessionGate({
    secret: SECRET,
    origin: origin.url,
    session,
    revocation: { feed: { since: feed.since, append: async (batch) => (await append(), feed.append(batch)) } },
  });
};

test("the origin's response to a revoking call is complete after the feed has taken its time", async () => {
  const gate = gateWith(busy);
  const a = await signUp(origin, somebody());
  const b = await signIn(origin, a.credentials);
  const headers = { "content-type": "application/json", origin: origin.url, cookie: a.header() };
  const body = JSON.stringify({ token: b.token });
  const response = await gate.fetch(new Request(`${origin.url}/api/auth/revoke-session`, { method: "POST", headers, body }), ctx);
  assert.deepEqual([response.status, await response.json()], [200, { status: true }]);
});

test("a response is complete although whoever called the gate reads it late", async () => {
  const gate = gateWith(async () => {});
  const a = await signUp(origin, somebody());
  const ask = (path, next) => gate.fetch(new Request(origin.url + path, { headers: { cookie: a.header() } }), ctx, next);
  const fetched = () => fetch(`${origin.url}/app`);
  for (const [path, next] of [
    ["/api/auth/list-sessions", undefined],
    ["/page", undefined],
    ["/page", fetched],
  ]) {
    const response = await ask(path, next);
    await busy();
    assert.equal(response.status, 200);
    assert.ok((await response.text()).length > 2, path);
  }
});
