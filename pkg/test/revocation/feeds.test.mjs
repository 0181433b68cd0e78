// Feeds without a gate: order, cursors, expiry and the limit of their size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "../../dist/index.js";
import { RevocationLog, createSessionGate, durableObjectFeed, kvFeed, memoryFeed } from "../../dist/edge.js";
import { postgresFeed } from "../../dist/feeds-postgres.js";
import { redisFeed } from "../../dist/feeds-redis.js";
import { BatchLog, serves } from "../../dist/lib/revocation/feeds/batch-log.js";
import { SECRET } from "../../../harness/origin.mjs";

const NOW = Date.now();
const batch = (id, { length = 3, expiresAt = NOW + 300_000 } = {}) => ({
  data: new Uint8Array(length).fill(Number(id) % 256),
  expiresAt,
  id: String(id),
});
const first = (answer) => [...answer.marks].filter((_, at) => at % 3 === 0);

test("a feed returns the batches after the cursor, in order, each once", async () => {
  const feed = memoryFeed();
  const start = await feed.since("");
  assert.equal(start.marks.length, 0);
  for (const id of [1, 2]) await feed.append(batch(id));
  const two = await feed.since(start.cursor);
  assert.deepEqual(first(two), [1, 2]);
  await feed.append(batch(2));
  await feed.append(batch(3));
  assert.deepEqual(first(await feed.since(two.cursor)), [3]);
  assert.deepEqual(first(await feed.since("")), [1, 2, 3]);
  assert.equal((await feed.since((await feed.since("")).cursor)).marks.length, 0);
});

test("a missing cursor, or one of an earlier instance of the feed, returns all batches", async () => {
  const [feed, other] = [memoryFeed(), memoryFeed()];
  for (const id of [1, 2, 3]) await Promise.all([feed.append(batch(id)), other.append(batch(id))]);
  const { cursor } = await other.since("");
  for (const strange of [cursor, "garbage", "1.1.1", `${cursor}9`, (await feed.since("")).cursor.replace(/\d+$/, "99")]) {
    assert.deepEqual(first(await feed.since(strange)), [1, 2, 3], strange);
  }
});

test("append copies the batch: later changes by the caller have no effect", async () => {
  const feed = memoryFeed();
  const { data, ...rest } = batch(1);
  await feed.append({ data, ...rest });
  data.fill(9);
  assert.deepEqual(first(await feed.since("")), [1]);
});

test("expired entries are neither stored nor returned, and are deleted", () => {
  const lines = new BatchLog();
  assert.equal(lines.add(batch(1, { expiresAt: NOW }), NOW), undefined);
  lines.add(batch(2, { expiresAt: NOW + 10 }), NOW);
  lines.add(batch(3), NOW);
  assert.deepEqual(first(lines.since("", NOW + 10)), [3]);
  assert.deepEqual(lines.removeExpired(NOW + 10), [1]);
  assert.deepEqual(lines.removeExpired(NOW + 400_000), [2]);
  assert.ok(lines.empty);
});

test("a full feed drops the oldest entries and returns the time before which caches are invalid", () => {
  const lines = new BatchLog();
  for (let id = 0; id < 16; id += 1) lines.add(batch(id, { length: 1000 }), NOW + id);
  assert.deepEqual(lines.removeExpired(NOW + 20, 1_000_000), []);
  assert.equal(lines.since("", NOW).floor, undefined);
  const gone = lines.removeExpired(NOW + 21, 10_000);
  assert.equal(gone.length, 10, "to seven eighths of the bound: 8750 bytes hold 6 of 1256");
  assert.equal(lines.since("", NOW).floor, NOW + 9, "when the newest of them came");
});

test("a long log is read in pages of whole batches", () => {
  const lines = new BatchLog();
  for (let id = 0; id < 12; id += 1) lines.add(batch(id, { length: 1024 * 1024 }), NOW);
  const pages = [];
  for (let cursor = ""; ;) {
    const answer = lines.since(cursor, NOW);
    pages.push(answer.marks.length / 1024 / 1024);
    cursor = answer.cursor;
    if (!answer.more) break;
  }
  assert.deepEqual(pages, [4, 4, 4]);
});

test("a tail serves each cursor of the last seconds and rejects older ones", () => {
  const lines = new BatchLog();
  const at = (seq) => `${lines.epoch}.${seq}`;
  assert.deepEqual(lines.tail(NOW), { from: at(0), marks: new Uint8Array(), cursor: at(0), floor: undefined });
  for (const [id, ago] of [
    [1, 9000],
    [2, 4000],
    [3, 1000],
  ])
    lines.add(batch(id), NOW - ago);
  const tail = lines.tail(NOW);
  assert.deepEqual([first(tail), tail.from, tail.cursor], [[2, 3], at(1), at(3)]);
  assert.deepEqual(
    [0, 1, 2, 3].map((seq) => serves(tail.from, at(seq))),
    [false, true, true, true],
  );
  for (const strange of ["", "other.3", "garbage", at("x")]) assert.equal(serves(tail.from, strange), false, strange);
  assert.deepEqual(lines.tail(NOW + 9000), { from: at(3), marks: new Uint8Array(), cursor: at(3), floor: undefined });
  for (let id = 4; id < 8; id += 1) lines.add(batch(id, { length: 300 * 1024 }), NOW);
  assert.equal(lines.tail(NOW).from, at(5), "it does not grow without end");
});

