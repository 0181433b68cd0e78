// A server that reads the database, is slow, and only then writes the cache: what it answers can be older than a revocation
// that happened meanwhile. Better Auth's own `version` function is what is slow here: it is awaited between the two.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, call, signIn, signUp } from "../../../harness/origin.mjs";
import { eventually } from "../revocation/support.mjs";
import { inBoth } from "./support.mjs";
import { act, page, pause, standing, startRevoking } from "./revoking.mjs";

const CLOCK_SKEW = 300;

/** The sessions whose answers wait, each with the answers that arrived at the wait. */
const holds = new Map();

async function version({ token }) {
  const hold = holds.get(token);
  if (hold) await new Promise((resolve) => hold.push(resolve));
  return "1";
}

let at;
before(async () => {
  // No gate reads the feed by itself after its first request.
  const revocation = { clockSkew: CLOCK_SKEW / 1000, pollInterval: 3600, maxStaleness: 3600 };
  at = await startRevoking({ origin: { session: { cookieCache: { enabled: true, version } } }, gate: { revocation } });
});
after(() => at?.close());

/** Two devices of one person; the second one's cache has lapsed, and its index has been read at both gates. */
async function twoDevices(gate) {
  const a = await signUp(at.origin);
  const b = await signIn(at.origin, a.credentials);
  for (const name of ["one", "two"]) assert.equal((await page(gate, a, { "x-gate": name })).status, 200);
  return { a, b: Object.assign(b.clone().dropCache(), { token: b.token, user: b.user }) };
}

/** Starts a request whose answer waits at the origin; `release` lets it go, and ends the waiting. */
async function held(token, start) {
  const waiting = [];
  holds.set(token, waiting);
  const answer = start();
  await arrived(waiting);
  return { answer, waiting, release: () => (holds.delete(token), waiting.splice(0).forEach((go) => go())) };
}

const arrived = (waiting) =>
  eventually(
    async () => waiting.length,
    (length) => length > 0,
    "the origin's answer",
  );
const questions = () => at.origin.counts["GET /api/auth/get-session"] ?? 0;
const caches = (response) => response.headers.getSetCookie().filter((line) => /session_data(\.\d+)?=[^;]/.test(line));

for (const [by, headers] of [
  ["the same gate", {}],
  ["another gate", { "x-gate": "two" }],
]) {
  inBoth(
    `a page whose lookup a revocation by ${by} overtakes is refused, and no cache outlives it`,
    () => at,
    async (gate) => {
      const { a, b } = await twoDevices(gate);
      const { answer, release } = await held(b.token, () => page(gate, b));
      await act(gate, a, "/revoke-session", { body: { token: b.token }, headers });
      await pause(CLOCK_SKEW + 100);
      release();
      const response = await answer;
      assert.equal(response.status, 401);
      assert.deepEqual(caches(response), []);
    },
  );

  inBoth(
    `a forwarded get-session that a revocation by ${by} overtakes is null, and no cache outlives it`,
    () => at,
    async (gate) => {
      const { a, b } = await twoDevices(gate);
      const { answer, release } = await held(b.token, () => call(gate, b.clone(), "/get-session"));
      await act(gate, a, "/revoke-session", { body: { token: b.token }, headers });
      await pause(CLOCK_SKEW + 100);
      release();
      const response = await answer;
      assert.equal(await response.text(), "null");
      assert.deepEqual(caches(response), []);
    },
  );
}

inBoth(
  "the response to any other call during a revocation sets no cache",
  () => at,
  async (gate) => {
    const { a, b } = await twoDevices(gate);
    const { answer, release } = await held(b.token, () => call(gate, b.clone(), "/update-session", { body: { theme: "dark" } }));
    await act(gate, a, "/revoke-session", { body: { token: b.token } });
    await pause(CLOCK_SKEW + 100);
    release();
    assert.deepEqual(caches(await answer), []);
  },
);

inBoth(
  "a lookup with a revocation during both attempts returns 503 without cookies",
  () => at,
  async (gate) => {
    for (const ask of [(b) => page(gate, b), (b) => call(gate, b.clone(), "/get-session")]) {
      const { a, b } = await twoDevices(gate);
      const { answer, waiting, release } = await held(b.token, () => ask(b));
      await act(gate, a, "/update-user", { body: { name: "Augusta" } });
      waiting.splice(0).forEach((go) => go());
      await arrived(waiting);
      await act(gate, a, "/update-user", { body: { name: "Byron" } });
      release();
      const response = await answer;
      assert.equal(response.status, 503);
      assert.deepEqual(response.headers.getSetCookie(), []);
      const later = await page(gate, b);
      assert.equal(later.status, 200, "nobody is locked out");
      assert.equal((await later.json()).user.name, "Byron");
    }
  },
);

inBoth(
  "update-user keeps its own user signed in, with one lookup a request",
  () => at,
  async (gate) => {
    const { a } = await twoDevices(gate);
    for (const name of ["Augusta", "Ada", "Byron"]) {
      await act(gate, a, "/update-user", { body: { name } });
      const before = questions();
      const response = await page(gate, a);
      a.store(response);
      assert.equal(response.status, 200);
      assert.equal((await response.json()).user.name, name);
      assert.ok(questions() - before <= 1, "known before the lookup began: no second one");
    }
  },
);

inBoth(
  "a slow update-user keeps the cache of its own response",
  () => at,
  async (gate) => {
    const { a } = await twoDevices(gate);
    const { answer, release } = await held(a.token, () => call(gate, a, "/update-user", { body: { name: "Augusta" } }));
    await pause(CLOCK_SKEW + 100);
    release();
    const response = await answer;
    assert.equal(response.status, 200);
    assert.equal(caches(response).length, 1);
    await pause(CLOCK_SKEW + 100);
    const next = await page(gate, a);
    assert.equal(next.status, 200);
    a.store(next);
    assert.equal(await standing(gate, a), "authenticated");
  },
);

inBoth(
  "the revocation of another user does not affect a lookup",
  () => at,
  async (gate) => {
    const { b } = await twoDevices(gate);
    const other = await signUp(at.origin);
    const before = questions();
    const { answer, release } = await held(b.token, () => page(gate, b));
    await act(gate, other, "/revoke-sessions", { body: {} });
    await pause(CLOCK_SKEW + 100);
    release();
    const response = await answer;
    assert.equal(response.status, 200);
    assert.equal(caches(response).length, 1);
    assert.equal(questions() - before, 1);
  },
);

test("with an unreadable feed a slow lookup allows the request but sets no cache", async () => {
  const log = memoryFeed();
  let down = false;
  const feed = { ...log, since: (cursor) => (down ? Promise.reject(new Error("down")) : log.since(cursor)) };
  const options = { secret: SECRET, origin: at.origin.url, session: { cookieCache: { enabled: true } } };
  const gate = createSessionGate({
    ...options,
    revocation: { feed, clockSkew: CLOCK_SKEW / 1000, pollInterval: 3600, maxStaleness: 3600, onError() {} },
  });
  const jar = await signUp(at.origin);
  const visit = () =>
    gate.fetch(
      new Request(`${at.origin.url}/account`, { headers: { cookie: jar.header() } }),
      { waitUntil() {} },
      () => new Response("in"),
    );
  assert.equal((await visit()).status, 200);
  jar.dropCache();
  down = true;
  const { answer, release } = await held(jar.token, visit);
  await pause(CLOCK_SKEW + 100);
  release();
  const response = await answer;
  assert.equal(response.status, 200);
  assert.deepEqual(caches(response), []);
});
