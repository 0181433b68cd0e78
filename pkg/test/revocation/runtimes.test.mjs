// Revocation in one Node process with `memoryFeed`, and in workerd with `kvFeed`.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SECRET, call, signIn, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";
import { act, asked, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

describe("Node, memoryFeed", () => {
  let origin, gates, shared;
  const feed = memoryFeed();
  const ctx = { waitUntil: (promise) => void promise };
  before(async () => {
    origin = await startOrigin();
    shared = { secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } } };
    gates = [1, 2].map(() => createSessionGate({ ...shared, revocation: { feed } }));
  });
  after(() => origin?.close());
  const ask = (gate, jar, path = "/page", init = {}) =>
    gate.fetch(
      new Request(origin.url + path, { ...init, headers: { cookie: jar.header(), ...init.headers } }),
      ctx,
      () => new Response("in"),
    );

  test("a revocation at one gate applies at the other, also in check, which does no I/O", async () => {
    const a = await signUp(origin, somebody());
    const b = await signIn(origin, a.credentials);
    for (const gate of gates) assert.equal((await ask(gate, b)).status, 200);
    const body = JSON.stringify({ token: b.token });
    const revoked = await ask(gates[0], a, "/api/auth/revoke-session", {
      method: "POST",
      body,
      headers: { "content-type": "application/json", origin: origin.url },
    });
    assert.equal(revoked.status, 200, await revoked.text());
    const check = (gate) => gate.check(new Request(origin.url, { headers: { cookie: b.header() } }));
    assert.equal(check(gates[0]).reason, "invalidated");
    for (let tries = 0; check(gates[1]).status !== "stale" && tries < 200; tries += 1) {
      await ask(gates[1], a);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(check(gates[1]), { status: "stale", reason: "invalidated", token: b.token });
    assert.equal((await ask(gates[1], b)).status, 401);
    assert.equal((await ask(gates[1], a)).status, 200);
  });

  test("the caller of a request with a bearer token is looked up by that token", async () => {
    const { bearer } = await import("better-auth/plugins");
    const other = await startOrigin({ plugins: [bearer()] });
    try {
      const gate = createSessionGate({
        secret: SECRET,
        origin: other.url,
        session: { cookieCache: { enabled: true } },
        revocation: { feed: memoryFeed() },
      });
      const a = await signUp(other, somebody());
      const b = await signIn(other, a.credentials);
      const headers = { authorization: `Bearer ${a.token}`, "content-type": "application/json" };
      const response = await gate.fetch(
        new Request(`${other.url}/api/auth/revoke-other-sessions`, { method: "POST", headers, body: "{}" }),
        ctx,
      );
      assert.equal(response.status, 200, await response.text());
      assert.equal(gate.check(new Request(other.url, { headers: { cookie: b.header() } })).reason, "invalidated");
      assert.equal(gate.check(new Request(other.url, { headers: { cookie: a.header() } })).status, "authenticated", "the caller is spared");
      const signedOut = await gate.fetch(new Request(`${other.url}/api/auth/sign-out`, { method: "POST", headers, body: "{}" }), ctx);
      assert.equal(signedOut.status, 200);
      assert.equal(gate.check(new Request(other.url, { headers: { cookie: a.header() } })).reason, "invalidated");
    } finally {
      await other.close();
    }
  });

  test("a revoked cache is not forwarded, so that the origin does not accept it either", async () => {
    const a = await signUp(origin, somebody());
    const b = await signIn(origin, a.credentials);
    await ask(gates[0], b);
    await call(origin, a, "/revoke-session", { body: { token: b.token } });
    assert.equal(
      (await call(origin, b.clone(), "/get-session").then((response) => response.json())).user.id,
      a.user.id,
      "the origin alone believes its cookie",
    );
    await gates[0].invalidate({ token: b.token });
    const response = await ask(gates[0], b, "/api/auth/list-sessions");
    assert.equal(response.status, 401);
    // Nor is an app on a public path, behind the origin, handed it.
    const open = createSessionGate({ ...shared, routes: { public: ["/open"] }, revocation: { feed } });
    const through = (jar) =>
      open.fetch(new Request(`${origin.url}/open`, { headers: { cookie: jar.header() } }), ctx).then((answer) => answer.json());
    const marked = await through(b);
    assert.doesNotMatch(marked.headers.cookie, /session_data/);
    assert.match(marked.headers.cookie, /session_token/);
    assert.match((await through(a)).headers.cookie, /session_data/);
  });
});

describe("workerd, kvFeed", () => {
  test("a revocation reaches the other gate", async () => {
    const revocation = { pollInterval: 0.5, maxStaleness: 1 };
    const at = await startTwoGates({ one: { FEED: "kv" }, two: { FEED: "kv" }, gate: { revocation } });
    try {
      const { a, b } = await twoDevices(at);
      await act(at.one, a, "/revoke-session", { token: b.token });
      await refused(at.two, b);
      const before = asked(at.origin);
      assert.equal((await visit(at.two, a)).status, 200);
      assert.equal(asked(at.origin), before, "the one who was not revoked is answered from the cookie");
    } finally {
      await at.close();
    }
  });
});
