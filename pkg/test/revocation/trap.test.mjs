// A trap while the feed is read: the new index lacks the entries before the cursor, so it must not count as complete after
// the rest of that read. The trap is real (`unreachable`); the test chooses its position.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SECRET, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";

const TRAPPING = "AGFzbQEAAAABBAFgAAADAgEABwUBAXQAAAoFAQMAAAs="; // (func (export "t") unreachable)
const Instance = WebAssembly.Instance;
const { t: trap } = new Instance(new WebAssembly.Module(Buffer.from(TRAPPING, "base64"))).exports;
let trapNext = false;
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  const guarded = Object.entries(exports).map(([name, value]) => [
    name,
    name !== "gate_start" ? value : (...args) => (trapNext ? ((trapNext = false), trap()) : value(...args)),
  ]);
  return { exports: Object.fromEntries(guarded) };
};
const { createSessionGate, memoryFeed } = await import("../../dist/edge.js");

test("an index that trapped in the middle of a read does not count as complete", async () => {
  const origin = await startOrigin();
  try {
    const log = memoryFeed();
    let held;
    const feed = {
      append: (batch) => log.append(batch),
      async since(cursor) {
        const answer = await log.since(cursor);
        if (held) await held;
        return answer;
      },
    };
    const errors = [];
    const session = { cookieCache: { enabled: true } };
    const gate = createSessionGate({
      secret: SECRET,
      origin: origin.url,
      session,
      revocation: { feed, pollInterval: 0.05, maxStaleness: 60, onError: (error) => errors.push(error.message) },
    });
    const work = [];
    const ctx = { waitUntil: (promise) => work.push(promise) };
    const jar = await signUp(origin, somebody());
    const visit = () =>
      gate.fetch(new Request(`${origin.url}/page`, { headers: { cookie: jar.header() } }), ctx, (_, { verdict }) => Response.json(verdict));
    const check = () => gate.check(new Request(origin.url, { headers: { cookie: jar.header() } })).status;
    await gate.invalidate({ token: jar.token });
    await visit();
    assert.equal(check(), "stale", "the mark is known");

    let release;
    held = new Promise((resolve) => (release = resolve));
    await new Promise((resolve) => setTimeout(resolve, 100)); // longer than the poll interval
    const reads = work.length;
    await visit();
    assert.ok(work.length > reads, "a read is under way, from after the mark");
    trapNext = true;
    assert.equal((await visit()).status, 503, "the trap");
    release();
    await Promise.all(work);
    held = undefined;
    assert.match(errors.at(-1), /index_lost/);
    const asked = origin.counts["GET /api/auth/get-session"] ?? 0;
    await visit();
    assert.ok(origin.counts["GET /api/auth/get-session"] > asked, "not from an index that lacks the mark");
    await new Promise((resolve) => setTimeout(resolve, 100)); // a read that failed counts for one poll interval
    await visit();
    assert.equal(check(), "stale", "the next read brings the mark back");
  } finally {
    await origin.close();
  }
});
