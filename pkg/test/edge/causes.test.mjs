// Each trouble of the origin has a cause of its own: in events, in gate.authenticate, and with `debug` in the response.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { jwt } from "better-auth/plugins";
import { createVerifier } from "better-session";
import { createSessionGate } from "better-session/edge";
import { explain, explainReason } from "better-session/explain";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";
import { TOKEN, cookieHeader, tokenPair } from "./mint.mjs";
import { answer, oddOrigin } from "./odd-origin.mjs";
import { startGates } from "./support.mjs";

const routes = {
  public: ["/public/**"],
  optional: ["/hello"],
  fresh: ["/danger"],
  when: { "/admin/:page": () => false },
  signInURL: "/in",
};
const base = { secret: SECRET, session: { cookieCache: { enabled: true } }, hiddenFields: {}, routes };
let odd, origin, gates, events;
before(async () => {
  odd = await oddOrigin();
  origin = await startOrigin();
  gates = await startGates(odd, {
    debugged: { APP: "here", options: { routes: { public: ["/public/**"] }, originTimeout: 400, debug: true } },
  });
});
after(() => Promise.all([gates?.close(), odd?.close(), origin?.close()]));
beforeEach(() => {
  events = [];
  Object.assign(odd, { queue: ["silent"], seen: [] });
});

const gateOf = (options = {}) =>
  createSessionGate({ ...base, origin: odd.url, originTimeout: 400, onEvent: (event) => void events.push(event), ...options });
const get = (path, cookie, headers = {}) =>
  new Request(`http://app.example${path}`, { headers: { ...(cookie ? { cookie } : {}), ...headers } });
const app = () => new Response("in");
const session = (change) =>
  JSON.stringify({
    session: { id: "s", token: TOKEN, userId: "u1", expiresAt: "2099-01-01T00:00:00.000Z", ...change },
    user: { id: "u1" },
  });

const FAULTS = {
  "silent": "origin_timeout",
  "body that stalls": "origin_timeout",
  "reset": "origin_no_response",
  "hang up": "origin_no_response",
  "no HTTP": "origin_no_response",
  "half a body": "origin_unreadable",
  "not UTF-8": "origin_unreadable",
  "too long": "origin_unreadable",
  [answer(404, "null")]: "origin_not_found",
  [answer(429, "{}")]: "origin_rate_limited",
  [answer(500, "host not allowed")]: "origin_error",
  [answer(503, "null")]: "origin_error",
  [answer(302, "", ["location: /elsewhere"])]: "origin_redirect",
  [answer(204, "")]: "origin_unexpected_status",
  [answer(200, "<html>sign in to the proxy</html>")]: "origin_not_json",
  [answer(200, "")]: "origin_not_json",
  [answer(200, '{"user":{"id":"u1"}}')]: "origin_unexpected_shape",
  [answer(200, session({ token: "somebody-elses-session-token----" }))]: "origin_other_session",
  [answer(200, session({ expiresAt: "2001-01-01T00:00:00.000Z" }))]: "origin_session_expired",
};

test("every fault of the origin has its own cause, in the event and in gate.authenticate, and none in the response", async () => {
  const hasty = gateOf({ originTimeout: 300 });
  const patient = gateOf({ originTimeout: 30_000 });
  for (const [fault, cause] of Object.entries(FAULTS)) {
    const gate = cause === "origin_timeout" ? hasty : patient;
    odd.queue = [fault];
    events.length = 0;
    const response = await gate.fetch(get("/account", tokenPair()), undefined, app);
    assert.equal(response.status, 503, fault);
    assert.doesNotMatch(JSON.stringify([...response.headers, await response.text()]), /origin_|cache_absent/, fault);
    const [{ kind, status, reason, ...event }] = events;
    assert.deepEqual([kind, status, reason, event.cause, event.source], ["deny", 503, "cache_absent", cause, null], fault.slice(0, 60));
    const known = await gate.authenticate(get("/account", tokenPair()));
    assert.deepEqual(
      [known.cause, known.session, events[1].kind, events[1].cause],
      [cause, null, "authenticate", cause],
      fault.slice(0, 60),
    );
  }
  assert.deepEqual(new Set(Object.values(FAULTS)).size, 12);
});

