// In Workers no request waits for a socket or a promise of another: one that is cancelled while the others wait holds up none.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startRedis, startRestProxy } from "../../../harness/engines/redis.mjs";
import { signUp, somebody } from "../../../harness/origin.mjs";
import { dropper } from "./proxy.mjs";
import { act, asked, eventually, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let redis, proxy, at, drop;
before(async () => {
  redis = await startRedis();
  proxy = await startRestProxy(redis.url);
  const rest = { FEED: "rest", REST: { url: proxy.url, token: proxy.token } };
  at = await startTwoGates({ one: rest, two: rest, before: async (origin) => (drop = await dropper(origin)).url });
});
after(async () => {
  await Promise.all([at?.close(), drop?.close()]);
  await proxy?.close();
  await redis?.close();
});

/** Sends a request and hangs up after a while. */
async function hangUp(gate, jar, milliseconds) {
  const abort = new AbortController();
  const response = fetch(`${gate.url}/account`, { headers: { cookie: jar.header() }, signal: abort.signal });
  setTimeout(() => abort.abort(), milliseconds);
  await assert.rejects(response, { name: "AbortError" });
}
const together = async (gate, jar) => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => visit(gate, jar.clone(), { keep: false })));
  return new Set(answers.map(({ status }) => status));
};
const errors = async (gate) => (await (await fetch(`${gate.url}/test/counts`)).json()).errors;

test("a read of the feed", async () => {
  const { a, b } = await twoDevices(at);
  for (let round = 0; round < 3; round += 1) {
    await pause(1100); // the index is too old: the next request reads the feed
    redis.signal("SIGSTOP");
    const first = hangUp(at.two, a, 100);
    await pause(50);
    const others = together(at.two, a);
    await first;
    redis.signal("SIGCONT");
    assert.deepEqual(await others, new Set([200]));
  }
  await act(at.one, a, "/revoke-session", { token: b.token });
  await refused(at.two, b);
  assert.deepEqual(await together(at.two, a), new Set([200]));
});

test("a lookup at the origin, for which the others wait a second at most", async () => {
  const a = await signUp(at.origin, somebody());
  assert.equal((await visit(at.two, a)).status, 200);
  await redis.stop();
  await eventually(
    async () => {
      const before = asked(at.origin);
      await visit(at.two, a);
      await pause(1100);
      return asked(at.origin) > before;
    },
    (lookedUp) => lookedUp,
    "a lookup, because the feed is away",
  );
  drop.holds = "/get-session?disableCookieCache=true";
  const seen = drop.seen.length;
  const first = hangUp(at.two, a, 500);
  await eventually(
    async () => drop.seen.length,
    (length) => length > seen,
    "the lookup",
  );
  drop.holds = "";
  const others = together(at.two, a);
  await first;
  assert.deepEqual(await others, new Set([200]));
  drop.release();
  await redis.start();
  await eventually(
    async () => {
      const before = asked(at.origin);
      const { status } = await visit(at.two, a);
      return status === 200 && asked(at.origin) === before;
    },
    (answered) => answered,
    "the cookie answers again",
  );
});

test("no error says that a request touched what belongs to another", async () => {
  for (const gate of [at.one, at.two]) {
    const found = await errors(gate);
    assert.deepEqual(
      found.filter((message) => /different request|I\/O|hang/i.test(message)),
      [],
    );
  }
});
