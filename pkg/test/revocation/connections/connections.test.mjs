// Open connections end when their session ends, and only then: in workerd and in Node, with a real server as the origin.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Miniflare } from "miniflare";
import { chromium as browserType } from "playwright-core";
import { SECRET, signIn, signUp, somebody, startOrigin } from "../../../../harness/origin.mjs";
import { bundle } from "../../edge/support.mjs";
import { chromium, chromiumFlags } from "../../support/pack.mjs";
import { act, asked, eventually } from "../support.mjs";
import { openSocket, openStream } from "./open.mjs";
import { startNode } from "./node-server.mjs";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const within = (promise, what, seconds = 20) =>
  Promise.race([promise, pause(seconds * 1000).then(() => assert.fail(`not in ${seconds} s: ${what}`))]);

const bundled = bundle(new URL("worker.mjs", import.meta.url).pathname);

async function startWorkerd(options) {
  const workerd = new Miniflare({
    modules: await bundled,
    host: "127.0.0.1",
    port: 0,
    cf: false,
    compatibilityDate: "2026-04-01",
    bindings: { OPTIONS: options },
    // Without Miniflare's own Worker before it, which does not pass on that a reader has left.
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
    durableObjects: { LOG: { className: "RevocationLog", useSQLite: true }, ROOM: { className: "Room", useSQLite: true } },
  });
  await workerd.ready;
  const url = (await workerd.unsafeGetDirectURL()).origin;
  return {
    url,
    basePath: "/api/auth",
    async feed(down) {
      const response = await fetch(`${url}/test/feed${down ? "?down" : ""}`);
      return (await response.json()).reads;
    },
    close: () => workerd.dispose(),
  };
}

/** Starts an origin and a gate of each runtime. */
async function startBoth(session = { cookieCache: { enabled: true } }) {
  const trusted = [];
  const origin = await startOrigin({ session, auth: { trustedOrigins: () => trusted } });
  const options = { secret: SECRET, origin: origin.url, session, hiddenFields: {}, routes: { public: ["/"] } };
  const gates = { workerd: await startWorkerd(options), Node: await startNode(options) };
  trusted.push(origin.url, ...Object.values(gates).map(({ url }) => url));
  return { origin, gates, close: () => Promise.all([...Object.values(gates).map((gate) => gate.close()), origin.close()]) };
}

async function devices(origin) {
  const a = await signUp(origin, somebody());
  return { a, b: await signIn(origin, a.credentials) };
}

let at, short, browser;
before(async () => {
  [at, short, browser] = await Promise.all([
    startBoth(),
    startBoth({ expiresIn: 6, updateAge: 0, cookieCache: { enabled: true, maxAge: 2 } }),
    browserType.launch({ executablePath: chromium, args: chromiumFlags }),
  ]);
});
after(() => Promise.all([at?.close(), short?.close(), browser?.close()]));

