// Handles in place of session tokens, in front of a real server, in workerd and in Node.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { apiKey } from "@better-auth/api-key";
import { createAuthClient } from "better-session/client";
import { createSessionGate } from "better-session/edge";
import { call, signIn, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";
import { device } from "../client/device.mjs";
import { inBoth, startInBoth } from "../security/support.mjs";
import { visit } from "./support.mjs";

const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const HANDLE = /^sh1_[\w-]{96}$/;

const plugins = async (ba) => [
  (await ba.plugin("bearer")).bearer(),
  (await ba.plugin("admin")).admin(),
  (await ba.plugin("multi-session")).multiSession(),
  apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } }),
];

const tokenOf = (jar) => decodeURIComponent(jar.get("better-auth.session_token")).split(".")[0];
const list = async (gate, jar, headers) => (await call(gate, jar, "/list-sessions", { headers })).json();
const revoke = (gate, jar, token, headers) => call(gate, jar, "/revoke-session", { body: { token }, headers });
const account = async (gate, jar) => (await visit(gate, jar?.clone(), "/account")).status;
/** Returns status, body and cookies of a response. */
const answer = async (response) => ({
  status: response.status,
  body: await response.json(),
  cookies: response.headers.getSetCookie().length,
});

describe("sessionHandles", () => {
  let started;
  let origin;
  before(async () => {
    started = await startInBoth({ origin: { plugins }, gate: { sessionHandles: true }, app: true, bindings: { FEED: "memory" } });
    origin = started.origin;
  });
  after(() => started?.close());
  const both = (name, run) => inBoth(name, () => started, run);

  /** Signs a user up on a laptop and in on a phone. */
  async function twoDevices() {
    const laptop = await signUp(origin, somebody(), { headers: { "user-agent": LAPTOP } });
    const phone = await signIn(origin, laptop.credentials, { headers: { "user-agent": PHONE } });
    return { laptop, phone };
  }

  both("list-sessions has a handle in place of every token, and describes each session", async (gate) => {
    const { laptop, phone } = await twoDevices();
    const place = { city: "Oslo", region: "Oslo County", country: "NO", asn: 1 };
    const response = await call(gate, laptop, "/list-sessions", { headers: { "x-test-place": JSON.stringify(place) } });
    const text = await response.text();
    for (const jar of [laptop, phone]) assert.ok(!text.includes(tokenOf(jar)));
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    const [own] = JSON.parse(text).filter(({ current }) => current);
    const [other] = JSON.parse(text).filter(({ current }) => !current);
    const direct = await list(origin, laptop);
    for (const [session, jar] of [
      [own, laptop],
      [other, phone],
    ]) {
      const { token, current, device, browser, place, ...rest } = session;
      assert.match(token, HANDLE);
      const { token: real, ...expected } = direct.find(({ token }) => token === tokenOf(jar));
      assert.deepEqual(rest, expected, "nothing else changes");
      assert.equal(typeof current, "boolean");
      assert.ok(real && device && browser && (current ? place : !place));
    }
    assert.deepEqual(own.device, { type: "desktop", vendor: null, model: null, os: "Linux" });
    assert.deepEqual(own.browser, { name: "Chrome", version: "140.0.0.0" });
    assert.deepEqual(own.place, { city: "Oslo", region: "Oslo County", country: "NO" });
    assert.deepEqual(other.device, { type: "mobile", vendor: "Apple", model: "iPhone", os: "iOS" });
    assert.deepEqual(other.browser, { name: "Safari", version: "18.0" });
    const again = await list(gate, laptop);
    assert.deepEqual(new Set(again.map(({ token }) => token)), new Set([own.token, other.token]), "the same handles");
    assert.ok(again.every((session) => !("place" in session)));
  });

  both("a handle revokes its session, and every edge refuses it", async (gate) => {
    const { laptop, phone } = await twoDevices();
    const { token } = (await list(gate, laptop)).find(({ current }) => !current);
    assert.equal(await account(gate, phone), 200);
    const { status, body: revoked } = await answer(await revoke(gate, laptop, token));
    assert.deepEqual([status, revoked], [200, { status: true }]);
    assert.equal(await account(gate, phone), 401);
    assert.equal((await list(origin, laptop)).length, 1);
    // One's own session ends like with its token.
    const own = (await list(gate, laptop))[0].token;
    const response = await revoke(gate, laptop, own);
    assert.match(response.headers.getSetCookie().join("\n"), /session_token=;/);
  });

  both("a handle works when the cache has expired, with a bearer token, and with cookies beside an API key", async (gate) => {
    const { laptop } = await twoDevices();
    const bearer = { authorization: `Bearer ${tokenOf(laptop)}` };
    const { key } = await origin.auth.api.createApiKey({ body: { userId: laptop.user.id } });
    for (const [caller, headers, isCurrent] of [
      [laptop, undefined, true],
      [undefined, bearer, true],
      [laptop, { "x-api-key": key }, false],
    ]) {
      const phone = await signIn(origin, laptop.credentials);
      const sessions = await list(gate, caller?.clone().dropCache(), headers);
      assert.equal(sessions.filter(({ current }) => current).length, Number(isCurrent));
      const { id } = (await list(origin, phone)).find(({ token }) => token === tokenOf(phone));
      const { token } = sessions.find((session) => session.id === id);
      assert.match(token, HANDLE);
      assert.equal((await revoke(gate, caller?.clone().dropCache(), token, headers)).status, 200);
      assert.equal(await account(gate, phone), 401);
    }
  });

  both("a raw token keeps working", async (gate) => {
    const { laptop, phone } = await twoDevices();
    assert.equal((await revoke(gate, laptop, tokenOf(phone))).status, 200);
    assert.equal(await account(gate, phone), 401);
  });

  both("another user's handle, an altered and a malformed one are answered like an unknown token", async (gate) => {
    const { laptop, phone } = await twoDevices();
    const mallory = await signUp(origin);
    const { token } = (await list(gate, laptop)).find(({ current }) => !current);
    const unknown = await answer(await revoke(origin, mallory, "AnUnknownTokenOf32Characters0000"));
    const [head, last] = [token.slice(0, -1), token.at(-1)];
    for (const [jar, wrong] of [
      [mallory, token],
      [laptop, head + (last === "A" ? "B" : "A")],
      [laptop, `${token.slice(0, 40)}${token[40] === "A" ? "B" : "A"}${token.slice(41)}`],
      [laptop, `${token}AAAA`],
      [laptop, "sh1_"],
      [laptop, "sh1_!"],
      [laptop, `sh1_${"A".repeat(10_000)}`],
    ]) {
      assert.deepEqual(await answer(await revoke(gate, jar, wrong)), unknown, wrong.slice(0, 120));
    }
    assert.equal(await account(gate, phone), 200);
    // A value that is not text gets the server's own answer too.
    for (const body of [{ token: 1 }, { token: [token] }, {}, [], null, { sessionToken: token }]) {
      const [here, there] = await Promise.all([gate, origin].map((at) => call(at, mallory, "/revoke-session", { body }).then(answer)));
      assert.deepEqual(here, there);
    }
    assert.equal((await revoke(gate, undefined, token)).status, (await revoke(origin, undefined, token)).status);
    assert.equal(await account(gate, phone), 200);
  });

  both("an admin's list has handles of its own, which revoke", async (gate) => {
    const { laptop, phone } = await twoDevices();
    const admin = await signUp(origin);
    const { internalAdapter } = await origin.auth.$context;
    await internalAdapter.updateUser(admin.user.id, { role: "admin" });
    const body = { userId: laptop.user.id };
    const response = await call(gate, admin.dropCache(), "/admin/list-user-sessions", { body });
    assert.equal(response.status, 200);
    const text = await response.text();
    for (const jar of [laptop, phone]) assert.ok(!text.includes(tokenOf(jar)));
    const { sessions } = JSON.parse(text);
    assert.equal(sessions.length, 2);
    assert.ok(sessions.every(({ current, token }) => current === false && HANDLE.test(token)));
    const { token } = sessions.find(({ browser }) => browser.name === "Safari");
    const own = (await list(gate, laptop)).find(({ current }) => !current);
    assert.notEqual(token, own.token, "bound to the one who sees it");
    const { status, body: revoked } = await answer(await revoke(gate, laptop, token));
    assert.deepEqual([status, revoked], [200, { status: true }]);
    assert.equal(await account(gate, phone), 200, "a user cannot use an admin's");
    assert.equal((await call(gate, admin, "/admin/revoke-user-session", { body: { sessionToken: token } })).status, 200);
    assert.equal(await account(gate, phone), 401);
  });

  both("other responses contain tokens, as the reference says", async (gate) => {
    const { laptop } = await twoDevices();
    assert.equal((await (await call(gate, laptop, "/get-session")).json()).session.token, tokenOf(laptop));
    const devices = await (await call(gate, laptop, "/multi-session/list-device-sessions")).json();
    assert.deepEqual(
      devices.map(({ session }) => session.token),
      [tokenOf(laptop)],
    );
    const { email, password } = laptop.credentials;
    const body = { currentPassword: password, newPassword: `${password}!`, revokeOtherSessions: true };
    const { token } = await (await call(gate, laptop, "/change-password", { body })).json();
    assert.equal(token, tokenOf(laptop));
    assert.ok((await (await call(gate, undefined, "/sign-in/email", { body: { email, password: body.newPassword } })).json()).token);
  });

  both("the client works unchanged", async (gate) => {
    const { laptop, phone } = await twoDevices();
    const { fetch } = device(gate, laptop);
    const client = createAuthClient({ baseURL: gate.url, fetchOptions: { customFetchImpl: fetch } });
    const { data } = await client.listSessions();
    const other = data.find(({ current }) => !current);
    assert.equal(other.device.model, "iPhone");
    assert.deepEqual(await client.revokeSession({ token: other.token }, { verify: true }), { data: { status: true }, error: null });
    assert.equal(await account(gate, phone), 401);
    const third = await signIn(origin, laptop.credentials);
    const { id } = (await client.listSessions()).data.find(({ current }) => !current);
    assert.deepEqual(await client.revokeSession({ id }, { verify: true }), { data: { status: true }, error: null });
    assert.equal(await account(gate, third), 401);
  });
});

