// A server without a database signs a user out if a lookup lacks the cache cookie: no account can cause that for another one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BatchLog } from "../../dist/lib/revocation/feeds/batch-log.js";
import { foldRecords, recordsOf } from "../../dist/lib/revocation/records.js";
import { call, signIn, signUp, somebody } from "../../../harness/origin.mjs";
import { startWithFeed } from "./feed.mjs";
import { inBoth } from "./support.mjs";

const session = { cookieCache: { enabled: true, refreshCache: true, strategy: "jwe" } };

const page = (gate, jar) => fetch(`${gate.url}/page`, { headers: { cookie: jar.clone().header() } }).then(({ status }) => status);
/** Questions past the cookie reach another instance of the server, which knows nothing but the cookie. */
function elsewhere(request, response) {
  if (!request.url.includes("disableCookieCache=true")) return false;
  response.writeHead(200, { "content-type": "application/json" }).end("null");
  return true;
}
const origin = { database: false, session, before: elsewhere };

const check = (gate, jar) => fetch(`${gate.url}/test/check`, { headers: { cookie: jar.header() } }).then((response) => response.json());
const revoke = async (gate, jar, token) => (await call(gate, jar.clone(), "/revoke-session", { body: { token } })).status;
const invalidate = (gate, what) =>
  fetch(`${gate.url}/test/invalidate`, { method: "POST", body: JSON.stringify(what) }).then((response) => response.json());

describe("an index of 64 entries", () => {
  let at;
  before(async () => (at = await startWithFeed({ origin, gate: { session, revocation: { maxMarks: 64 } } })));
  after(() => at?.close());

  inBoth(
    "revocations of invented tokens sign out no other user and undo no sign-out",
    () => at,
    async (gate) => {
      const [victim, gone, attacker] = [await signUp(gate, somebody()), await signUp(gate, somebody()), await signUp(gate, somebody())];
      const old = gone.clone();
      assert.equal((await call(gate, gone, "/sign-out", { body: {} })).status, 200);
      for (let count = 0; count < 80; count += 1) {
        assert.ok([200, 401].includes(await revoke(gate, attacker, `invented-${count}`)));
        if (count % 20 === 0) assert.equal(await page(gate, victim), 200, `after ${count}`);
      }
      assert.equal(await page(gate, victim), 200);
      assert.equal(await page(gate, old), 401, "whoever signed out stays out");
    },
  );

  inBoth(
    "repeated sign-ins and sign-outs sign out no other user",
    () => at,
    async (gate) => {
      const [victim, attacker] = [await signUp(gate, somebody()), await signUp(gate, somebody())];
      const olds = [];
      for (let count = 0; count < 70; count += 1) {
        const jar = await signIn(gate, attacker.credentials);
        olds.push(jar.clone());
        assert.equal((await call(gate, jar, "/sign-out", { body: {} })).status, 200);
      }
      assert.equal(await page(gate, victim), 200);
      for (const old of olds) assert.equal(await page(gate, old), 401);
    },
  );

  inBoth(
    "an account cannot revoke the token of another one",
    () => at,
    async (gate) => {
      const [victim, attacker] = [await signUp(gate, somebody()), await signUp(gate, somebody())];
      await revoke(gate, attacker, victim.token);
      assert.equal(await page(gate, victim), 200);
    },
  );

  inBoth(
    "a caller whom the origin does not identify signs out no other user",
    () => at,
    async (gate) => {
      const [victim, attacker] = [await signUp(gate, somebody()), await signUp(gate, somebody())];
      const copy = attacker.clone();
      for (const path of ["/revoke-sessions", "/revoke-other-sessions", "/sign-out"]) {
        await call(gate, attacker.clone(), path, { body: {}, headers: { authorization: "Basic eDp5" } });
        await call(gate, null, path, { body: {} });
      }
      assert.equal(await page(gate, victim), 200);
      assert.equal((await check(gate, copy)).reason, "invalidated", "the caller's own sessions did end");
    },
  );

  inBoth(
    "a session that its user revokes from another device is refused",
    () => at,
    async (gate) => {
      const here = await signUp(gate, somebody());
      const there = await signIn(gate, here.credentials);
      assert.equal((await check(gate, there)).status, "authenticated");
      assert.equal(await revoke(gate, here, there.token), 200);
      assert.equal(await page(gate, there), 401);
      assert.equal(await page(gate, here), 200);
    },
  );

  inBoth(
    'invalidate("all") rejects, names cookieCache.version, and signs nobody out',
    () => at,
    async (gate) => {
      const jar = await signUp(gate, somebody());
      const { name, code, message } = await invalidate(gate, "all");
      assert.deepEqual({ name, code }, { name: "BetterSessionError", code: "INVALIDATE_ALL_UNSUPPORTED" });
      assert.match(message, /cookieCache\.version/);
      assert.equal(await page(gate, jar), 200);
      const other = await signIn(gate, jar.credentials);
      assert.equal(await invalidate(gate, { token: other.token, userId: jar.user.id }), null);
      assert.equal((await check(gate, other)).reason, "invalidated");
      assert.equal((await check(gate, jar)).status, "authenticated");
      assert.equal(await invalidate(gate, { userId: jar.user.id }), null);
      assert.equal((await check(gate, jar)).reason, "invalidated");
    },
  );
});