test("nobody listens, or the request is too large for a lookup", async () => {
  const gate = gateOf({ origin: "http://127.0.0.1:1" });
  await gate.fetch(get("/account", tokenPair()), undefined, app);
  await gate.fetch(get("/account", "", { authorization: `Bearer ${"a".repeat(9000)}` }), undefined, app);
  await gate.fetch(get("/api/auth/list-sessions", cookieHeader()), undefined, app);
  await gate.fetch(get("/account", cookieHeader()));
  await gate.fetch(get("/hello", tokenPair()), undefined, app);
  const causes = events.map(({ kind, status, cause }) => [kind, status, cause]);
  assert.deepEqual(causes, [
    ["deny", 503, "origin_no_response"],
    ["deny", 503, "request_too_large"],
    ["forward", 503, "origin_no_response"],
    ["next", 503, "origin_no_response"],
    ["next", 200, "origin_no_response"],
  ]);
});

test("each decision is an event without anything secret", async () => {
  const jar = await signUp(origin);
  const gate = gateOf({ origin: origin.url });
  const at = (path, cookie, headers) => gate.fetch(get(path, cookie, headers), undefined, app);
  await at("/public/x", jar.header());
  await at("/account?token=in-the-query", jar.header());
  await at("/api/auth/get-session", jar.header());
  await at("/api/auth/list-sessions", jar.header());
  await at("/danger", jar.header());
  await at("/admin/page-7", jar.header());
  await at("/account", "");
  await at("/account", "", { accept: "text/html" });
  await at("/account", tokenPair());
  await at("/hello", tokenPair());
  await at("/a%00b", jar.header());
  await at("/account", jar.dropCache().header());
  const of = ({ kind, status, route, source, reason, cause }) => [kind, status, route, source, reason, cause].join(" ");
  assert.deepEqual(events.map(of), [
    "next 200 /public/**   ",
    "next 200  cookie  ",
    "answer 200 /api/auth/** cookie  ",
    "forward 200 /api/auth/**   ",
    "next 200 /danger cookie  ",
    "deny 403 /admin/:page cookie  predicate",
    "deny 401   no_cookie ",
    "deny 302   no_cookie ",
    "deny 401   refused ",
    "next 200 /hello  refused ",
    "deny 400    ",
    "next 200  origin  ",
  ]);
  const { tokenHash } = events[0];
  assert.match(tokenHash, /^[\w-]{22}$/);
  for (const index of [1, 2, 3, 4, 5, 10, 11]) assert.equal(events[index].tokenHash, tokenHash, String(index));
  assert.equal(events[6].tokenHash, null);
  const text = JSON.stringify(events);
  for (const secret of [jar.token, jar.user.email, jar.user.id, SECRET, "in-the-query", "page-7", TOKEN])
    assert.ok(!text.includes(secret), secret);
  assert.ok(events.every(({ milliseconds, lookupMilliseconds }) => milliseconds > 0 && lookupMilliseconds <= milliseconds));
  assert.ok(events[11].lookupMilliseconds > 0 && events[1].lookupMilliseconds === 0);
});

