// Checks of open connections: the request to the origin, and the answers that end the connection.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../../dist/edge.js";
import { SECRET, call, signIn, signUp, somebody, startOrigin } from "../../../../harness/origin.mjs";

const ctx = { waitUntil: (promise) => void promise };
const session = { cookieCache: { enabled: true } };
const state = { answer: null, asked: [] };
let origin, gate, other;
before(async () => {
  origin = await startOrigin({ session });
  other = await signUp(origin, somebody());
  /** The real server, whose answer a test may replace. */
  const between = async (request) => {
    state.asked.push(request);
    return (await state.answer?.(request)) ?? fetch(request.url.replace("https://gate.test", origin.url), request);
  };
  const revocation = { feed: memoryFeed() };
  gate = createSessionGate({ secret: SECRET, origin: { fetch: between }, baseURL: origin.url, hiddenFields: {}, session, revocation });
});
after(() => origin?.close());

/** Opens a connection, and calls `then` with it once a revocation of its session was recorded while the origin answers so. */
async function checked(answer, then) {
  const a = await signUp(origin, somebody());
  const closed = new AbortController();
  const request = new Request("https://gate.test/events", { headers: { cookie: a.header() }, signal: closed.signal });
  const authentication = await gate.authenticate(request, ctx);
  assert.equal(authentication.source, "cookie");
  let ended = false;
  authentication.signal.addEventListener("abort", () => (ended = true));
  const { connection } = authentication;
  Object.assign(state, { answer, asked: [] });
  try {
    await gate.invalidate({ token: a.token });
    for (let tries = 0; state.asked.length === 0 && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const kept = (await gate.checkConnection(connection, ctx)) !== null;
    for (let tries = 0; !kept && !ended && tries < 500; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await then({ a, ended, kept });
  } finally {
    state.answer = null;
    closed.abort();
  }
}

test("the origin is asked past the cookie cache and without a refresh", () =>
  checked(null, async ({ a, ended, kept }) => {
    assert.deepEqual([ended, kept], [false, true], "the session still exists");
    const [request] = state.asked;
    const { pathname, searchParams } = new URL(request.url);
    assert.equal(pathname, "/api/auth/get-session");
    assert.deepEqual(Object.fromEntries(searchParams), { disableCookieCache: "true", disableRefresh: "true" });
    assert.equal(request.method, "GET");
    assert.match(request.headers.get("cookie"), /session_token/);
    assert.doesNotMatch(request.headers.get("cookie"), /session_data/);
    assert.ok(a.header().includes("session_data"), "which the visitor did send");
    // Of the signal and of `checkConnection`, one each.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(state.asked.length, 2);
  }));

test("null, a 401 and another user's session end it", async () => {
  const answers = {
    null: () => Response.json(null),
    401: () => new Response(null, { status: 401 }),
    "another user": () => call(origin, other.clone(), "/get-session"),
  };
  for (const [what, answer] of Object.entries(answers)) {
    await checked(answer, ({ ended, kept }) => assert.deepEqual([ended, kept], [true, false], what));
  }
});

test("nothing else does: errors, redirects, pages, cut connections, the same user's newer session", async () => {
  const answers = {
    500: () => new Response(null, { status: 500 }),
    503: () => new Response("busy", { status: 503 }),
    429: () => new Response(null, { status: 429 }),
    404: () => new Response(null, { status: 404 }),
    403: () => new Response(null, { status: 403 }),
    302: () => new Response(null, { status: 302, headers: { location: "/login" } }),
    "a page": () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
    "a cut connection": () => Promise.reject(new TypeError("fetch failed")),
  };
  for (const [what, answer] of Object.entries(answers)) {
    await checked(answer, ({ ended, kept }) => assert.deepEqual([ended, kept], [false, true], what));
  }
  await checked(null, async ({ a }) => {
    const again = await signIn(origin, a.credentials);
    state.answer = () => call(origin, again, "/get-session");
    const { connection } = await gate.authenticate(new Request("https://gate.test/", { headers: { cookie: again.header() } }), ctx);
    await gate.invalidate({ userId: a.user.id });
    assert.notEqual(await gate.checkConnection(connection, ctx), null);
  });
});
