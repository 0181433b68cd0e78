// The Redis feed: epochs, size, expiry, and clients that cannot reach the server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import IORedis from "ioredis";
import { createClient } from "redis";
import { createSessionGate } from "../../../dist/edge.js";
import { redisFeed } from "../../../dist/feeds-redis.js";
import { SECRET } from "../../../../harness/origin.mjs";
import { startRedis, startRestProxy } from "../../../../harness/engines/redis.mjs";
import { eventually } from "../support.mjs";
import { batch, readAll } from "./contract.mjs";

const has = (bytes, { data }) => bytes.includes(Buffer.from(data));
/** Floors are in milliseconds: an epoch that begins within the first one's has the same. */
const nextMillisecond = () => new Promise((resolve) => setTimeout(resolve, 5));
const connect = async (url) => {
  const client = createClient({ url, socket: { reconnectStrategy: 50 } });
  client.on("error", () => {});
  return client.connect();
};

describe("redisFeed", () => {
  let redis, client;
  before(async () => {
    redis = await startRedis({ persistent: true });
    client = await connect(redis.url);
  });
  after(async () => {
    client?.destroy();
    await redis?.close();
  });
  const again = (feed, cursor) =>
    eventually(
      () => readAll(feed, cursor).catch(() => null),
      (answer) => answer !== null,
      "the server",
    );

  test("a restart begins a new epoch, whose floor is its beginning; with durable it does not", async () => {
    const [feed, durable] = [redisFeed(client, { prefix: "a" }), redisFeed(client, { prefix: "b", durable: true })];
    const sent = batch();
    for (const one of [feed, durable]) await one.append(sent);
    const before = await Promise.all([readAll(feed), readAll(durable)]);
    await nextMillisecond();
    await redis.stop();
    await redis.start();
    const [restarted, kept] = [await again(feed, before[0].cursor), await again(durable, before[1].cursor)];
    assert.ok(restarted.floor > before[0].floor);
    assert.ok(has(restarted.bytes, sent), "what was stored is still read");
    assert.deepEqual([kept.floor, kept.bytes.length], [before[1].floor, 0]);
  });

  test("a restart without the data, a flush, and a lost stream or hash are new epochs, durable or not", async () => {
    for (const durable of [true, false]) {
      const feed = redisFeed(client, { prefix: "c", durable });
      const lose = [
        () => client.flushAll(),
        () => client.del("{c}:marks"),
        () => client.del("{c}:feed"),
        async () => (await redis.stop(), redis.wipe(), redis.start()),
      ];
      for (const how of lose) {
        await again(feed, "");
        await feed.append(batch());
        const { cursor, floor } = await readAll(feed);
        assert.equal((await readAll(feed, cursor)).floor, floor);
        await nextMillisecond();
        await how();
        const sent = batch();
        const lost = await again(feed, cursor);
        await feed.append(sent);
        assert.ok(lost.floor > floor, String(how));
        assert.ok(has((await readAll(feed, cursor)).bytes, sent), "the old cursor does not hide the new batch");
      }
    }
  });

  test("a stream that was set back to an earlier state is a new epoch for a cursor ahead of it", async () => {
    const feed = redisFeed(client, { prefix: "d", durable: true });
    await feed.append(batch());
    const { cursor, floor } = await readAll(feed);
    const ahead = cursor.replace(/\d+-\d+$/, (id) => `${BigInt(id.split("-")[0]) + 5000n}-0`);
    await nextMillisecond();
    const read = await readAll(feed, ahead);
    assert.ok(read.floor > floor, `floor ${floor}, then ${read.floor}`);
    assert.notEqual(read.cursor.split("/")[0], cursor.split("/")[0], "the epoch");
    assert.equal(read.bytes.length, 27);
  });

  test("expired batches leave the stream, and their ids too", async () => {
    const feed = redisFeed(client, { prefix: "e" });
    for (let count = 0; count < 50; count += 1) await feed.append(batch({ lifetime: 200 }));
    await new Promise((resolve) => setTimeout(resolve, 250));
    await feed.append(batch());
    await feed.append(batch());
    assert.ok((await client.xLen("{e}:marks")) <= 3);
    const ids = await client.keys("{e}:id:*");
    assert.ok(ids.length > 0);
    for (const id of ids) assert.ok((await client.ttl(id)) > 0);
  });

  test("beyond maxBytes the oldest are dropped and the floor is their time; kept ones are refused instead", async () => {
    const feed = redisFeed(client, { prefix: "f", maxBytes: 10_000 });
    await feed.declareComplete();
    const sent = Array.from({ length: 100 }, () => batch({ length: 100 }));
    for (const next of sent) await feed.append(next);
    const { bytes, floor } = await readAll(feed);
    assert.ok(bytes.length <= 3000, String(bytes.length));
    assert.ok(has(bytes, sent.at(-1)) && !has(bytes, sent[0]));
    assert.ok(floor > Date.now() - 10_000);
    const kept = (id) => ({ ...batch({ data: Buffer.concat([Buffer.from([0x14]), Buffer.alloc(99)]) }), id });
    const full = redisFeed(client, { prefix: "g", maxBytes: 1000 });
    await full.declareComplete();
    await assert.rejects(
      (async () => {
        for (let count = 0; count < 10; count += 1) await full.append(kept(`kept-${count}`));
      })(),
      /full/,
    );
    assert.equal((await readAll(full)).floor, 0);
  });

  test("while the server is away calls do not pile up, and the feed goes on when it is back", async () => {
    const other = new IORedis(redis.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    other.on("error", () => {});
    const feeds = [redisFeed(client, { prefix: "h" }), redisFeed(other, { prefix: "h" })];
    for (const feed of feeds) await feed.since("");
    await redis.stop();
    const calls = feeds.flatMap((feed) => Array.from({ length: 1000 }, () => feed.since("").then(String, String)));
    const refused = await Promise.race([
      Promise.all(calls.map((call) => Promise.race([call, new Promise((resolve) => setTimeout(resolve, 500, "waits"))]))),
    ]);
    assert.ok(refused.filter((outcome) => outcome === "waits").length <= 512);
    assert.ok(refused.filter((outcome) => /calls are waiting/.test(outcome)).length >= 1000);
    await redis.start();
    for (const feed of feeds) await again(feed, "");
    await Promise.all(calls);
    other.disconnect();
  });

  test("errors of the REST interface reject", async () => {
    const proxy = await startRestProxy(redis.url);
    await assert.rejects(redisFeed({ url: proxy.url, token: "wrong" }).since(""), /401/);
    await client.set("{i}:feed", "not a hash");
    await assert.rejects(redisFeed({ url: proxy.url, token: proxy.token }, { prefix: "i" }).since(""), /WRONGTYPE/);
    await proxy.close();
    await assert.rejects(redisFeed({ url: proxy.url, token: proxy.token }).since(""));
  });

  test("a gate without a database refuses a feed that can lose revocations", () => {
    const make = (feed) => () =>
      createSessionGate({
        secret: SECRET,
        origin: "http://127.0.0.1:9",
        session: { cookieCache: { refreshCache: true } },
        revocation: { feed },
      });
    assert.throws(make(redisFeed(client)), { name: "BetterSessionError", code: "OPTION_INVALID" });
    make(redisFeed(client, { durable: true }))();
  });

  test("invalid connections, prefixes and sizes are refused by name", () => {
    for (const wrong of [null, {}, "redis://x", { url: "https://x" }, { eval: 1 }]) {
      assert.throws(() => redisFeed(wrong), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
    for (const prefix of ["", "{a}", "a b", 7]) {
      assert.throws(() => redisFeed(client, { prefix }), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
    for (const maxBytes of [0, -1, 1.5, NaN, Infinity, "1e6", null]) {
      assert.throws(() => redisFeed(client, { maxBytes }), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
  });
});