describe("without handles or without an origin", () => {
  let origin;
  before(async () => (origin = await startOrigin()));
  after(() => origin?.close());

  const gateOf = (options) => createSessionGate({ secret: origin.options.secret, session: { cookieCache: { enabled: true } }, ...options });
  const request = (jar, path, body) =>
    new Request(`${origin.url}/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { cookie: jar.header(), origin: origin.url, ...(body ? { "content-type": "application/json" } : {}) },
      body: body && JSON.stringify(body),
    });

  test("they are off by default", async () => {
    const jar = await signUp(origin);
    const [session] = await (await gateOf({ origin: origin.url }).fetch(request(jar, "/list-sessions"))).json();
    assert.equal(session.token, tokenOf(jar));
    assert.ok(!("current" in session));
  });

  test("the server's own refusals pass", async () => {
    const gate = gateOf({ origin: origin.url, sessionHandles: true });
    const response = await gate.fetch(new Request(`${origin.url}/api/auth/list-sessions`));
    assert.equal(response.status, 401);
    assert.deepEqual(await response.json(), await (await fetch(`${origin.url}/api/auth/list-sessions`)).json());
  });

  test("a list that cannot be read, or whose caller cannot be looked up, is a 503 and shows no token", async () => {
    const jar = await signUp(origin);
    const events = [];
    for (const [broken, cause] of [
      [{ fetch: () => new Response("[{", { headers: { "content-type": "application/json" } }) }, "origin_unreadable"],
      [{ fetch: () => Response.json([{ token: null }, { token: "x" }, 1]) }, undefined],
      [{ fetch: () => Response.json({ token: "x" }) }, "origin_unreadable"],
    ]) {
      const gate = gateOf({ origin: broken, sessionHandles: true, onEvent: ({ cause }) => events.push(cause) });
      const response = await gate.fetch(request(jar, "/list-sessions"));
      if (!cause) continue;
      assert.equal(response.status, 503);
      assert.equal((await response.json()).code, "ORIGIN_UNAVAILABLE");
      assert.equal(events.at(-1), cause);
    }
    const calls = [];
    const half = { fetch: (forwarded) => (calls.push(new URL(forwarded.url).pathname), new Response("", { status: 500 })) };
    const gate = gateOf({ origin: half, sessionHandles: true });
    const [{ token }] = await (await gateOf({ origin: origin.url, sessionHandles: true }).fetch(request(jar, "/list-sessions"))).json();
    for (const sent of [
      request(jar.clone().dropCache(), "/list-sessions"),
      request(jar.clone().dropCache(), "/revoke-session", { token }),
    ]) {
      assert.equal((await gate.fetch(sent)).status, 503);
    }
    assert.ok(calls.length > 0 && calls.every((path) => path === "/api/auth/get-session"), "the calls themselves are not sent");
  });

  test("they need a secret", async () => {
    const jwks = { keys: [] };
    const wrong = () => createSessionGate({ origin: origin.url, jwks, sessionHandles: true });
    assert.throws(wrong, { code: "GATE_SECRET_MISSING" });
    const gate = createSessionGate({ origin: origin.url, jwks, sessionHandles: true, gateSecret: "a secret of the gate's own" });
    const jar = await signUp(origin);
    const other = await signIn(origin, jar.credentials);
    const sessions = await (await gate.fetch(request(jar, "/list-sessions"))).json();
    const { token } = sessions.find(({ current }) => !current);
    assert.match(token, HANDLE);
    assert.notEqual(
      token,
      (await (await gateOf({ origin: origin.url, sessionHandles: true }).fetch(request(jar, "/list-sessions"))).json()).find(
        ({ current }) => !current,
      ).token,
    );
    assert.equal((await gate.fetch(request(jar, "/revoke-session", { token }))).status, 200);
    assert.equal(await (await call(origin, other.dropCache(), "/get-session")).json(), null);
  });
});
