// The contract of every feed, whatever stores it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { createSessionGate } from "../../../dist/edge.js";
import { SECRET } from "../../../../harness/origin.mjs";

let serial = 0;

/** Returns a batch of random bytes. Feeds read the first one, so it is not a version that they know. */
const random = (length) => Buffer.concat([Buffer.of(0xff), randomBytes(length - 1)]);
export function batch({ length = 27, lifetime = 300_000, data = random(length) } = {}) {
  return { data: new Uint8Array(data), expiresAt: Date.now() + lifetime, id: `batch-${process.pid}-${(serial += 1)}` };
}

/** Reads all pages after a cursor. */
export async function readAll(feed, cursor = "") {
  const parts = [];
  for (let page = 0; page < 64; page += 1) {
    const answer = await feed.since(cursor);
    assert.equal(typeof answer.cursor, "string");
    assert.ok(answer.age >= 0);
    parts.push(Buffer.from(answer.marks));
    cursor = answer.cursor;
    if (!answer.more) return { bytes: Buffer.concat(parts), cursor, floor: answer.floor ?? 0, pages: page + 1 };
  }
  throw new Error("the pages do not end");
}

const has = (bytes, { data }) => bytes.includes(Buffer.from(data));
const count = (bytes, { data }) => bytes.toString("latin1").split(Buffer.from(data).toString("latin1")).length - 1;

/**
 * `open()` returns { feed, other, dump(), close() }: two feeds on one store, and the store's content as text. `repeats`: a read
 * returns all batches. `expires: false`: the store deletes expired batches later.
 */
export function feedContract(name, open, { repeats = false, expires = true, many = 1000, large: largeCount = 20 } = {}) {
  describe(name, () => {
    let at;
    before(async () => (at = await open()));
    after(() => at?.close());

    test("a batch is in the next read of every gate, once", async () => {
      const start = await at.other.since("");
      const [one, two, three] = [batch(), batch(), batch()];
      for (const next of [one, two]) await at.feed.append(next);
      const first = await readAll(at.other, start.cursor);
      assert.deepEqual([count(first.bytes, one), count(first.bytes, two)], [1, 1]);
      if (!repeats) assert.ok(first.bytes.indexOf(Buffer.from(one.data)) < first.bytes.indexOf(Buffer.from(two.data)), "in order");
      await at.other.append(three);
      const second = await readAll(at.other, first.cursor);
      assert.equal(count(second.bytes, three), 1);
      if (!repeats) {
        assert.equal(second.bytes.length, three.data.length);
        assert.equal((await readAll(at.other, second.cursor)).bytes.length, 0, "and then none");
      }
    });

    test("all bytes arrive as they were, and later changes of the caller's array have no effect", async () => {
      const sent = batch({ data: Uint8Array.from({ length: 256 }, (_, byte) => byte) });
      const kept = { data: sent.data.slice() };
      await at.feed.append(sent);
      sent.data.fill(7);
      assert.equal(count((await readAll(at.other)).bytes, kept), 1);
    });

    test("without a cursor, or with one of another feed, a read returns everything", async () => {
      const sent = batch();
      await at.feed.append(sent);
      const { cursor } = await readAll(at.feed);
      const strange = ["", "garbage", "1.1.1", "///", cursor.replace(/^[0-9a-f-]{8}/, "00000000"), "'; DROP TABLE x", "0-0"];
      for (const text of strange) assert.ok(has((await readAll(at.other, text)).bytes, sent), text);
    });

    test("the same batch appended again is stored once", async () => {
      const sent = batch();
      await Promise.all([at.feed.append(sent), at.other.append(sent), at.feed.append(sent)]);
      await at.other.append(sent);
      assert.equal(count((await readAll(at.feed)).bytes, sent), 1);
    });

    if (expires) {
      test("an expired batch is neither stored nor returned", async () => {
        const [dead, short, long] = [batch({ lifetime: -1 }), batch({ lifetime: 300 }), batch()];
        for (const next of [dead, short, long]) await at.feed.append(next);
        assert.equal(has((await readAll(at.other)).bytes, dead), false);
        await new Promise((resolve) => setTimeout(resolve, 400));
        const { bytes } = await readAll(at.other);
        assert.deepEqual([has(bytes, short), has(bytes, long)], [false, true]);
      });
    }

    test("readers that follow their cursors miss none of the batches that many gates append at once", async () => {
      const sent = Array.from({ length: 300 }, () => batch());
      let { cursor } = await at.other.since("");
      const seen = [];
      let done = false;
      const follow = async () => {
        for (let last = false; ; last = done) {
          const answer = await readAll(at.other, cursor);
          cursor = answer.cursor;
          if (repeats) seen.length = 0;
          seen.push(answer.bytes);
          if (last) return;
        }
      };
      const appends = async (feed, part) => {
        for (const next of part) await feed.append(next);
      };
      const parts = Array.from({ length: 10 }, (_, at) => sent.slice(at * 30, at * 30 + 30));
      const following = follow();
      await Promise.all(parts.map((part, number) => appends(number % 2 ? at.feed : at.other, part)));
      done = true;
      await following;
      const bytes = Buffer.concat(seen);
      assert.deepEqual(
        sent.map((next) => count(bytes, next)).filter((times) => times !== 1),
        [],
      );
    });

    test("large batches and many of them are read in pages", async () => {
      const before = (await readAll(at.feed)).bytes.length;
      const large = Array.from({ length: largeCount }, () => batch({ length: 64 * 1024 }));
      const small = Array.from({ length: many }, () => batch());
      for (const next of large) await at.feed.append(next);
      for (let from = 0; from < small.length; from += 20)
        await Promise.all(small.slice(from, from + 20).map((next) => at.feed.append(next)));
      const { bytes, pages } = await readAll(at.other);
      assert.ok(bytes.length >= before - 20_000 + large.length * 64 * 1024 + small.length * 27);
      assert.ok(large.every((next) => has(bytes, next)) && has(bytes, small[0]) && has(bytes, small.at(-1)));
      if (at.paged) assert.ok(pages > 1, `${pages} pages`);
    });

    test("no token and no user id can be read in the store", async () => {
      const gate = createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", revocation: { feed: at.feed, onError() {} } });
      const [token, userId] = ["kR7vtokentokentokentokentokenq2", "user-with-a-readable-name"];
      const { cursor } = await readAll(at.other);
      await gate.invalidate({ token });
      await gate.invalidate({ userId, exceptToken: token });
      assert.ok((await readAll(at.other, cursor)).bytes.length >= 27 + 43);
      const stored = await at.dump();
      assert.ok(stored.length > 1000, "the dump has the content");
      for (const secret of [token, userId, SECRET]) {
        for (const form of [secret, Buffer.from(secret).toString("base64").replace(/=+$/, ""), Buffer.from(secret).toString("hex")]) {
          assert.equal(stored.includes(form), false, form);
        }
      }
    });
  });
}