test("kvFeed declares a delay of a minute", () => {
  const feed = kvFeed({});
  assert.equal(feed.delay, 60_000);
  assert.ok(feed.pollInterval <= feed.maxStaleness);
  assert.equal(memoryFeed().delay, undefined);
  assert.equal(durableObjectFeed({}).delay, undefined);
});

test("invalid options are rejected by name", () => {
  const make = (revocation) => () => createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", revocation });
  const feed = memoryFeed();
  for (const [revocation, what] of [
    [{}, /revocation\.feed/],
    [{ feed: { append() {} } }, /revocation\.feed/],
    [{ feed, pollInterval: -1 }, /revocation\.pollInterval/],
    [{ feed, pollInterval: "0.5" }, /revocation\.pollInterval/],
    [{ feed, maxStaleness: 0 }, /revocation\.maxStaleness/],
    [{ feed, maxStaleness: 0.2 }, /pollInterval must not be longer/],
    [{ feed, clockSkew: Number.NaN }, /revocation\.clockSkew/],
  ]) {
    assert.throws(
      make(revocation),
      (error) => error.name === "BetterSessionError" && error.code === "OPTION_INVALID" && what.test(error.message),
    );
  }
  make({ feed, pollInterval: 0, maxStaleness: 0.2, clockSkew: 0 })();
});

test("a feed without its binding or connection is refused when it is created", () => {
  for (const [create, what] of [
    [durableObjectFeed, /^revocation\.feed: durableObjectFeed .*RevocationLog.*durable_objects\.bindings in the wrangler configuration$/],
    [kvFeed, /^revocation\.feed: kvFeed .*kv_namespaces in the wrangler configuration$/],
    [redisFeed, /^revocation\.feed: redisFeed takes a client/],
    [postgresFeed, /^revocation\.feed: postgresFeed takes a client/],
  ]) {
    for (const missing of [undefined, null]) {
      assert.throws(() => create(missing), { name: "BetterSessionError", code: "OPTION_INVALID", message: what });
    }
  }
});

test("with caches minted by gates, clockSkew covers the delay of the feed", () => {
  const session = { cookieCache: { refreshCache: true } };
  const make = (revocation) => () => createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", session, revocation });
  const feed = memoryFeed();
  make({ feed })();
  assert.throws(make({ feed, clockSkew: 0.9 }), /revocation\.clockSkew must be at least 1 seconds/);
  assert.throws(make({ feed, maxStaleness: 3 }), /revocation\.clockSkew must be at least 3 seconds/);
  assert.throws(make({ feed: kvFeed({}) }), /revocation\.clockSkew must be at least 90 seconds/);
  make({ feed: kvFeed({}), clockSkew: 90 })();
});

test("refreshCache without a database makes caches live as long as sessions; with a database it is ignored", () => {
  const session = { cookieCache: { refreshCache: true } };
  const now = new Date();
  const data = {
    session: { id: "s", token: "t", userId: "u", createdAt: now, updatedAt: now, expiresAt: new Date(+now + 604_800_000) },
    user: { id: "u", name: "Ada", email: "ada@example.com", emailVerified: true, createdAt: now, updatedAt: now },
  };
  const lifetime = (options) => {
    const verifier = createVerifier({ secret: SECRET, session, ...options });
    const { cachedAt, cacheExpiresAt } = verifier.open(verifier.mint(data, { at: now }), now);
    return (cacheExpiresAt - cachedAt) / 1000;
  };
  assert.equal(lifetime({}), 604_800);
  assert.equal(lifetime({ database: {} }), 300);
  assert.equal(lifetime({ secondaryStorage: {} }), 300);
  createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", session, database: {}, revocation: { feed: kvFeed({}) } });
});

test("a revocation that the object failed to store is stored by the next attempt", async () => {
  const rows = [];
  let full = true;
  const exec = (query, ...values) => {
    if (query.startsWith("INSERT INTO lines")) {
      if (full) throw new Error("the disk is full");
      rows.push({ seq: values[0], id: values[1], data: values[2].slice().buffer, expires: values[3], arrived: values[4] });
    }
    if (query.startsWith("SELECT floor")) return [{ floor: 0 }];
    return query.startsWith("SELECT seq") ? rows : [];
  };
  const ctx = { storage: { sql: { exec }, setAlarm() {} } };
  const log = new RevocationLog(ctx);
  const append = () =>
    log.fetch(new Request(`https://log/append?id=1&expires=${Date.now() + 60_000}`, { method: "POST", body: new Uint8Array(3) }));
  await assert.rejects(append(), /full/);
  full = false;
  assert.equal((await append()).status, 204);
  const after = await new RevocationLog(ctx).fetch(new Request("https://log/since?cursor="));
  assert.equal((await after.arrayBuffer()).byteLength, 3);
});

test("gate.invalidate rejects an invalid subject and reports a failure of the feed", async () => {
  const failing = {
    append: async () => Promise.reject(new Error("down")),
    since: async () => ({ marks: new Uint8Array(), cursor: "", age: 0 }),
  };
  const gate = createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", revocation: { feed: failing, onError() {} } });
  for (const wrong of ["everyone", {}, { token: 7 }, null, undefined]) {
    await assert.rejects(gate.invalidate(wrong), { name: "BetterSessionError", code: "OPTION_INVALID" });
  }
  await assert.rejects(gate.invalidate({ token: "t" }), { name: "BetterSessionError", code: "FEED_UNAVAILABLE" });
});