for (const runtime of ["workerd", "Node"]) {
  describe(runtime, () => {
    const gate = () => at.gates[runtime];
    const kinds = {
      "events with visitor.signal": [(jar) => openStream(gate(), "/events", jar), "closed"],
      "guarded events": [(jar) => openStream(gate(), "/guarded", jar), "closed"],
      // workerd ends the chunks of an aborted body as if it were complete.
      "a guarded download": [(jar) => openStream(gate(), "/download", jar), runtime === "workerd" ? "closed" : "aborted"],
      "a WebSocket": [(jar) => openSocket(gate(), "/socket", jar), 4401],
      ...(runtime === "workerd"
        ? {
            "a guarded WebSocket": [(jar) => openSocket(gate(), "/guarded-socket", jar), 4401],
            "a WebSocket of a hibernating Durable Object": [(jar) => openSocket(gate(), "/room", jar), 4401],
          }
        : {}),
    };

    for (const [kind, [open, end]] of Object.entries(kinds)) {
      test(`${kind} ends when its session is revoked; the origin is asked once, and other sessions go on`, async () => {
        const { a, b } = await devices(at.origin);
        const [mine, theirs] = [await open(a), await open(b)];
        theirs.send?.("hello");
        await pause(700);
        assert.deepEqual([mine.state(), theirs.state()], ["open", "open"]);
        if (theirs.messages) assert.deepEqual(theirs.messages, ["echo hello"]);
        const before = asked(at.origin);
        await act(gate(), a, "/revoke-session", { token: b.token });
        const { how } = await within(theirs.ended, "the end");
        assert.equal(how, end);
        await pause(700);
        assert.equal(asked(at.origin) - before, 1);
        assert.equal(mine.state(), "open");
        mine.close();
      });
    }

    if (runtime === "workerd") {
      test("a WebSocket that is guarded after its session has ended is closed at once", async () => {
        const { a, b } = await devices(at.origin);
        const opening = openSocket(gate(), "/late-socket", b);
        await pause(500);
        await act(gate(), a, "/revoke-session", { token: b.token });
        const socket = await within(opening, "the upgrade");
        assert.equal((await within(socket.ended, "the end")).how, 4401);
      });
    }

    if (runtime === "Node") test("none of it is reported as an error of the app", () => assert.deepEqual(gate().errors, []));

    test("signing out ends it", async () => {
      const { b } = await devices(at.origin);
      const stream = await openStream(gate(), "/events", b);
      await act(gate(), b, "/sign-out", {});
      assert.equal((await within(stream.ended, "the end")).how, "closed");
    });

    test("a change of the user asks the origin once for each connection and ends none", async () => {
      const { a, b } = await devices(at.origin);
      const streams = [
        await openStream(gate(), "/events", a),
        await openStream(gate(), "/events", b),
        await openSocket(gate(), "/socket", b),
      ];
      const before = asked(at.origin);
      await act(gate(), a, "/update-user", { name: "Grace" });
      await eventually(
        () => asked(at.origin) - before,
        (count) => count >= 3,
        "three lookups",
      );
      await pause(1500);
      assert.equal(asked(at.origin) - before, 3);
      assert.deepEqual(
        streams.map((stream) => stream.state()),
        ["open", "open", "open"],
      );
      for (const stream of streams) stream.close();
    });

    test("while the feed is down the origin decides: a revoked session ends, others go on", async () => {
      const { a, b } = await devices(at.origin);
      const [mine, theirs] = [await openStream(gate(), "/events", a), await openStream(gate(), "/events", b)];
      try {
        await gate().feed(true);
        await at.origin.auth.api.revokeSession({ headers: new Headers({ cookie: a.header() }), body: { token: b.token } });
        assert.equal((await within(theirs.ended, "the end")).how, "closed");
        await pause(1500);
        assert.equal(mine.state(), "open");
      } finally {
        await gate().feed(false);
        mine.close();
      }
    });

    test("after a response was sent, or its reader has left, nothing is checked any more", async () => {
      const { b } = await devices(at.origin);
      const response = await fetch(`${gate().url}/short`, { headers: { cookie: b.header() } });
      assert.equal(await response.json(), b.user.id);
      const streams = [
        await openStream(gate(), "/events", b),
        await openStream(gate(), "/guarded", b),
        await openSocket(gate(), "/socket", b),
      ];
      await pause(600);
      if (runtime === "workerd") streams.push(await openSocket(gate(), "/guarded-socket", b), await openSocket(gate(), "/room", b));
      for (const stream of streams) stream.close();
      // The runtime tells the gate that a reader has left when it next sends something.
      const readsInTwoSeconds = async () => {
        const before = await gate().feed(false);
        await pause(2000);
        return (await gate().feed(false)) - before;
      };
      await eventually(readsInTwoSeconds, (reads) => reads === 0, "no timer that reads the feed", 20);
    });

    test("a lapsed cache ends nothing, the expiry does, and a session that was extended goes on", async () => {
      const { origin } = short;
      const other = short.gates[runtime];
      const { a, b } = await devices(origin);
      const [extended, left] = [await openStream(other, "/events", a), await openStream(other, "/events", b)];
      const before = asked(origin);
      await pause(3000); // the cache has lapsed after two
      assert.deepEqual([extended.state(), left.state(), asked(origin) - before], ["open", "open", 0]);
      a.dropCache();
      const renewed = await fetch(`${origin.url}/api/auth/get-session`, { headers: { cookie: a.header() } });
      assert.ok(Date.parse((await renewed.json()).session.expiresAt) > Date.now() + 4000);
      assert.equal((await within(left.ended, "the expiry")).how, "closed");
      assert.equal(extended.state(), "open");
      assert.equal((await within(extended.ended, "the later expiry")).how, "closed");
    });

    test("an EventSource and a WebSocket of Chromium end, and the EventSource does not come back", async () => {
      const { a, b } = await devices(at.origin);
      const context = await browser.newContext();
      try {
        const cookies = b.header().split("; ");
        const url = gate().url;
        await context.addCookies(cookies.map((pair) => ({ name: pair.split("=")[0], value: pair.slice(pair.indexOf("=") + 1), url })));
        const page = await context.newPage();
        await page.goto(`${url}/`);
        await page.evaluate(() => {
          const seen = (globalThis.seen = { ticks: 0, errors: 0, code: 0, echo: "" });
          const source = (globalThis.source = new EventSource("/events"));
          source.onmessage = () => (seen.ticks += 1);
          source.onerror = () => (seen.errors += 1);
          const socket = new WebSocket(`${location.origin.replace("http", "ws")}/socket`);
          socket.onopen = () => socket.send("hello");
          socket.onmessage = ({ data }) => (seen.echo = data);
          socket.onclose = ({ code }) => (seen.code = code);
        });
        const look = () => page.evaluate(() => ({ ...globalThis.seen, state: globalThis.source.readyState }));
        await eventually(look, ({ ticks, echo }) => ticks > 2 && echo === "echo hello", "events and an echo");
        await act(gate(), a, "/revoke-session", { token: b.token });
        const last = await eventually(look, ({ state, code }) => state === 2 && code === 4401, "the end of both", 20);
        assert.ok(last.errors > 0);
      } finally {
        await context.close();
      }
    });
  });
}
