// The feeds of adapters/feeds: the contract, beside the package's own feeds on the same stores.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { transform } from "esbuild";
import pg from "pg";
import { createClient } from "redis";
import { postgresFeed } from "../../dist/feeds-postgres.js";
import { redisFeed } from "../../dist/feeds-redis.js";
import { startPostgres } from "../../../harness/engines/postgres.mjs";
import { startRedis } from "../../../harness/engines/redis.mjs";
import { eventually } from "../revocation/support.mjs";
import { batch, feedContract, readAll } from "../revocation/feeds/contract.mjs";
import { feedProgram, rustFeed } from "./feed-process.mjs";

const root = new URL("../../../", import.meta.url);
const has = (bytes, { data }) => bytes.includes(Buffer.from(data));
const kept = (id) => ({ ...batch({ data: Buffer.concat([Buffer.from([0x14]), Buffer.alloc(99)]) }), id });
const nextMillisecond = () => new Promise((resolve) => setTimeout(resolve, 5));

let program, redis, postgres, client, pool;
before(async () => {
  program = await feedProgram();
  [redis, postgres] = await Promise.all([startRedis({ persistent: true }), startPostgres()]);
  client = createClient({ url: redis.url, socket: { reconnectStrategy: 50 } });
  client.on("error", () => {});
  await client.connect();
  pool = new pg.Pool({ connectionString: postgres.url });
  pool.on("error", () => {});
});
after(async () => {
  client?.destroy();
  await pool?.end();
  await Promise.all([redis?.close(), postgres?.close()]);
});

/** Two feeds on one Redis: `[first, second]` are "rust" or "npm". */
const overRedis = (first, second) =>
  feedContract(`Redis, ${first} and ${second}`, async () => {
    const prefix = `contract-${first}-${second}`;
    const opened = [];
    const open = (kind) => {
      if (kind === "npm") return redisFeed(client, { prefix });
      opened.push(rustFeed(program, "redis", redis.url, { prefix }));
      return opened.at(-1);
    };
    const dump = async () => {
      const entries = await client.sendCommand(["XRANGE", `{${prefix}}:marks`, "-", "+"]);
      return JSON.stringify([await client.keys("*"), entries, await client.hGetAll(`{${prefix}}:feed`)]);
    };
    return { feed: open(first), other: open(second), dump, close: () => opened.forEach((feed) => feed.close()), paged: true };
  });
const overPostgres = (first, second) =>
  feedContract(
    `Postgres, ${first} and ${second}`,
    async () => {
      const table = `contract_${first}_${second}`;
      const opened = [];
      const open = (kind) => {
        if (kind === "npm") return postgresFeed(pool, { table, listen: false });
        opened.push(rustFeed(program, "postgres", postgres.url, { table }));
        return opened.at(-1);
      };
      const dump = async () => JSON.stringify((await pool.query(`SELECT *, encode(data, 'escape') AS text FROM ${table}`)).rows);
      return { feed: open(first), other: open(second), dump, close: () => opened.forEach((feed) => feed.close()), paged: true };
    },
    { many: 300 },
  );
overRedis("rust", "npm");
overRedis("npm", "rust");
overPostgres("rust", "npm");
overPostgres("npm", "rust");

