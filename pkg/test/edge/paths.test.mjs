// The path that is judged is the path that is forwarded: the core's vectors over raw sockets, through the gate to a real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createSessionGate, nodeListener, openIdentity } from "better-session/edge";
import { SECRET } from "../../../harness/origin.mjs";
import { echo, listen } from "../../../harness/server.mjs";
import { cookieHeader } from "./mint.mjs";
import { raw } from "./raw.mjs";
import { startGates } from "./support.mjs";

const { accept, ambiguous, reject } = JSON.parse(readFileSync(new URL("../../../vectors/gate/paths.json", import.meta.url)));
/** Paths that fit into a request line of HTTP/1.1 and are not those of the auth API; the core has tests of the others. */
const sendable = ({ raw, path = "" }) => /^\/[\x21-\x7e]*$/.test(raw) && !/[?#]/.test(raw) && !path.startsWith("/api/auth/");
/** A Request's URL has been through the WHATWG's parser, which resolves dot segments and reads a backslash as a slash. */
const spelt = (target) => new URL(`http://host${target}`).pathname;

const options = { secret: SECRET, session: { cookieCache: { enabled: true } }, routes: { public: ["/public/**"], fresh: ["/danger"] } };
const signedIn = [["cookie", cookieHeader()]];
let server, gates, node;
before(async () => {
  server = await listen();
  server.setHandler(echo);
  const origin = `http://127.0.0.1:${server.port}`;
  gates = await startGates({ url: origin }, { behind: { options }, inside: { options, APP: "here" } });
  node = createServer(nodeListener(createSessionGate({ ...options, origin })));
  await new Promise((listening) => node.listen(0, "127.0.0.1", listening));
});
after(() => {
  node?.close();
  return Promise.all([gates?.close(), server?.close()]);
});

/** The three positions of the app: at another Worker's origin, in the Worker, behind a gate in Node. */
const doors = () => [
  { url: gates.behind.url, seen: (body) => body.url },
  { url: gates.inside.url, seen: (body) => body.url.slice(gates.inside.url.length) },
  { url: `http://127.0.0.1:${node.address().port}`, seen: (body) => body.url },
];

test("an accepted path is forwarded in its canonical form, and a public path is public in that form only", async () => {
  const cases = accept.filter(sendable);
  assert.ok(cases.length > 35);
  for (const { url, seen } of doors()) {
    for (const { raw: target, path } of cases) {
      const response = await raw(url, target, { headers: signedIn });
      assert.equal(response.status, 200, `${target}: ${response.body}`);
      assert.equal(seen(JSON.parse(response.body)), path, target);
      const stranger = await raw(url, target);
      assert.equal(stranger.status, /^\/public(\/|$)/.test(path) ? 200 : 401, target);
    }
  }
});

test("an ambiguous path is forwarded as it was spelt, with an identity for these bytes, and is never public or stored", async () => {
  const named = ["/repos/group%2Fproject", "/a;v=1", "/50%25af", "/_ipx/w_200/https://x", "/public//x", "/public/a%2Fb", "/%2e%2e;/x"];
  const cases = [...ambiguous.filter(sendable).map(({ raw }) => raw), ...named].filter(
    (target) => spelt(target) !== "/public/account" && !target.startsWith("/api//auth"),
  );
  assert.ok(cases.length > 40);
  for (const [door, { url, seen }] of doors().entries()) {
    for (const target of cases) {
      const response = await raw(url, target, { headers: signedIn });
      assert.equal(response.status, 200, `${target}: ${response.body}`);
      const body = JSON.parse(response.body);
      assert.equal(seen(body), spelt(target), target);
      assert.match(response.headers.get("cache-control"), /no-store/, target);
      if (door !== 1)
        assert.equal(
          openIdentity(new Request(`http://app${seen(body)}`, { headers: body.headers }), { secret: SECRET })?.user.id,
          "u1",
          target,
        );
      assert.equal((await raw(url, target)).status, 401, target);
    }
  }
});

test("an ambiguous path requires what any reading requires", async () => {
  const aged = [["cookie", cookieHeader({ session: { createdAt: new Date(Date.now() - 2 * 86_400_000) } })]];
  for (const { url } of doors()) {
    assert.equal((await raw(url, "/other", { headers: aged })).status, 200);
    for (const target of ["/danger;v=1", "/x%2f..%2fdanger", "//danger", "/DANGER%3b", "/%2564anger", "/x/..;/danger"]) {
      assert.equal((await raw(url, target, { headers: aged })).status, 403, target);
      assert.equal((await raw(url, target, { headers: signedIn })).status, 200, target);
    }
  }
});

test("an ambiguous path of which a reading is below the auth API is refused", async () => {
  const before = server.requests.length;
  for (const { url } of doors()) {
    for (const target of [
      "/api%2fauth/get-session",
      "//api/auth/get-session",
      "/api/auth/get-session;x",
      "/x/..;/api/auth/sign-out",
      "/API//auth",
    ])
      for (const headers of [signedIn, []]) assert.equal((await raw(url, target, { headers })).status, 400, target);
  }
  assert.equal(server.requests.length, before);
});

test("a path with a control character is refused", async () => {
  const cases = reject.filter(sendable);
  assert.ok(cases.length > 5);
  const before = server.requests.length;
  for (const { url } of doors()) {
    for (const { raw: target, code } of cases) {
      const response = await raw(url, target, { headers: signedIn });
      assert.equal(response.status, 400, `${target}: ${response.body}`);
      assert.equal(JSON.parse(response.body).code, code, target);
    }
  }
  assert.equal(server.requests.length, before);
});

test("the longest path is accepted, one byte more is refused", async () => {
  for (const { url, seen } of doors()) {
    const longest = `/${"a".repeat(8191)}`;
    assert.equal(seen(JSON.parse((await raw(url, longest, { headers: signedIn })).body)), longest);
    assert.equal((await raw(url, `${longest}a`, { headers: signedIn })).status, 400);
    assert.equal((await raw(url, longest)).status, 401);
  }
});

test("queries are forwarded byte for byte and do not affect the route", async () => {
  const query = "?a=%2f..%2F;x=y&b=%00&c=/../&%zz&public";
  for (const { url, seen } of doors()) {
    assert.equal(seen(JSON.parse((await raw(url, `/x${query}`, { headers: signedIn })).body)), `/x${query}`);
    assert.equal((await raw(url, "/x?/public/")).status, 401);
  }
});

test("a request target cannot select another server", async () => {
  const [behind, inside, node] = doors();
  for (const { url, seen } of [behind, inside, node]) {
    assert.equal(seen(JSON.parse((await raw(url, "//evil.example/account", { headers: signedIn })).body)), "//evil.example/account");
    assert.equal((await raw(url, "//evil.example/account")).status, 401);
  }
  // workerd itself refuses an absolute target; Node passes it on, and the gate refuses one of another host.
  assert.equal((await raw(node.url, "http://evil.example/public/", { headers: signedIn })).status, 400);
  assert.equal((await raw(node.url, "http://evil.example/public/")).status, 400);
});
