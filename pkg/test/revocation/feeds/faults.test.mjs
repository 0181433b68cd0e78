// Faults of Redis and Postgres with gates as processes of their own: nobody is let in who was revoked, and nobody who is
// signed in is turned away.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { createNamespace } from "../../../../harness/engines/network.mjs";
import { startPostgres } from "../../../../harness/engines/postgres.mjs";
import { startRedis } from "../../../../harness/engines/redis.mjs";
import { startFleet, startGateProcess } from "../../../../harness/fleet/fleet.mjs";
import { SECRET, signIn, signUp, somebody } from "../../../../harness/origin.mjs";
import { act, eventually, refused, visit } from "../support.mjs";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const look = (gate, jar) => visit(gate, jar.clone(), { keep: false });

/** Passes connections on to a port. `delay` holds every chunk back. */
async function slowProxy(port) {
  const state = { delay: 0 };
  const server = createServer((inner) => {
    const outer = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ]) {
      from.on("data", (chunk) => setTimeout(() => to.write(chunk), state.delay));
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, { port: server.address().port, close: () => new Promise((resolve) => server.close(resolve)) });
}

const engines = {
  redis: { start: (options) => startRedis({ persistent: true, ...options }), crash: "SIGKILL", epochByRestart: true },
  postgres: { start: startPostgres, crash: "SIGQUIT", epochByRestart: false },
};

