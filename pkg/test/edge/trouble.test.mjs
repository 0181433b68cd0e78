// The origin's trouble, on real sockets: never a 500, never an open door, never a sign-out.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { TOKEN, cookieHeader, tokenPair } from "./mint.mjs";
import { answer, oddOrigin, until } from "./odd-origin.mjs";
import { startGates } from "./support.mjs";

const routes = { public: ["/public/**"], fresh: ["/danger"], authoritative: ["/billing"], signInURL: "/public/in" };
let origin, gates;
before(async () => {
  origin = await oddOrigin();
  gates = await startGates(origin, {
    plain: { APP: "here", options: { routes, originTimeout: 400 } },
    behind: { options: { routes } },
    patient: { APP: "here", options: { routes, originTimeout: 30_000 } },
    gracious: { APP: "here", options: { routes, originTimeout: 400, graceWhenOriginIsDown: 600 } },
    down: { APP: "here", options: { routes, origin: "http://127.0.0.1:1", originTimeout: 400 } },
  });
});
after(async () => {
  await gates?.close();
  await origin?.close();
});
beforeEach(() => Object.assign(origin, { queue: ["silent"], seen: [], cancelled: 0 }));

/** Past its window of 300 s, with a session that still runs. */
const lapsed = (seconds = 400) => cookieHeader({ at: Date.now() - seconds * 1000 });

/** The same of another session each time: one that the origin does not know is remembered for 5 s. */
const unknown = () => cookieHeader({ at: Date.now() - 400_000, session: { token: randomBytes(24).toString("base64url") } });

