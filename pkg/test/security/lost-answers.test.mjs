// Revocations and lookups that a visitor without a valid session can cause.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { makeSignature } from "better-auth/crypto";
import { CookieJar, SECRET, call, signUp } from "../../../harness/origin.mjs";
import { raw } from "../edge/raw.mjs";
import { dropper } from "../revocation/proxy.mjs";
import { inBoth } from "./support.mjs";
import { act, believed, page, pause, standing, startRevoking } from "./revoking.mjs";

const NAME = "better-auth.session_token";

let at;
before(async () => {
  at = await startRevoking({
    origin: { plugins: async ({ plugin }) => [(await plugin("bearer")).bearer()] },
    before: dropper,
    gate: { routes: { signInURL: "/sign-in", authoritative: ["/exact"] } },
  });
});
after(() => at?.close());

const questions = () => at.origin.counts["GET /api/auth/get-session"] ?? 0;

/** Returns cookies with a value that the server signed and that is not a session token. */
async function strangersValue(value = crypto.randomUUID().replaceAll("-", "")) {
  const signature = await makeSignature(value, SECRET);
  return Object.assign(new CookieJar([[NAME, encodeURIComponent(`${value}.${signature}`)]]), { token: value });
}

/** Calls whose responses are lost. */
async function lost(gate, jar, path, body, status = 503) {
  at.proxy.answersTo = path;
  await act(gate, jar, path, { body, status });
  at.proxy.answersTo = "";
}

inBoth(
  "a lost response revokes the caller only if their cache was valid, not with a token alone",
  () => at,
  async (gate) => {
    const jar = await signUp(at.origin);
    await believed(gate, jar);
    const bare = jar.clone().dropCache();
    for (const path of ["/sign-out", "/update-session", "/anything/else"]) await lost(gate, bare, path, {});
    assert.equal(await standing(gate, jar), "authenticated");
    await lost(gate, jar, "/sign-out", {});
    assert.equal(await standing(gate, jar), "invalidated");
  },
);

inBoth(
  "a 502 to 504 of a proxy is treated as a lost response",
  () => at,
  async (gate) => {
    const jar = await signUp(at.origin);
    await believed(gate, jar);
    for (const status of [502, 503, 504]) {
      at.proxy.fails = { path: "/sign-out", status };
      await act(gate, jar.clone().dropCache(), "/sign-out", { body: {}, status });
      at.proxy.fails = null;
      assert.equal(await standing(gate, jar), "authenticated", String(status));
    }
    at.proxy.fails = { path: "/sign-out", status: 502 };
    await act(gate, jar, "/sign-out", { body: {}, status: 502 });
    at.proxy.fails = null;
    assert.equal(await standing(gate, jar), "invalidated");
  },
);

inBoth(
  "100 requests with a signed value that is not a session token cause one lookup",
  () => at,
  async (gate) => {
    const jar = await strangersValue();
    const before = questions();
    for (let times = 0; times < 100; times += 1) {
      const response = await page(gate, jar);
      await response.arrayBuffer();
      assert.equal(response.status, 401);
    }
    const headers = [
      ["cookie", jar.header()],
      ["accept", "text/html"],
      ["sec-fetch-mode", "navigate"],
    ];
    assert.equal((await raw(gate.url, "/account", { headers })).status, 302, "a page is sent to sign in");
    assert.equal((await page(gate, jar)).status, 401);
    for (const path of ["/exact", "/account"]) assert.equal((await raw(gate.url, path, { headers: headers.slice(0, 1) })).status, 401);
    assert.equal(questions() - before, 1);
    await pause(5100);
    assert.equal((await page(gate, jar)).status, 401);
    assert.equal(questions() - before, 2, "it is remembered for five seconds");
  },
);

inBoth(
  "another token causes another lookup",
  () => at,
  async (gate) => {
    const before = questions();
    for (let times = 0; times < 3; times += 1) assert.equal((await page(gate, await strangersValue())).status, 401);
    assert.equal(questions() - before, 3);
  },
);

inBoth(
  "a cached null is removed by the response that sets the token",
  () => at,
  async (gate) => {
    const jar = await signUp(at.origin);
    const context = await at.origin.auth.$context;
    const found = await context.internalAdapter.findSession(jar.token);
    const { id: _, ...row } = found.session;
    await context.internalAdapter.deleteSession(jar.token);
    const bare = jar.clone().dropCache();
    for (let times = 0; times < 2; times += 1) assert.equal((await page(gate, bare)).status, 401);
    await context.adapter.create({ model: "session", data: row });
    assert.equal((await page(gate, bare)).status, 401, "as a replica that lags");
    assert.equal((await call(gate, bare.clone(), "/get-session")).status, 200);
    assert.equal((await page(gate, bare)).status, 401, "a cache alone does not name the token");
    const again = bare.clone();
    await act(gate, again, "/update-user", { body: { name: "Augusta" } });
    assert.ok(again.has(NAME));
    assert.equal((await page(gate, bare)).status, 200);
  },
);

inBoth(
  "the null of a lookup with a credential header is not cached",
  () => at,
  async (gate) => {
    const jar = await strangersValue();
    const person = await signUp(at.origin);
    assert.equal((await page(gate, jar)).status, 401);
    const before = questions();
    const headers = { authorization: `Bearer ${decodeURIComponent(person.get(NAME))}` };
    for (let times = 0; times < 2; times += 1) assert.equal((await page(gate, jar, headers)).status, 200);
    assert.equal(questions() - before, 2);
    const other = await strangersValue();
    for (let times = 0; times < 2; times += 1) await page(gate, other, { authorization: `Bearer ${decodeURIComponent(other.get(NAME))}` });
    assert.equal((await page(gate, other)).status, 401);
    assert.equal(questions() - before, 5);
  },
);