for (const [kind, { start, crash, epochByRestart }] of Object.entries(engines)) {
  const withPort = (url, host, port) => url.replace(/127\.0\.0\.1:\d+/, `${host}:${port}`);

  describe(kind, () => {
    let engine, proxy, fleet, a;
    before(async () => {
      engine = await start();
      proxy = await slowProxy(engine.port);
      fleet = await startFleet([
        { kind, url: engine.url },
        { kind, url: withPort(engine.url, "127.0.0.1", proxy.port) },
      ]);
      a = await signUp(fleet.origin, somebody());
    });
    after(async () => {
      await fleet?.close();
      await engine?.close();
      await proxy?.close();
    });
    /** Signs in on another device, and waits until both gates answer for both devices from the cookie. */
    const device = async () => {
      const b = await signIn(fleet.origin, a.credentials);
      for (const jar of [a, b]) for (const gate of [fleet.one, fleet.two]) await fromCookie(gate, jar);
      return b;
    };
    const fromCookie = (gate, jar) =>
      eventually(
        () => visit(gate, jar),
        ({ status, body }) => status === 200 && body.source === "cookie",
        "an answer from the cookie",
      );
    const revoke = (b) => act(fleet.one, a, "/revoke-session", { token: b.token });
    /** A gate that has never read the feed. */
    const fresh = async (then) => {
      const options = { secret: SECRET, origin: fleet.origin.url, hiddenFields: {}, session: { cookieCache: { enabled: true } } };
      const gate = await startGateProcess({ options, feed: { kind, url: engine.url } });
      try {
        return await then(gate);
      } finally {
        await gate.stop("SIGKILL");
      }
    };

    test("slow: the revocation arrives, and those who are signed in are let in", async () => {
      const b = await device();
      proxy.delay = 150;
      await revoke(b);
      await refused(fleet.two, b);
      for (let times = 0; times < 10; times += 1) assert.equal((await look(fleet.two, a)).status, 200);
      proxy.delay = 0;
    });

    test("down: the origin decides about everybody, and the cookie answers again once it is back", async () => {
      const b = await device();
      await engine.stop(crash);
      await revoke(b); // kept by gate one, and sent again later
      await refused(fleet.two, b);
      await refused(fleet.one, b);
      const { status, body } = await eventually(
        () => look(fleet.two, a),
        (answer) => answer.body.source === "origin",
        "a lookup",
      );
      assert.deepEqual([status, body.source], [200, "origin"]);
      const seen = [];
      let back = false;
      const watched = Promise.all(
        [fleet.one, fleet.two].map(async (gate) => {
          while (!back) {
            seen.push((await look(gate, b)).status);
            await pause(20);
          }
        }),
      );
      await engine.start();
      for (const gate of [fleet.one, fleet.two]) await fromCookie(gate, a);
      back = true;
      await watched;
      assert.deepEqual([...new Set(seen)], [401], "not let in when it is back either");
      await refused(fleet.two, b);
    });

    test("hung: the same, and the gates do not wait for it", async () => {
      const b = await device();
      engine.signal("SIGSTOP");
      await revoke(b);
      await refused(fleet.two, b);
      const before = performance.now();
      assert.equal((await look(fleet.two, a)).status, 200);
      assert.ok(performance.now() - before < 5000);
      engine.signal("SIGCONT");
      for (const gate of [fleet.one, fleet.two]) await fromCookie(gate, a);
    });

    test("restarted with its data: a gate that was not there refuses what was revoked", async () => {
      const b = await device();
      await revoke(b);
      await engine.stop(crash);
      await engine.start();
      await fresh(async (gate) => {
        assert.equal((await look(gate, b)).status, 401);
        const { status, body } = await look(gate, a);
        assert.equal(status, 200);
        if (!epochByRestart) assert.equal(body.source, "cookie", "nobody else is looked up");
      });
      for (const gate of [fleet.one, fleet.two]) await fromCookie(gate, a);
    });

    test("restarted without its data: everybody is looked up once, the revoked one is refused, nobody is signed out", async () => {
      const b = await device();
      const others = [await signUp(fleet.origin, somebody()), await signUp(fleet.origin, somebody())];
      await revoke(b);
      await engine.stop(crash);
      engine.wipe();
      await engine.start();
      await fresh(async (gate) => {
        assert.equal((await look(gate, b)).status, 401, "its revocation is nowhere, and yet it is refused");
        for (const jar of [a, ...others]) {
          const { status, body } = await look(gate, jar);
          assert.deepEqual([status, body.source], [200, "origin"]);
        }
        await pause(2500); // the clock skew
        for (const jar of others) await fromCookie(gate, jar);
      });
      for (const gate of [fleet.one, fleet.two]) await fromCookie(gate, a);
    });
  });

  test(`${kind}: gates whose clocks are two seconds ahead and behind`, async () => {
    const engine = await start();
    const fleets = [];
    try {
      for (const clocks of [
        [2000, -2000],
        [-2000, 2000],
      ]) {
        const fleet = await startFleet({ kind, url: engine.url }, { clocks });
        fleets.push(fleet);
        const a = await signUp(fleet.origin, somebody());
        const b = await signIn(fleet.origin, a.credentials);
        for (const jar of [a, b]) for (const gate of [fleet.one, fleet.two]) assert.equal((await visit(gate, jar)).status, 200);
        await act(fleet.one, a, "/revoke-session", { token: b.token });
        for (const gate of [fleet.two, fleet.one]) await refused(gate, b);
        for (const gate of [fleet.one, fleet.two]) assert.equal((await look(gate, a)).status, 200);
      }
    } finally {
      for (const fleet of fleets) await fleet.close();
      await engine.close();
    }
  });

  test(`${kind}: a gate that is cut off from it by the network`, async () => {
    const network = createNamespace(kind.length);
    const engine = await start({ bind: "0.0.0.0" });
    let fleet, tunnel;
    try {
      tunnel = await listenOn(network.near);
      fleet = await startFleet(
        [
          { kind, url: engine.url },
          { kind, url: withPort(engine.url, network.far, engine.port) },
        ],
        { gates: [{}, { via: network.via, host: network.inside }], origin: { seenAs: (origin) => tunnel.to(origin) } },
      );
      const a = await signUp(fleet.origin, somebody());
      const b = await signIn(fleet.origin, a.credentials);
      const fromCookie = () =>
        eventually(
          () => visit(fleet.two, a),
          ({ status, body }) => status === 200 && body.source === "cookie",
          "an answer from the cookie",
          60,
        );
      await fromCookie();
      assert.equal((await visit(fleet.two, b)).status, 200);
      network.cut();
      await act(fleet.one, a, "/revoke-session", { token: b.token });
      await refused(fleet.two, b);
      for (let times = 0; times < 3; times += 1) assert.equal((await look(fleet.two, a)).status, 200);
      network.heal();
      await fromCookie();
      await refused(fleet.two, b);
    } finally {
      await fleet?.close();
      await tunnel?.close();
      await engine.close();
      network.remove();
    }
  });
}

/** Listens on an address and passes connections on to an origin of 127.0.0.1. */
async function listenOn(address) {
  let port;
  const server = createServer((inner) => {
    const outer = connect(port, "127.0.0.1");
    inner.pipe(outer).pipe(inner);
    for (const socket of [inner, outer]) socket.on("error", () => (inner.destroy(), outer.destroy()));
  });
  await new Promise((resolve) => server.listen(0, address, resolve));
  return {
    to: (origin) => ((port = origin.port), `http://${address}:${server.address().port}`),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