async function visit(gate, cookie, { path = "/account", ...init } = {}) {
  const response = await fetch(gate.url + path, {
    redirect: "manual",
    ...init,
    headers: { ...(cookie ? { cookie } : {}), ...init.headers },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

function assertClosed({ status, headers, body }, what) {
  assert.equal(status, 503, what);
  assert.equal(body.code, "ORIGIN_UNAVAILABLE", what);
  assert.equal(headers.get("retry-after"), "5", what);
  assert.equal(headers.get("cache-control"), "private, no-store", what);
  assert.deepEqual(headers.getSetCookie(), [], what);
}

const somebodyElse = JSON.stringify({
  session: { id: "s2", token: "somebody-elses-session-token----", userId: "u2", expiresAt: "2099-01-01T00:00:00.000Z" },
  user: { id: "u2", name: "Mallory" },
});
const stolen = ["set-cookie: better-auth.session_token=somebody-elses; Path=/", "set-cookie: theme=evil; Path=/"];

test("a stale session fails closed, whatever the origin does", async () => {
  const faults = [
    "silent",
    "reset",
    "hang up",
    "no HTTP",
    "half a head",
    "half a body",
    "body that stalls",
    "not UTF-8",
    "too long",
    answer(500, "{}"),
    answer(502, "<html>bad gateway</html>"),
    answer(503, "null"),
    answer(429, "null"),
    answer(404, "null"),
    answer(204, ""),
    answer(302, "", ["location: /elsewhere"]),
    answer(200, "<html>hello</html>"),
    answer(200, ""),
    answer(200, "{}"),
    answer(200, '{"session":null}'),
    answer(200, somebodyElse, stolen),
  ];
  for (const fault of faults) {
    origin.queue = [fault];
    origin.seen.length = 0;
    assertClosed(await visit(gates.plain, lapsed()), String(fault).slice(0, 80));
    assert.ok(origin.seen.length <= 2, `${origin.seen.length} questions: ${fault}`);
  }
});

test("nobody listens at the origin", async () => {
  assertClosed(await visit(gates.down, lapsed()));
  assertClosed(await visit(gates.down, tokenPair()));
  assertClosed(await visit(gates.down, lapsed(), { path: "/api/auth/get-session" }));
  assertClosed(await visit(gates.down, "", { path: "/api/auth/sign-in/email", method: "POST", body: "{}" }));
  assert.equal((await visit(gates.down, cookieHeader())).body.user.name, "Ada Lovelace", "a session that is known needs no origin");
  assert.equal((await visit(gates.down, cookieHeader(), { path: "/api/auth/get-session" })).body.user.name, "Ada Lovelace");
  assert.equal((await visit(gates.down, "")).status, 401);
  assert.equal((await visit(gates.down, lapsed(), { path: "/public/x" })).status, 200);
  assertClosed(await visit(gates.down, cookieHeader(), { path: "/billing" }));
});

test("a page is not sent to sign in because the origin is down", async () => {
  const navigation = { headers: { accept: "text/html" } };
  assertClosed(await visit(gates.down, lapsed(), navigation));
});

test("a question is asked once more where that can help, within the same time", async () => {
  for (const first of ["reset", "hang up", answer(502, "bad gateway"), answer(503, "starting")]) {
    origin.queue = [first, answer(200, "null")];
    origin.seen.length = 0;
    assert.equal((await visit(gates.patient, unknown())).status, 401, first);
    assert.equal(origin.seen.length, 2);
  }
  origin.queue = [answer(500, "{}"), answer(200, "null")];
  origin.seen.length = 0;
  assertClosed(await visit(gates.patient, unknown()));
  assert.equal(origin.seen.length, 1, "a 500 is an answer");
});

test("a call that changes something is never sent twice", async () => {
  origin.queue = ["reset"];
  assertClosed(await visit(gates.patient, cookieHeader(), { path: "/api/auth/sign-out", method: "POST", body: "{}" }));
  assert.equal(origin.seen.length, 1);
});

test("a call that changes nothing is sent once more when its connection breaks, no other is", async () => {
  const second = answer(200, "{}");
  for (const broken of ["reset", "hang up"]) {
    const cases = [
      ["GET", [broken, second], 200, 2],
      ["HEAD", [broken, second.slice(0, -2)], 200, 2],
      ["GET", [broken], 503, 2],
      ["POST", [broken, second], 503, 1],
      ["DELETE", [broken, second], 503, 1],
    ];
    for (const [path, cookie] of [
      ["/api/auth/list-sessions", cookieHeader()],
      ["/account", cookieHeader()],
      ["/public/x", "a=b"],
    ]) {
      for (const [method, queue, expected, times] of cases) {
        Object.assign(origin, { queue: [...queue], seen: [] });
        const body = method === "POST" ? "{}" : undefined;
        const { status } = await fetch(gates.behind.url + path, { method, headers: { cookie }, body });
        assert.equal(status, expected, `${method} ${path}, ${broken}`);
        assert.deepEqual(
          origin.seen.map((head) => head.split(" HTTP/")[0]),
          Array(times).fill(`${method} ${path}`),
          broken,
        );
      }
    }
  }
});

test("what the auth API answers passes, a failure as well", async () => {
  origin.queue = [answer(500, '{"code":"OOPS"}')];
  assert.deepEqual((await visit(gates.plain, "", { path: "/api/auth/ok" })).body, { code: "OOPS" });
});

test("grace is for a session whose window has just passed, and ends", async () => {
  const grace = await visit(gates.gracious, lapsed());
  assert.equal(grace.body.user.name, "Ada Lovelace");
  assert.equal((await visit(gates.gracious, lapsed(), { path: "/gate/authenticate" })).body.source, "grace");
  assertClosed(await visit(gates.gracious, lapsed(1000)), "past its grace");
  assertClosed(await visit(gates.gracious, tokenPair()), "a token without a cache");
  assertClosed(await visit(gates.gracious, lapsed(), { path: "/danger" }), "fresh");
  assertClosed(await visit(gates.gracious, lapsed(), { path: "/billing" }), "authoritative");
  assertClosed(await visit(gates.gracious, lapsed(), { headers: { authorization: "Bearer x" } }), "a bearer");
  const ended = cookieHeader({ at: Date.now() - 400_000, session: { expiresAt: new Date(Date.now() - 1000) } });
  assertClosed(await visit(gates.gracious, ended), "a session that has ended");
  origin.queue = [answer(200, "null")];
  assert.equal((await visit(gates.gracious, lapsed())).status, 401, "an origin that speaks is heard");
});

test("two requests at once, one of them cancelled: the other is answered, and so is the next", async () => {
  const held = [];
  const hold = (socket) => held.push(socket);
  const release = () => held.splice(0).forEach((socket) => socket.end(answer(200, sessionOf("Ada Lovelace"))));
  origin.queue = [hold];
  for (let round = 0; round < 3; round++) {
    origin.seen.length = 0;
    const cancel = new AbortController();
    const first = visit(gates.patient, lapsed(), { signal: cancel.signal });
    const second = visit(gates.patient, lapsed());
    await until(() => held.length === 2, "both questions at the origin");
    cancel.abort();
    await assert.rejects(first, { name: "AbortError" });
    release();
    assert.equal((await second).body.user.name, "Ada Lovelace");
  }
  origin.queue = [answer(200, sessionOf("Ada Lovelace"))];
  assert.equal((await visit(gates.patient, lapsed())).status, 200);
});

test("an upload that is cancelled half way leaves the next one alone", async () => {
  origin.queue = ["silent"];
  const cancel = new AbortController();
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(65_536)), pull: () => new Promise(() => {}) });
  const upload = fetch(`${gates.patient.url}/api/auth/upload`, { method: "POST", body, duplex: "half", signal: cancel.signal });
  await until(() => origin.seen.length === 1, "the upload at the origin");
  cancel.abort();
  await assert.rejects(upload, { name: "AbortError" });
  origin.queue = [answer(200, "{}")];
  assert.equal((await visit(gates.patient, "", { path: "/api/auth/other", method: "POST", body: "x" })).status, 200);
});

/** `get-session` of the person in the minted cookies. */
function sessionOf(name) {
  const expiresAt = new Date(Date.now() + 6e8);
  const now = new Date();
  return JSON.stringify({
    session: { id: "s1", token: TOKEN, userId: "u1", expiresAt, createdAt: now, updatedAt: now },
    user: { id: "u1", name, email: "ada@example.com" },
  });
}
