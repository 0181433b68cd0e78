// A request that waits for the origin: its cookies are verified once, when it arrives, and never mixed up with another's.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, test } from "node:test";
import { SECRET } from "../../../harness/origin.mjs";

/** The calls of gate.wasm's exports that read a request's cookies. */
const calls = [];
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
  const { exports } = new Instance(module, imports);
  const counted = Object.entries(exports).map(([name, value]) => [
    name,
    /^gate_(start|check|resume|cause|accepts_refresh|sign_in|release)$/.test(name)
      ? (...args) => (calls.push(name.slice("gate_".length)), value(...args))
      : value,
  ]);
  return { exports: Object.fromEntries(counted) };
};
const { createSessionGate } = await import("../../dist/edge.js");
const { TOKEN, cookieHeader, tokenPair } = await import("./mint.mjs");

const base = { secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {} };
const get = (path, cookie, headers = {}) => new Request(`http://app.example${path}`, { headers: { cookie, ...headers } });
const tokenOf = (request) => /session_token=([^.;]+)/.exec(decodeURIComponent(request.headers.get("cookie")))[1];
const sessionOf = (token) => ({
  session: {
    id: token,
    token,
    userId: `user of ${token}`,
    createdAt: new Date(),
    updatedAt: new Date(),
    expiresAt: new Date(Date.now() + 6e8),
  },
  user: { id: `user of ${token}`, name: "Ada", email: "ada@example.com" },
});
/** An origin that answers with the session of the token that it is sent. */
const knowing = { fetch: (request) => Response.json(sessionOf(tokenOf(request))) };
const who = (_, visitor) => new Response(visitor.user?.id);

beforeEach(() => void (calls.length = 0));

test("a lookup uses the verdict of the start, and nothing is left of it afterwards", async () => {
  const gate = createSessionGate({ ...base, origin: knowing });
  const response = await gate.fetch(get("/account", tokenPair()), undefined, who);
  assert.equal(await response.text(), `user of ${TOKEN}`);
  assert.deepEqual(calls, ["start", "resume", "release"]);
});

test("a deferred refresh and a probe of the origin use it too", async () => {
  const refreshing = {
    fetch: (request) =>
      Response.json(request.method === "POST" ? sessionOf(TOKEN) : { ...sessionOf(TOKEN), needsRefresh: true }, { status: 200 }),
  };
  const deferring = createSessionGate({ ...base, session: { ...base.session, deferSessionRefresh: true }, origin: refreshing });
  assert.equal(await (await deferring.fetch(get("/account", tokenPair()), undefined, who)).text(), `user of ${TOKEN}`);
  assert.deepEqual(calls, ["start", "resume", "resume", "accepts_refresh", "release"]);
  calls.length = 0;
  const down = { fetch: () => new Response("down", { status: 500 }) };
  const graceful = createSessionGate({ ...base, graceWhenOriginIsDown: 60, originTimeout: 300, origin: down });
  const past = cookieHeader({ at: Date.now() - 310_000 });
  assert.equal((await graceful.authenticate(get("/account", past))).source, "grace");
  assert.deepEqual(calls, ["start", "resume", "resume", "cause", "release"]);
});

test("a request without a session reads the sign-in rule alone, not the cookies again", async () => {
  const gate = createSessionGate({ ...base, origin: knowing, routes: { signInURL: "/in" } });
  const page = await gate.fetch(get("/account?tab=1", "", { accept: "text/html" }), undefined, who);
  assert.equal(page.status, 302);
  assert.equal(page.headers.get("location"), "/in?callbackURL=%2Faccount%3Ftab%3D1");
  assert.deepEqual(calls, ["start", "sign_in"]);
});

test("what the cookies prove is decided when the request arrives, not when the origin has failed", async () => {
  const events = [];
  const slow = { fetch: async () => (await sleep(4500), new Response("down", { status: 500 })) };
  const options = { ...base, session: { cookieCache: { enabled: true, maxAge: 60 } } };
  const gate = createSessionGate({
    ...options,
    origin: slow,
    originTimeout: 10_000,
    routes: { authoritative: ["/account"] },
    onEvent: (event) => void events.push(event),
  });
  const ending = cookieHeader({ at: Date.now() - 56_000, options });
  assert.equal((await gate.fetch(get("/account", ending), undefined, who)).status, 503);
  assert.deepEqual(
    events.map(({ reason, cause }) => ({ reason, cause })),
    [{ reason: null, cause: "origin_error" }],
  );
});

test("more lookups at once than are kept, in any order: everybody is who they are", async () => {
  const waiting = [];
  const origin = { fetch: (request) => new Promise((respond) => waiting.push(() => respond(Response.json(sessionOf(tokenOf(request)))))) };
  const gate = createSessionGate({ ...base, origin });
  const tokens = Array.from({ length: 600 }, (_, at) => `${TOKEN.slice(4)}${String(at).padStart(4, "0")}`);
  const answers = tokens.map((token) => gate.fetch(get("/account", tokenPair(token)), undefined, who).then((response) => response.text()));
  while (waiting.length < tokens.length) await sleep(5);
  for (const respond of waiting.reverse()) respond();
  assert.deepEqual(
    await Promise.all(answers),
    tokens.map((token) => `user of ${token}`),
  );
});

test("the sender of a request whose path is rejected is authenticated by the origin", async () => {
  const gate = createSessionGate({ ...base, origin: knowing });
  const { user, source } = await gate.authenticate(get("/a%00b", tokenPair()));
  assert.deepEqual({ id: user?.id, source }, { id: `user of ${TOKEN}`, source: "origin" });
});
