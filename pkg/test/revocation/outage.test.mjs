// A feed that is away: what waits for it, for how long, and what a gate does when it is back.
import assert from "node:assert/strict";
import { after, before, describe, mock, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, call, signIn, signUp, somebody, startOrigin, startStateless } from "../../../harness/origin.mjs";

/** A feed that fails while `down` is true and counts its appends. */
function unsteady(log = memoryFeed()) {
  const state = { down: false, appends: 0, errors: [] };
  const unless = async (use) => {
    if (state.down) throw new Error("the feed is down");
    return use();
  };
  const feed = {
    append: (batch) => ((state.appends += 1), unless(() => log.append(batch))),
    since: (cursor) => unless(() => log.since(cursor)),
  };
  return Object.assign(state, { feed, log, stored: async () => (await log.since("")).marks.length });
}

const gateOn = (state, options = {}) =>
  createSessionGate({
    secret: SECRET,
    origin: "http://127.0.0.1:9",
    session: { cookieCache: { enabled: true } },
    ...options,
    revocation: { feed: state.feed, onError: (error) => state.errors.push(error.message) },
  });

/** Sizes of a revocation of one session, and of a user except one session. */
const MARK = 27;
const MARK_WITH_EXCEPTION = 43;

describe("by a clock of the test's own", () => {
  before(() => mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.now() }));
  after(() => mock.timers.reset());
  /** Lets time pass in steps, after each of which what waits goes on. */
  const pass = async (seconds) => {
    for (let step = 0; step < seconds * 20; step += 1) {
      mock.timers.tick(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  /** Starts `gate.invalidate`. The result has the outcome once there is one. */
  const invalidate = (gate, what) => {
    const result = { outcome: null };
    gate.invalidate(what).then(
      () => (result.outcome = "accepted"),
      (error) => (result.outcome = error.code),
    );
    return result;
  };

  test("a call waits up to two seconds for a feed that restarts, so that the bound holds", async () => {
    const state = unsteady();
    const gate = gateOn(state);
    state.down = true;
    const result = invalidate(gate, { token: "one" });
    await pass(1.5);
    assert.equal(result.outcome, null);
    state.down = false;
    await pass(0.5);
    assert.equal(result.outcome, "accepted");
    assert.equal(await state.stored(), MARK);
    assert.deepEqual(state.errors, []);
  });

  test("what the feed does not accept for 30 seconds is sent until it does, once", async () => {
    const state = unsteady();
    const gate = gateOn(state);
    state.down = true;
    const result = invalidate(gate, { token: "one" });
    await pass(3);
    assert.equal(result.outcome, "FEED_UNAVAILABLE");
    assert.deepEqual(state.errors, ["the feed is down"]);
    await pass(30);
    assert.equal(await state.stored(), 0);
    state.down = false;
    await pass(1);
    assert.equal(await state.stored(), MARK, "within a second");
    const { appends } = state;
    await pass(10);
    assert.equal(state.appends, appends, "and then no more");
  });

  test("a feed that does not respond at all is the same", async () => {
    const state = unsteady();
    const silent = { ...state.feed, append: () => ((state.appends += 1), new Promise(() => {})) };
    const gate = gateOn({ ...state, feed: silent });
    const result = invalidate(gate, { token: "one" });
    await pass(4);
    assert.equal(result.outcome, "FEED_UNAVAILABLE");
    assert.equal(state.appends, 3, "attempts of a second each");
    silent.append = state.feed.append;
    await pass(2.1);
    assert.equal(await state.stored(), MARK);
  });

  test("it is sent until no cache that old exists, every second", async () => {
    const state = unsteady();
    const gate = gateOn(state);
    state.down = true;
    invalidate(gate, { token: "one" });
    await pass(300);
    assert.ok(state.appends > 250 && state.appends < 350, `${state.appends} attempts`);
    await pass(30); // `maxAge`, the server's tolerance, and twice the clock skew
    const { appends } = state;
    state.down = false;
    await pass(10);
    assert.equal(state.appends, appends);
    assert.equal(await state.stored(), 0);
  });

  test("many of them are sent together, in order and complete; while some wait, no call waits for the feed", async () => {
    const state = unsteady();
    const gate = gateOn(state);
    state.down = true;
    invalidate(gate, { token: "first" });
    await pass(3);
    const before = state.appends;
    const results = Array.from({ length: 3000 }, (_, number) => invalidate(gate, { token: `token-${number}` }));
    await pass(0.1);
    assert.ok(results.every(({ outcome }) => outcome === "FEED_UNAVAILABLE"));
    assert.ok(state.appends - before <= 3001, "one attempt each");
    await pass(5);
    assert.ok(state.appends - before <= 3010, "then one a second for all");
    state.down = false;
    const waiting = state.appends;
    await pass(1);
    assert.equal(await state.stored(), 3001 * MARK);
    assert.ok(state.appends - waiting <= 2, "in parts of 64 KiB");
  });

  test("what waits is limited: beyond 1 MiB the oldest are dropped, and onError is told", async () => {
    const state = unsteady();
    const gate = gateOn(state);
    state.down = true;
    invalidate(gate, { token: "first" });
    await pass(3);
    const fit = Math.floor((1024 * 1024) / MARK_WITH_EXCEPTION);
    for (let number = 0; number < fit + 100; number += 1) invalidate(gate, { userId: `user-${number}`, exceptToken: "t" });
    await pass(0.1);
    const dropped = state.errors.filter((message) => /oldest was dropped/.test(message)).length;
    assert.equal(dropped, 1 + 100);
    state.down = false;
    await pass(1);
    assert.equal(await state.stored(), fit * MARK_WITH_EXCEPTION);
  });
});

describe("with a real server", () => {
  const ctx = { waitUntil: (promise) => void promise };
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const session = { cookieCache: { enabled: true } };
  let origin;
  before(async () => (origin = await startOrigin({ session })));
  after(() => origin?.close());
  const ask = async (gate, jar, keep = true) => {
    const request = new Request(`${origin.url}/page`, { headers: { cookie: jar.header() } });
    const response = await gate.fetch(request, ctx, (_, { verdict }) => new Response(verdict.strategy ? "cookie" : "origin"));
    if (keep) jar.store(response);
    return response.status === 200 ? response.text() : response.status;
  };
  const lookups = () => origin.counts["GET /api/auth/get-session"] ?? 0;

  test("a gate that saw the outage looks every session up, although the revocation never comes; then the cookie answers", async () => {
    const state = unsteady();
    const gate = gateOn(state, { origin: origin.url });
    const a = await signUp(origin, somebody());
    const b = await signIn(origin, a.credentials);
    for (const jar of [a, b]) assert.equal(await ask(gate, jar), "cookie");
    state.down = true;
    await call(origin, a, "/revoke-session", { body: { token: b.token } }); // at a gate that ended with its queue
    await pause(1600);
    assert.equal(await ask(gate, a), "origin", "during the outage");
    state.down = false;
    await pause(600);
    assert.equal(await ask(gate, b.clone(), false), 401);
    assert.equal(await ask(gate, a), "origin");
    for (let tries = 0; (await ask(gate, a)) !== "cookie" && tries < 100; tries += 1) await pause(50);
    assert.equal(await ask(gate, a), "cookie");
    assert.equal(await ask(gate, b.clone(), false), 401);
  });

  test("while the feed is away a session is looked up once a second, not with every request; a revocation here applies at once", async () => {
    const state = unsteady();
    const gate = gateOn(state, { origin: origin.url });
    const a = await signUp(origin, somebody());
    const b = await signIn(origin, a.credentials);
    state.down = true;
    const started = performance.now();
    const before = lookups();
    const asked = 50;
    const together = Array.from({ length: asked / 2 }, () => ask(gate, a));
    assert.deepEqual(new Set(await Promise.all(together)), new Set(["origin"]));
    for (let times = 0; times < asked / 2; times += 1) assert.equal(await ask(gate, a), "origin");
    const most = 2 + (performance.now() - started) / 1000;
    assert.ok(lookups() - before <= most, `${lookups() - before} lookups for ${asked} requests`);
    assert.equal(await ask(gate, b), "origin");
    await call(origin, a, "/revoke-session", { body: { token: b.token } });
    await gate.invalidate({ token: b.token }).catch(({ code }) => assert.equal(code, "FEED_UNAVAILABLE"));
    assert.equal(await ask(gate, b.clone(), false), 401);
  });

  test("a gate without a database does not use its index until the others have sent what waited", async () => {
    const caching = { cookieCache: { enabled: true, refreshCache: true, strategy: "jwe" } };
    const stateless = await startStateless({ session: caching });
    try {
      const state = unsteady();
      const [one, two] = [1, 2].map(() => gateOn(state, { origin: stateless.url, session: caching }));
      const jar = await signUp(stateless, somebody());
      assert.equal(await ask(two, jar), "cookie");
      state.down = true;
      assert.equal((await call(stateless, jar.clone(), "/sign-out", { body: {} })).status, 200);
      const revoked = one.invalidate({ token: jar.token, userId: jar.user.id });
      await assert.rejects(revoked, { code: "FEED_UNAVAILABLE" });
      assert.equal(await ask(two, jar, false), 503);
      state.down = false;
      const outcomes = new Set();
      for (let tries = 0; !outcomes.has(401) && tries < 1000; tries += 1) {
        outcomes.add(await ask(two, jar.clone(), false));
        await pause(20);
      }
      assert.deepEqual([...outcomes], [503, 401], "never let in");
    } finally {
      await stateless.close();
    }
  });
});
