// Faults of feeds, clocks, edges and origins. A revoked session is never accepted: without the feed the session is looked
// up at the origin, and without both the response is 503.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { signIn } from "../../../harness/origin.mjs";
import { dropper } from "./proxy.mjs";
import { act, asked, eventually, fault, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

const revoke = (gate, a, b) => act(gate, a, "/revoke-session", { token: b.token });

describe("a feed", () => {
  let at;
  before(async () => (at = await startTwoGates()));
  after(() => at?.close());

  for (const since of ["slow", "repeating", "disordered"]) {
    test(`that is ${since} still delivers the revocation`, async () => {
      const { a, b } = await twoDevices(at);
      await fault(at.two, { since });
      await revoke(at.one, a, b);
      await refused(at.two, b);
      assert.equal((await visit(at.two, a)).status, 200);
      await fault(at.two, {});
    });
  }

  for (const since of ["down", "silent", "garbage"]) {
    test(`that is ${since}: sessions are looked up at the origin, which refuses revoked ones only`, async () => {
      const { a, b } = await twoDevices(at);
      await fault(at.two, { since });
      await revoke(at.one, a, b);
      await refused(at.two, b);
      const before = asked(at.origin);
      assert.equal((await visit(at.two, a)).status, 200);
      assert.ok(asked(at.origin) > before, "not from the cookie");
      await fault(at.two, {});
      await eventually(
        async () => {
          const count = asked(at.origin);
          const { status } = await visit(at.two, a);
          return status === 200 && asked(at.origin) === count;
        },
        (answered) => answered,
        "the cookie answers once the feed is back",
      );
    });
  }

  test("that stores a batch twice applies it once", async () => {
    const { a, b } = await twoDevices(at);
    await fault(at.one, { append: "twice" });
    await revoke(at.one, a, b);
    await fault(at.one, {});
    await refused(at.two, b);
    assert.equal((await visit(at.two, a)).status, 200);
  });

  test("that fails to store receives the revocations later: the call is answered, and this gate applies them at once", async () => {
    const { a, b } = await twoDevices(at);
    await fault(at.one, { append: "down" });
    await revoke(at.one, a, b);
    assert.equal((await visit(at.one, b.clone(), { keep: false })).status, 401);
    await fault(at.one, {});
    await refused(at.two, b);
  });

  test("that is empty delays no request", async () => {
    const { a } = await twoDevices(at);
    await fault(at.two, { since: "empty" });
    const before = asked(at.origin);
    for (let times = 0; times < 5; times += 1) assert.equal((await visit(at.two, a)).status, 200);
    assert.equal(asked(at.origin), before);
    await fault(at.two, {});
  });

  test("that is unreachable together with the origin leads to 503, not to a session from the cookie", async () => {
    const down = await startTwoGates({ two: { OPTIONS: { originTimeout: 500 } } });
    try {
      const { a } = await twoDevices(down);
      await fault(down.two, { since: "down" });
      await down.origin.close();
      await eventually(
        () => visit(down.two, a.clone(), { keep: false }),
        ({ status }) => status === 503,
        "503",
      );
    } finally {
      await down.close().catch(() => {});
    }
  });
});

describe("an isolate", () => {
  test("that was idle for an hour reads the feed before it responds", async () => {
    const session = { cookieCache: { enabled: true, maxAge: 4 * 3600 } };
    const at = await startTwoGates({ origin: { session }, gate: { session } });
    try {
      const { a, b } = await twoDevices(at);
      await revoke(at.one, a, b);
      await fetch(`${at.two.url}/test/clock?ahead=${3600_000}`);
      assert.equal((await visit(at.two, b.clone(), { keep: false })).status, 401, "the first answer after the hour");
    } finally {
      await at.close();
    }
  });
});

describe("clocks", () => {
  for (const [one, two] of [
    [2000, -2000],
    [-2000, 2000],
  ]) {
    test(`gates ${one} and ${two} ms from the origin's`, async () => {
      const at = await startTwoGates({ one: { CLOCK: one }, two: { CLOCK: two } });
      try {
        const { a, b } = await twoDevices(at);
        // The newest possible cache: minted while the revoking call is in flight.
        const young = await signIn(at.origin, a.credentials);
        await act(at.one, a, "/revoke-other-sessions", {});
        for (const jar of [b, young]) await refused(at.two, jar);
        for (const jar of [b, young]) await refused(at.one, jar);
        for (const gate of [at.one, at.two]) assert.equal((await visit(gate, a)).status, 200);
      } finally {
        await at.close();
      }
    });
  }
});

describe("edges and origins", () => {
  let at, drop;
  before(async () => {
    at = await startTwoGates({ before: async (origin) => (drop = await dropper(origin)).url });
  });
  after(() => Promise.all([at?.close(), drop?.close()]));

  test("a renewal at one edge during the revocation at the other does not restore the session", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { a, b } = await twoDevices(at);
      b.dropCache();
      const renewals = Array.from({ length: 6 }, () => visit(at.two, b));
      await revoke(at.one, a, b);
      await Promise.all(renewals);
      await refused(at.two, b);
      for (let times = 0; times < 3; times += 1) assert.equal((await visit(at.two, b.clone(), { keep: false })).status, 401);
    }
  });

  test("a revocation that the origin refuses is not recorded", async () => {
    const { a, b } = await twoDevices(at);
    await act(at.one, a, "/revoke-session", { token: b.token }, { status: 403, headers: { origin: "https://elsewhere.example" } });
    await act(at.one, a, "/revoke-session", { nothing: true }, { status: 400 });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = asked(at.origin);
    for (const jar of [a, b]) assert.equal((await visit(at.two, jar)).status, 200);
    assert.equal(asked(at.origin), before, "both are still answered from their cookies");
  });

  test("a revocation whose response was lost is recorded, because it may have succeeded", async () => {
    const { a, b } = await twoDevices(at);
    drop.answersTo = "/revoke-session";
    await act(at.one, a, "/revoke-session", { token: b.token }, { status: 503 });
    drop.answersTo = "";
    await refused(at.two, b);
    assert.equal((await visit(at.two, a)).status, 200);
  });

  test("a caller whose cache has expired is looked up before the call is forwarded", async () => {
    const { a, b } = await twoDevices(at);
    await act(at.one, a.dropCache(), "/revoke-other-sessions", {});
    await refused(at.two, b);
    assert.equal((await visit(at.two, a)).status, 200);
  });

  test("a body of any length is forwarded byte for byte", async () => {
    const { a, b } = await twoDevices(at);
    await act(at.one, a, "/revoke-session", { token: b.token, padding: "ä".repeat(100_000) });
    await refused(at.two, b);
    assert.ok(drop.bodies.at(-1).startsWith(`{"token":"${b.token}","padding":"ää`));
    assert.equal(
      Buffer.byteLength(drop.bodies.at(-1)),
      Buffer.byteLength(JSON.stringify({ token: b.token, padding: "ä".repeat(100_000) })),
    );
  });
});