describe("the Redis feed in Rust", () => {
  const feeds = [];
  const open = (options) => {
    feeds.push(rustFeed(program, "redis", redis.url, options));
    return feeds.at(-1);
  };
  after(() => feeds.forEach((feed) => feed.close()));
  const again = (feed, cursor) =>
    eventually(
      () => readAll(feed, cursor).catch(() => null),
      (answer) => answer !== null,
      "the server",
    );

  test("it connects again after a restart, which begins a new epoch unless the server is durable", async () => {
    const [feed, durable] = [open({ prefix: "a" }), open({ prefix: "b", durable: true })];
    const sent = batch();
    for (const one of [feed, durable]) await one.append(sent);
    const before = await Promise.all([readAll(feed), readAll(durable)]);
    await nextMillisecond();
    await redis.stop();
    await assert.rejects(feed.since(""));
    await redis.start();
    const [restarted, unchanged] = [await again(feed, before[0].cursor), await again(durable, before[1].cursor)];
    assert.ok(restarted.floor > before[0].floor && has(restarted.bytes, sent));
    assert.deepEqual([unchanged.floor, unchanged.bytes.length], [before[1].floor, 0]);
  });

  test("lost data is a new epoch, and an old cursor hides nothing", async () => {
    const feed = open({ prefix: "c", durable: true });
    for (const how of [() => client.flushAll(), () => client.del("{c}:marks"), () => client.del("{c}:feed")]) {
      await feed.append(batch());
      const { cursor, floor } = await readAll(feed);
      await nextMillisecond();
      await how();
      const sent = batch();
      const lost = await readAll(feed, cursor);
      await feed.append(sent);
      assert.ok(lost.floor > floor, String(how));
      assert.ok(has((await readAll(feed, cursor)).bytes, sent));
    }
  });

  test("beyond maxBytes the oldest are dropped and the floor is their time; kept ones are refused instead", async () => {
    const feed = open({ prefix: "f", maxBytes: 10_000 });
    await feed.declareComplete();
    const sent = Array.from({ length: 100 }, () => batch({ length: 100 }));
    for (const next of sent) await feed.append(next);
    const { bytes, floor } = await readAll(feed);
    assert.ok(bytes.length <= 3000 && has(bytes, sent.at(-1)) && !has(bytes, sent[0]), String(bytes.length));
    assert.ok(floor > Date.now() - 10_000);
    const full = open({ prefix: "g", maxBytes: 1000 });
    await full.declareComplete();
    const fill = async () => {
      for (let count = 0; count < 10; count += 1) await full.append(kept(`kept-${count}`));
    };
    await assert.rejects(fill(), /full/);
    assert.equal((await readAll(full)).floor, 0);
  });

  test("while the server does not respond calls do not pile up", async () => {
    const feed = open({ prefix: "h" });
    await feed.since("");
    redis.signal("SIGSTOP");
    const settled = [];
    const calls = Array.from({ length: 1000 }, () => feed.since("").then(String, String));
    for (const call of calls) void call.then((outcome) => settled.push(outcome));
    // The others wait; none of them is lost when the server goes on.
    await eventually(
      () => settled.filter((outcome) => /calls are waiting/.test(outcome)).length,
      (refused) => refused >= 744,
      "744 refusals",
    );
    redis.signal("SIGCONT");
    await Promise.all(calls);
    await again(feed, "");
  });
});

