// The Postgres feed: late commits, tables, epochs and notifications.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { createSessionGate, memoryFeed } from "../../../dist/edge.js";
import { postgresFeed, postgresMigration } from "../../../dist/feeds-postgres.js";
import { SECRET } from "../../../../harness/origin.mjs";
import { startPostgres } from "../../../../harness/engines/postgres.mjs";
import { eventually } from "../support.mjs";
import { batch, readAll } from "./contract.mjs";

/** Floors are in milliseconds: an epoch that begins within the first one's has the same. */
const nextMillisecond = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("postgresFeed", () => {
  let postgres, pool;
  const has = (bytes, { data }) => bytes.includes(Buffer.from(data));
  before(async () => {
    postgres = await startPostgres();
    pool = new pg.Pool({ connectionString: postgres.url });
    pool.on("error", () => {});
  });
  after(async () => {
    await pool?.end();
    await postgres?.close();
  });

  test("a row that commits after later ones is not skipped", async () => {
    const feed = postgresFeed(pool, { table: "late" });
    await feed.append(batch());
    const late = await pool.connect();
    const [held, quick, other] = [batch(), batch(), batch()];
    const within = postgresFeed(late, { table: "late", listen: false });
    await within.since("");
    await late.query("BEGIN");
    await within.append(held);
    const other1 = await pool.connect();
    await other1.query("BEGIN");
    await postgresFeed(other1, { table: "late", listen: false }).append(other);
    let { cursor } = await readAll(feed);
    await feed.append(quick);
    let read = await readAll(feed, cursor);
    assert.deepEqual([has(read.bytes, quick), has(read.bytes, held)], [true, false]);
    assert.equal((await readAll(feed, read.cursor)).bytes.length, 0, "an open transaction repeats nothing");
    cursor = read.cursor;
    await late.query("COMMIT");
    read = await readAll(feed, cursor);
    assert.deepEqual([has(read.bytes, held), read.bytes.length], [true, 27]);
    await other1.query("ROLLBACK");
    assert.equal((await readAll(feed, read.cursor)).bytes.length, 0);
    late.release();
    other1.release();
  });

  test("a row that commits between two pages is not skipped", async () => {
    const feed = postgresFeed(pool, { table: "paged" });
    const late = await pool.connect();
    const within = postgresFeed(late, { table: "paged", listen: false });
    await within.since("");
    await late.query("BEGIN");
    const held = batch();
    await within.append(held);
    for (let count = 0; count < 40; count += 1) await feed.append(batch({ length: 60_000 }));
    const first = await feed.since("");
    assert.equal(first.more, true);
    await late.query("COMMIT");
    const rest = await readAll(feed, first.cursor);
    assert.equal(has(Buffer.concat([first.marks, rest.bytes]), held), false, "not in the snapshot of the pages");
    const last = await readAll(feed, rest.cursor);
    assert.deepEqual([has(last.bytes, held), last.bytes.length], [true, 27]);
    late.release();
  });

  test("the tables are made on first use by many gates at once, or by the printed migration alone", async () => {
    const feeds = Array.from({ length: 8 }, () => postgresFeed(pool, { table: "first" }));
    await Promise.all(feeds.map((feed, at) => (at % 2 ? feed.append(batch()) : feed.since(""))));
    assert.equal((await readAll(feeds[0])).bytes.length, 4 * 27);

    await pool.query("CREATE SCHEMA auth; CREATE ROLE gate LOGIN");
    const table = "auth.revocations";
    const plain = new pg.Pool({ connectionString: postgres.url.replace("postgres@", "gate@"), max: 2 });
    const feed = postgresFeed(plain, { table, migrate: false });
    await assert.rejects(feed.since(""), /does not exist|permission denied/);
    for (let times = 0; times < 2; times += 1) await pool.query(postgresMigration({ table }));
    await pool.query("GRANT USAGE ON SCHEMA auth TO gate; GRANT ALL ON ALL TABLES IN SCHEMA auth TO gate");
    const sent = batch();
    await feed.append(sent);
    assert.ok(has((await readAll(feed)).bytes, sent), "a role without rights on the schema can use the tables");
    await plain.end();
  });

  test("the first use, a dropped table and a restored copy are new epochs, whose floor is their beginning", async () => {
    const feed = postgresFeed(pool, { table: "epochs" });
    const began = Date.now();
    const first = await readAll(feed);
    assert.ok(Math.abs(first.floor - began) < 2000);
    await feed.append(batch());
    const { cursor, floor } = await readAll(feed);
    assert.equal(floor, first.floor);
    await nextMillisecond();
    await pool.query("DROP TABLE epochs, epochs_feed");
    const sent = batch();
    const dropped = await readAll(feed, cursor);
    assert.ok(dropped.floor > floor);
    await feed.append(sent);
    assert.equal((await readAll(feed, cursor)).bytes.length, 27, "an old cursor reads everything");
    // As a dump restores it: the rows and the epoch are those of another database.
    await pool.query("CREATE TABLE moved AS TABLE epochs_feed; DROP TABLE epochs_feed; ALTER TABLE moved RENAME TO epochs_feed");
    await pool.query("ALTER TABLE epochs_feed ADD PRIMARY KEY (one)");
    await nextMillisecond();
    assert.ok((await readAll(feed, dropped.cursor)).floor > dropped.floor);
    await feed.declareComplete();
    assert.equal((await readAll(feed)).floor, 0);
  });

  test("beyond maxRows the oldest rows are dropped and caches of that time are not accepted; kept ones are refused instead", async () => {
    const feed = postgresFeed(pool, { table: "bounded", maxRows: 100 });
    await feed.declareComplete();
    for (let count = 0; count < 200; count += 1) await feed.append(batch());
    const { bytes, floor } = await readAll(feed);
    assert.ok(bytes.length <= 27 * 165, String(bytes.length));
    assert.ok(floor > Date.now() - 60_000);
    const kept = batch({ data: Buffer.concat([Buffer.from([0x14]), Buffer.alloc(26)]) });
    await assert.rejects(
      (async () => {
        for (let count = 0; count < 65; count += 1) await feed.append({ ...kept, id: `kept-${count}` });
      })(),
      /full/,
    );
  });

  test("a row is durable once it was appended, also with synchronous_commit off", async () => {
    const unsafe = new pg.Pool({ connectionString: postgres.url, options: "-c synchronous_commit=off" });
    unsafe.on("error", () => {});
    const feed = postgresFeed(unsafe, { table: "durable" });
    const sent = batch();
    const { cursor } = await readAll(feed);
    await feed.append(sent);
    await postgres.stop("SIGQUIT");
    await postgres.start();
    const read = await eventually(
      () => readAll(feed, cursor).catch(() => null),
      (answer) => answer !== null,
      "the server",
    );
    assert.ok(has(read.bytes, sent));
    assert.equal(read.bytes.length, 27, "a restart with the data keeps the epoch");
    await unsafe.end();
  });

  test("a notification has a gate read at once, also after the connection was lost; pool.end() is not held up", async () => {
    const own = new pg.Pool({ connectionString: postgres.url });
    own.on("error", () => {});
    const feed = postgresFeed(own, { table: "woken" });
    let reads = 0;
    const counting = { append: feed.append, since: (cursor) => ((reads += 1), feed.since(cursor)), listen: feed.listen };
    createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", revocation: { feed: counting, onError() {} } });
    const woken = async (what) => {
      const before = reads;
      await eventually(
        async () => (await postgresFeed(pool, { table: "woken" }).append(batch()), reads),
        (count) => count > before,
        what,
      );
    };
    await woken("the first notification");
    await pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'");
    await woken("one after the connection was lost");
    feed.close();
    await own.end();
  });

  test("invalid connections and tables are refused by name", () => {
    for (const wrong of [null, {}, "postgres://x", { query: 1 }]) {
      assert.throws(() => postgresFeed(wrong), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
    for (const table of ["", "a b", "x; DROP TABLE y", 'a"b', "A"]) {
      assert.throws(() => postgresFeed(pool, { table }), { name: "BetterSessionError", code: "OPTION_INVALID" });
      assert.throws(() => postgresMigration({ table }), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
    assert.equal(memoryFeed().listen, undefined);
  });
});