test("an error of onEvent or of next concerns nobody else", async () => {
  const waiting = [];
  const ctx = { waitUntil: (promise) => void waiting.push(promise) };
  for (const onEvent of [
    () => Promise.reject(new Error("rejected")),
    () => {
      throw new Error("thrown");
    },
  ]) {
    assert.equal((await gateOf({ onEvent }).fetch(get("/account", cookieHeader()), ctx, app)).status, 200);
  }
  await Promise.all(waiting);
  assert.equal(waiting.length, 2);
  const broken = {
    waitUntil() {
      throw new TypeError("Illegal invocation");
    },
  };
  assert.equal((await gateOf({ onEvent() {} }).fetch(get("/account", cookieHeader()), broken, app)).status, 200, "an unbound waitUntil");
  const failing = () => Promise.reject(new Error("the app's own"));
  await assert.rejects(gateOf().fetch(get("/account", cookieHeader()), ctx, failing), /the app's own/);
  assert.deepEqual([events[0].kind, events[0].status], ["next", null]);
  assert.throws(() => gateOf({ onEvent: "log" }), { code: "OPTION_INVALID", message: /onEvent/ });
});

test("debug says in the response what was decided and why, in workerd", async () => {
  odd.queue = [answer(404, "null")];
  const visit = async (path, cookie) => {
    const { status, headers } = await fetch(gates.debugged.url + path, { headers: cookie ? { cookie } : {} });
    assert.match(headers.get("server-timing"), /^gate;dur=[\d.]+, lookup;dur=[\d.]+$/);
    return [status, ...["kind", "source", "reason", "cause", "route"].map((name) => headers.get(`x-better-session-${name}`))];
  };
  assert.deepEqual(await visit("/account", tokenPair()), [503, "deny", null, "cache_absent", "origin_not_found", null]);
  assert.deepEqual(await visit("/account", cookieHeader()), [200, "next", "cookie", null, null, null]);
  assert.deepEqual(await visit("/public/x"), [200, "next", null, "no_cookie", null, "/public/**"]);
});

/** Returns what `run` passes to console.warn. */
async function warningsOf(run) {
  const warned = [];
  const { warn } = console;
  console.warn = (text) => void warned.push(text);
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warned;
}

test("without onEvent each cause is logged once a minute, with nothing of the request or the response", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const visitWith = async (gate, fault) => {
    odd.queue = [fault];
    const response = await gate.fetch(get("/account/page-7", tokenPair()), undefined, app);
    assert.equal(response.status, 503);
  };
  const faults = [answer(404, "null"), answer(404, "null"), answer(200, "<html>a-secret-page</html>"), "hang up"];
  const silent = gateOf({ onEvent: undefined, originTimeout: 30_000 });
  const lines = await warningsOf(async () => {
    for (const fault of faults) await visitWith(silent, fault);
  });
  assert.deepEqual(
    lines
      .map((line) => line.match(/^better-session: a session could not be looked up: (\w+)\.( The origin responded with status (\d+)\.)?/))
      .map(([, ...match]) => [match[0], match[2]]),
    [
      ["origin_not_found", "404"],
      ["origin_not_json", "200"],
      ["origin_no_response", undefined],
    ],
  );
  for (const secret of [TOKEN, SECRET, "a-secret-page", "page-7"]) assert.ok(!lines.join().includes(secret), secret);
  t.mock.timers.tick(61_000);
  assert.equal((await warningsOf(() => visitWith(silent, faults[0]))).length, 1);
  assert.deepEqual(await warningsOf(() => visitWith(gateOf({ originTimeout: 30_000 }), faults[0])), [], "onEvent receives it");
});

test("debug warns once, at creation", async () => {
  assert.deepEqual(await warningsOf(gateOf), []);
  const warned = await warningsOf(() => gateOf({ debug: true }));
  assert.equal(warned.length, 1);
  assert.match(warned[0], /debug.*every visitor sees/);
});

test("explainReason has sentences for every cause and reason", () => {
  const others = [
    "request_too_large",
    "overtaken",
    "feed_unavailable",
    "caller_unknown",
    "predicate",
    "no_headers",
    "refused",
    "cache_absent",
  ];
  for (const code of [...Object.values(FAULTS), ...others]) assert.match(explainReason(code), /^[A-Z].{20,}\.$/, code);
  assert.equal(explainReason("nothing-of-this-name"), "");
});

test("a forgotten await has a reason of its own, and a scheme other than Bearer is no credential", () => {
  const verifier = createVerifier(base);
  const headers = Promise.resolve(new Headers({ cookie: cookieHeader() }));
  assert.deepEqual(verifier.verify(headers), { status: "unauthenticated", reason: "no_headers" });
  const explained = explain(headers, base);
  assert.equal(explained.verdict.reason, "no_headers");
  assert.match(explained.message, /await headers\(\)/);
  const basic = get("/", cookieHeader(), { authorization: "Basic c3RhZ2luZzpwdw==" });
  assert.equal(verifier.verify(basic).status, "authenticated");
  assert.equal(gateOf().check(basic).status, "authenticated");
});

test("explain recognises a cache that the jwt plugin signed", async () => {
  const cookieCache = { enabled: true, strategy: "jwt" };
  const server = await startOrigin({ session: { cookieCache }, plugins: [jwt({ sessionCookieCache: true })] });
  try {
    const jar = await signUp(server);
    const { message } = explain(jar.header(), { secret: SECRET, session: { cookieCache } });
    assert.match(message, /JWT plugin.*sessionCookieCache.*jwks/);
  } finally {
    await server.close();
  }
});
