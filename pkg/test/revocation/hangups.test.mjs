// Callers without a session, callers who cannot be looked up, and callers who disconnect: in workerd and in Node.
import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { createSessionGate, memoryFeed, nodeListener } from "../../dist/edge.js";
import { SECRET } from "../../../harness/origin.mjs";
import { dropper } from "./proxy.mjs";
import { act, asked, eventually, refused, startTwoGates, twoDevices, visit } from "./support.mjs";

const LOOK_UP = "/get-session?disableCookieCache=true&disableRefresh=true";

let at, proxy, node;
before(async () => {
  at = await startTwoGates({ before: async (origin) => (proxy = await dropper(origin)).url });
  node = await listen();
});
after(() => Promise.all([at?.close(), proxy?.close(), node?.close()]));

/** A gate in this process, reached as "one" and as "two". */
async function listen() {
  const session = { cookieCache: { enabled: true } };
  const gate = createSessionGate({ secret: SECRET, origin: proxy.url, session, revocation: { feed: memoryFeed() } });
  const server = createServer(nodeListener(gate, (_request, { session, user }) => Response.json({ session, user })));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  at.trusted.push(url);
  const close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { origin: at.origin, one: { url, basePath: at.one.basePath }, two: { url }, close };
}

for (const [runtime, gates] of [
  ["workerd", () => at],
  ["Node", () => node],
]) {
  describe(runtime, () => {
    test("a revocation is recorded although the caller disconnects after the origin received it", async () => {
      const { one, two } = gates();
      const { a, b } = await twoDevices(gates());
      proxy.holds = "/revoke-session";
      const seen = proxy.seen.length;
      const gone = hangUp(one, "/revoke-session", { jar: a, body: JSON.stringify({ token: b.token }) });
      await eventually(
        async () => proxy.seen.slice(seen),
        (urls) => urls.some((url) => url.endsWith("/revoke-session")),
        "the call",
      );
      gone.destroy();
      await pause(300);
      proxy.holds = "";
      proxy.release();
      await refused(two, b);
      assert.equal((await visit(two, a)).status, 200);
    });

    test("a caller who disconnects in the middle of the body causes no revocation", async () => {
      const { one, two } = gates();
      const { a, b } = await twoDevices(gates());
      for (const path of ["/revoke-session", "/sign-in/email", "/admin/ban-user", "/better-session/marks"]) {
        const gone = hangUp(one, path, { body: '{"token":', length: 1000 });
        await pause(150);
        gone.destroy();
      }
      await pause(1500);
      const before = asked(at.origin);
      for (const jar of [a, b]) assert.equal((await visit(two, jar)).status, 200);
      assert.equal(asked(at.origin), before, "from their cookies");
    });

    test("a call without a session whose response is lost causes no revocation", async () => {
      const { one, two } = gates();
      const { a } = await twoDevices(gates());
      for (const path of ["/revoke-sessions", "/admin/ban-user", "/change-password", "/delete-user"]) {
        proxy.answersTo = path;
        await act(one, null, path, {}, { status: 503 });
        await act(one, null, path, {}, { status: 503, headers: { authorization: "Bearer nobody" } });
      }
      proxy.answersTo = "";
      await pause(1500);
      const before = asked(at.origin);
      for (const gate of [one, two]) assert.equal((await visit(gate, a)).status, 200);
      assert.equal(asked(at.origin), before, "from the cookie");
    });

    test("a call whose caller cannot be looked up is not forwarded", async () => {
      const { one } = gates();
      const { a, b } = await twoDevices(gates());
      proxy.answersTo = LOOK_UP;
      const seen = proxy.seen.length;
      await act(one, a.clone().dropCache(), "/revoke-other-sessions", {}, { status: 503 });
      proxy.answersTo = "";
      assert.ok(!proxy.seen.slice(seen).some((url) => url.endsWith("/revoke-other-sessions")));
      assert.equal((await visit(one, b)).status, 200);
    });
  });
}

/** Starts a POST with a content length of `length`; the caller destroys it. */
function hangUp(gate, path, { jar, body, length = Buffer.byteLength(body) }) {
  const headers = {
    "content-type": "application/json",
    "content-length": length,
    origin: gate.url,
    ...(jar ? { cookie: jar.header() } : {}),
  };
  const call = httpRequest(gate.url + at.one.basePath + path, { method: "POST", headers });
  call.on("error", () => {});
  call.write(body);
  return call;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