describe("the Postgres feed in Rust", () => {
  const feeds = [];
  const open = (options) => {
    feeds.push(rustFeed(program, "postgres", postgres.url, options));
    return feeds.at(-1);
  };
  after(() => feeds.forEach((feed) => feed.close()));

  test("a row that commits after later ones is not skipped, also between two pages", async () => {
    const feed = open({ table: "late" });
    await feed.append(batch());
    const late = await pool.connect();
    const within = postgresFeed(late, { table: "late", listen: false });
    await within.since("");
    await late.query("BEGIN");
    const [held, quick] = [batch(), batch()];
    await within.append(held);
    const { cursor } = await readAll(feed);
    await feed.append(quick);
    const read = await readAll(feed, cursor);
    assert.deepEqual([has(read.bytes, quick), has(read.bytes, held)], [true, false]);
    assert.equal((await readAll(feed, read.cursor)).bytes.length, 0, "an open transaction repeats nothing");
    for (let count = 0; count < 40; count += 1) await feed.append(batch({ length: 60_000 }));
    const first = await feed.since(read.cursor);
    assert.equal(first.more, true);
    await late.query("COMMIT");
    const rest = await readAll(feed, first.cursor);
    assert.equal(has(Buffer.concat([first.marks, rest.bytes]), held), false, "not in the snapshot of the pages");
    const last = await readAll(feed, rest.cursor);
    assert.deepEqual([has(last.bytes, held), last.bytes.length], [true, 27]);
    late.release();
  });

  test("lost tables and a restored copy are new epochs; a server that restarts is reached again", async () => {
    const feed = open({ table: "epochs" });
    await feed.append(batch());
    const { cursor, floor } = await readAll(feed);
    await nextMillisecond();
    await pool.query("DROP TABLE epochs, epochs_feed");
    const dropped = await readAll(feed, cursor);
    assert.ok(dropped.floor > floor);
    await feed.append(batch());
    assert.equal((await readAll(feed, cursor)).bytes.length, 27, "an old cursor reads everything");
    await nextMillisecond();
    await pool.query("CREATE TABLE moved AS TABLE epochs_feed; DROP TABLE epochs_feed; ALTER TABLE moved RENAME TO epochs_feed");
    await pool.query("ALTER TABLE epochs_feed ADD PRIMARY KEY (one)");
    assert.ok((await readAll(feed, dropped.cursor)).floor > dropped.floor);
    await feed.declareComplete();
    const complete = await readAll(feed);
    assert.equal(complete.floor, 0);
    await postgres.stop("SIGQUIT");
    await assert.rejects(feed.since(""));
    await postgres.start();
    const back = await eventually(
      () => readAll(feed, complete.cursor).catch(() => null),
      (answer) => answer !== null,
      "the server",
    );
    assert.deepEqual([back.floor, back.bytes.length], [0, 0], "a crash of Postgres loses nothing");
  });

  test("beyond maxRows the oldest rows are dropped; kept ones are refused instead", async () => {
    const feed = open({ table: "bounded", maxRows: 100 });
    await feed.declareComplete();
    for (let count = 0; count < 200; count += 1) await feed.append(batch());
    const { bytes, floor } = await readAll(feed);
    assert.ok(bytes.length <= 27 * 165, String(bytes.length));
    assert.ok(floor > Date.now() - 60_000);
    const fill = async () => {
      for (let count = 0; count < 65; count += 1) await feed.append(kept(`kept-${count}`));
    };
    await assert.rejects(fill(), /full/);
  });

  test("an append wakes a feed that listens", async () => {
    const feed = open({ table: "woken" });
    await feed.since("");
    let wakes = 0;
    await feed.listen(() => (wakes += 1));
    await eventually(
      () => wakes,
      (count) => count > 0,
      "a new connection wakes",
      5,
    );
    const before = wakes;
    await postgresFeed(pool, { table: "woken", listen: false }).append(batch());
    await eventually(
      () => wakes,
      (count) => count > before,
      "a wake-up",
      5,
    );
  });
});

/** Evaluates a module of the package that imports nothing. */
async function evaluate(path) {
  const { code } = await transform(readFileSync(new URL(path, root), "utf8"), { loader: "ts", format: "esm" });
  return import(`data:text/javascript,${encodeURIComponent(code)}`);
}
const source = (path) => readFileSync(new URL(`adapters/feeds/src/${path}`, root), "utf8");

test("the scripts and statements of the crate are those of the package", async () => {
  const scripts = await evaluate("pkg/src/revocation/feeds/redis-script.ts");
  for (const [name, file] of [
    ["APPEND", "append"],
    ["SINCE", "since"],
    ["COMPLETE", "complete"],
  ]) {
    const crate = source("redis/open.lua") + source(`redis/${file}.lua`);
    assert.equal(crate.trim().replace(/\n+/g, "\n"), scripts[name].trim().replace(/\n+/g, "\n"), name);
  }
  const { PROBE, statements } = await evaluate("pkg/src/revocation/feeds/postgres-sql.ts");
  const sql = source("postgres/sql.rs");
  const constant = (name) => new RegExp(`const ${name}: &str = "(.*)";`).exec(sql)[1];
  assert.equal(`SELECT ${constant("SERVER")}`, PROBE);
  for (const [table, incarnation] of [
    ["auth.marks", true],
    ["marks", false],
  ]) {
    const server = incarnation ? `${constant("SERVER")} || ':' || ` : "";
    const expected = statements(table, incarnation);
    for (const name of ["migration", "append", "since", "begin", "trim"]) {
      const filled = source(`postgres/${name}.sql`)
        .trimEnd()
        .replaceAll("{identity}", `(${server}'${table}'::regclass::oid || ':' || '${table}_feed'::regclass::oid)`)
        .replaceAll("{now}", constant("NOW"))
        .replaceAll("{table}", table)
        .replaceAll("{feed}", `${table}_feed`)
        .replaceAll("{channel}", table.replace(".", "_"));
      assert.equal(filled, expected[name], name);
    }
  }
});