describe("an index of 4 entries", () => {
  let at;
  before(async () => (at = await startWithFeed({ origin, gate: { session, revocation: { maxMarks: 4 } } })));
  after(() => at?.close());

  inBoth(
    "a log that is full with entries of different users refuses sign-outs and keeps all revocations",
    () => at,
    async (gate) => {
      const people = [];
      for (let count = 0; count < 8; count += 1) people.push(await signUp(gate, somebody()));
      const statuses = [];
      for (const jar of people) statuses.push((await call(gate, jar.clone(), "/sign-out", { body: {} })).status);
      assert.equal(statuses[0], 200);
      assert.equal(statuses.at(-1), 503);
      for (const [index, jar] of people.entries()) assert.equal(await page(gate, jar), statuses[index] === 200 ? 401 : 200, `${index}`);
    },
  );
});

const NOW = Date.now();

/** A revocation of one session of one user. */
function record(user, token, time = NOW) {
  const bytes = new Uint8Array(43);
  bytes[0] = 0x16;
  bytes.fill(user, 1, 17);
  new DataView(bytes.buffer).setUint16(17, Math.floor(time / 2 ** 32));
  new DataView(bytes.buffer).setUint32(19, time >>> 0);
  new DataView(bytes.buffer).setUint32(23, 300);
  new DataView(bytes.buffer).setUint32(27, token);
  return bytes;
}

test("a full log merges the sessions of one user and invalidates no other cache", () => {
  const lines = new BatchLog();
  const batch = (data, id) => ({ data, expiresAt: NOW + 300_000, id });
  lines.add(batch(record(1, 0), "victim"), NOW);
  const { cursor } = lines.since("", NOW);
  for (let id = 0; id < 100; id += 1) lines.add(batch(record(2, id, NOW + id), `invented-${id}`), NOW);
  const stored = [];
  const gone = lines.removeExpired(NOW, 10_000, (line) => stored.push(line));
  assert.equal(gone.length, 101);
  assert.equal(stored.length, 1);
  const { marks, floor } = lines.since("", NOW);
  assert.equal(floor, undefined);
  const [folded, kept, ...more] = recordsOf(marks);
  assert.deepEqual([...kept], [...record(1, 0)], "the other user's session is as it was");
  assert.equal(folded.length, 27);
  assert.equal(folded[0], 0x14);
  assert.deepEqual([...folded.subarray(1, 23)], [...record(2, 0, NOW + 99).subarray(1, 23)], "revoked until the last of them");
  assert.equal(more.length, 0);
  assert.deepEqual(lines.since(cursor, NOW).marks, marks, "a reader in between misses nothing");
  assert.equal(recordsOf(foldRecords(marks, true)).length, 2);
});

test("a log that cannot merge entries accepts no more and drops none", () => {
  const lines = new BatchLog();
  const user = (number) => {
    const data = new Uint8Array(27 * 1000);
    for (let at = 0; at < data.length; at += 27) {
      data.set(record(0, 0).subarray(0, 27), at);
      data[at] = 0x14;
      new DataView(data.buffer).setUint32(at + 1, number * 1000 + at);
    }
    return { data, expiresAt: NOW + 300_000, id: String(number) };
  };
  let taken = 0;
  assert.throws(() => {
    for (; taken < 3000; taken += 1) {
      lines.add(user(taken), NOW);
      if (taken % 500 === 499) lines.removeExpired(NOW);
    }
  }, /full/);
  lines.removeExpired(NOW);
  assert.ok(taken > 1000);
  assert.equal(lines.floor, 0);
});
