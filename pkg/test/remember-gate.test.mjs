// The gate's memory of decisions: with and without it the same response to every request, at every instant and after every change.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createSessionGate, memoryFeed } from "../dist/edge.js";
import { NOW, OPTIONS, STRATEGIES, TOKEN, USER, compact, payloadText, seal, signedToken } from "../../harness/verdicts/seal.mjs";

const folder = new URL("../../vectors/verdicts/", import.meta.url);
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
const cases = files.flatMap((file) =>
  [...file.accept, ...file.reject].map((one) => ({
    header: [one.cookie].flat().map(part).join(""),
    options: one.options ?? file.options,
    now: file.now,
  })),
);
const headers = STRATEGIES.map(
  (strategy) => `a=b; better-auth.session_token=${signedToken()}; better-auth.session_data=${seal(strategy, payloadText())}; c=d`,
);
const INSTANTS = [0, 1, -1, 999, 60_000, 284_999, 285_000, 299_999, 300_000, 300_001, 315_000, 86_400_000, -86_400_000, 604_800_001];
const PATHS = ["/api/auth/get-session", "/api/auth/get-session?disableCookieCache=true", "/", "/page?a=1", "/fresh", "/open", "/maybe"];
const ROUTES = { fresh: ["/fresh"], public: ["/open"], optional: ["/maybe"] };
const ctx = { waitUntil() {} };
const nobody = { fetch: async () => Response.json(null) };

/** Returns a gate that remembers and one that does not. */
function pairOf(options, origin = nobody) {
  const create = (more) => createSessionGate({ hiddenFields: {}, ...options, origin, routes: ROUTES, ...more });
  return [create({}), create({ remember: false })];
}

const next = (_request, { verdict }) => Response.json(verdict);

/** Returns all that a gate says about a request; null if a request cannot have this header. */
async function answer(gate, cookie, path) {
  let request;
  try {
    request = new Request(`http://app.example${path}`, { headers: { cookie } });
  } catch {
    return null;
  }
  const response = await gate.fetch(request, ctx, next);
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

test("the same response to every vector, again and at another time", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const pairs = new Map();
  let accepted = 0;
  for (const { header, options, now } of cases) {
    const key = JSON.stringify(options);
    if (!pairs.has(key)) pairs.set(key, pairOf(options));
    for (const after of [0, 0, 400_000, 0]) {
      t.mock.timers.setTime(now + after);
      for (const path of ["/api/auth/get-session", "/"]) {
        const [remembering, plain] = await Promise.all(pairs.get(key).map((gate) => answer(gate, header, path)));
        assert.deepEqual(remembering, plain);
        if (remembering?.status === 200) accepted += 1;
      }
    }
  }
  assert.ok(accepted > 200, `${accepted}`);
});

test("the same response at every instant, in any order, whatever the route requires", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const revocation = () => ({ feed: memoryFeed() });
  for (const more of [{}, { session: { freshAge: 100, updateAge: 10 } }, { revocation }, { refreshCache: { updateAge: 60 } }]) {
    const { cookieCache } = OPTIONS.session;
    const session = { ...more.session, cookieCache: { ...cookieCache, ...(more.refreshCache ? { refreshCache: more.refreshCache } : {}) } };
    const options = { ...OPTIONS, session, ...(more.revocation ? { revocation: more.revocation() } : {}) };
    const pair = pairOf(options);
    for (const header of headers) {
      for (const after of [...INSTANTS, ...INSTANTS.toReversed(), 0, 0]) {
        t.mock.timers.setTime(NOW + after);
        for (const path of PATHS) {
          const [remembering, plain] = await Promise.all(pair.map((gate) => answer(gate, header, path)));
          assert.equal(remembering.status, plain.status, `${path} ${after}`);
          if (!more.refreshCache) assert.deepEqual(remembering, plain, `${path} ${after}`); // a minted cache is encrypted anew
        }
      }
    }
  }
});

test("every byte of a remembered header counts, and so do the method and the credentials", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const [remembering, plain] = pairOf(OPTIONS);
  const [header] = headers;
  assert.equal((await answer(remembering, header, "/")).status, 200);
  for (let at = 0; at < header.length; at += 7) {
    const mutated = `${header.slice(0, at)}${header[at] === "A" ? "B" : "A"}${header.slice(at + 1)}`;
    assert.deepEqual(await answer(remembering, mutated, "/"), await answer(plain, mutated, "/"), `${at}`);
  }
  for (const init of [{ method: "POST" }, { headers: { authorization: "Bearer abc" } }, { headers: { "x-api-key": "abc" } }]) {
    const request = () => new Request("http://app.example/", { ...init, headers: { cookie: header, ...init.headers } });
    const statuses = await Promise.all([remembering, plain].map(async (gate) => (await gate.fetch(request(), ctx, next)).status));
    assert.equal(statuses[0], statuses[1]);
  }
});

test("a revocation of a token, a user or everybody ends a remembered session at once", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  for (const what of [{ token: TOKEN }, { userId: USER.id }, "all"]) {
    for (const path of ["/", "/api/auth/get-session"]) {
      const [gate] = pairOf({ ...OPTIONS, revocation: { feed: memoryFeed() } });
      for (let round = 0; round < 3; round++) assert.equal((await answer(gate, headers[0], path)).status, 200);
      await gate.invalidate(what);
      const { status, body } = await answer(gate, headers[0], path);
      assert.ok(status === 401 || body === "null", `${JSON.stringify(what)} ${path}: ${status} ${body}`);
    }
  }
});

test("a member that the server shows later is shown in a remembered answer", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const { session, user } = JSON.parse(payloadText());
  let shown = { session, user: { ...user, name: undefined } };
  const [gate] = pairOf({ ...OPTIONS, hiddenFields: undefined }, { fetch: async () => Response.json(shown) });
  const names = async (path) => Object.keys(JSON.parse((await answer(gate, headers[0], path)).body).user);
  const before = user && "name" in user;
  assert.ok(before);
  await names("/api/auth/get-session"); // learns
  for (let round = 0; round < 3; round++) assert.ok(!(await names("/api/auth/get-session")).includes("name"));
  shown = { session, user };
  await names("/api/auth/get-session?disableCookieCache=true"); // learns again
  for (let round = 0; round < 2; round++) assert.ok((await names("/api/auth/get-session")).includes("name"));
});

test("a cache that outlives the known revocations is remembered no longer than they are", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const [remembering, plain] = pairOf({ ...OPTIONS, revocation: { feed: memoryFeed() } });
  const long = compact(payloadText(), { expiresAt: NOW + 3_600_000 });
  const header = `better-auth.session_token=${signedToken()}; better-auth.session_data=${long}`;
  const statuses = new Set();
  for (let after = 0; after < 700_000; after += after < 290_000 || after > 330_000 ? 50_000 : 500) {
    t.mock.timers.setTime(NOW + after);
    const [one, two] = await Promise.all([remembering, plain].map((gate) => answer(gate, header, "/")));
    assert.deepEqual(one, two, `${after}`);
    statuses.add(one.status);
  }
  assert.deepEqual([...statuses], [200, 401]);
});

test("no caller can change what another receives", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const [gate] = pairOf(OPTIONS);
  const seen = [];
  const app = (_request, visitor) => {
    seen.push(structuredClone(visitor.user));
    visitor.user.name = "changed";
    visitor.session.expiresAt.setTime(0);
    return new Response("hello");
  };
  for (let round = 0; round < 4; round++) {
    await gate.fetch(new Request("http://app.example/", { headers: { cookie: headers[0] } }), ctx, app);
  }
  for (const user of seen) assert.deepEqual(user, seen[0]);
});
