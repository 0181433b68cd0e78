// A gate with the server's own options, whose jwt plugin says that the caches are signed with keys.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { customSession, jwt } from "better-auth/plugins";
import { createVerifier } from "better-session";
import { createSessionGate } from "better-session/edge";
import { explain } from "better-session/explain";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";
import { startEndpoint } from "./support.mjs";

const session = { cookieCache: { enabled: true, strategy: "jwt", maxAge: 300 } };
const signed = (jwks = {}) => [jwt({ sessionCookieCache: true, jwks })];
const lookups = ({ counts }) => counts["GET /api/auth/get-session"] ?? 0;

/** Returns the options that a gate shares with the server. */
const shared = (origin, options) => ({ secret: SECRET, baseURL: origin.url, origin: origin.url, session, ...options });
const get = (origin, jar, path = "/account") => new Request(origin.url + path, { headers: { cookie: jar.header() } });
const app = (_request, visitor) => Response.json(visitor.user);

describe("the plugin's key set", () => {
  let origin, jar;
  before(async () => {
    origin = await startOrigin({ secret: SECRET, session, plugins: signed() });
    jar = await signUp(origin);
  });
  after(() => origin?.close());

  test("is fetched once and verifies every request, without `jwks`", async () => {
    const gate = createSessionGate(shared(origin, { plugins: signed() }));
    const asked = lookups(origin);
    for (let count = 0; count < 5; count += 1) {
      const response = await gate.fetch(get(origin, jar), undefined, app);
      assert.equal((await response.json()).name, jar.user.name);
    }
    assert.deepEqual([lookups(origin) - asked, origin.counts["GET /api/auth/jwks"]], [0, 1]);
  });

  test("`jwks` takes precedence over it", async () => {
    const endpoint = await startEndpoint();
    try {
      const gate = createSessionGate(shared(origin, { plugins: signed(), jwks: endpoint.url }));
      const asked = lookups(origin);
      assert.equal((await gate.fetch(get(origin, jar), undefined, app)).status, 200);
      assert.deepEqual([endpoint.count, lookups(origin) - asked], [1, 1], "its keys did not sign the cache");
    } finally {
      await endpoint.close();
    }
  });

  test("a gate whose options name no origin of the server is not created", () => {
    const { baseURL, ...rest } = shared(origin, { plugins: signed(), origin: { fetch } });
    assert.throws(() => createSessionGate(rest), { code: "ISSUER_MISSING" });
    assert.ok(createSessionGate({ ...rest, baseURL }));
  });

  test("a verifier and a gate that do not know the plugin call the cache's key unknown, and explain says why", () => {
    const options = shared(origin);
    const verdict = createVerifier(options).verify(jar.header());
    assert.deepEqual([verdict.status, verdict.reason], ["stale", "unknown_key"]);
    assert.equal(createSessionGate(options).check(get(origin, jar)).reason, "unknown_key");
    assert.match(explain(jar.header(), options).message, /JWT plugin.*sessionCookieCache.*jwks/);
  });
});

test("a path of its own, and a remote set, are those of the plugin", async () => {
  const options = { jwksPath: "/.well-known/jwks.json" };
  const origin = await startOrigin({ secret: SECRET, session, plugins: signed(options) });
  const jar = await signUp(origin);
  const remote = await startEndpoint();
  try {
    const set = await (await fetch(`${origin.url}/api/auth/.well-known/jwks.json`)).text();
    remote.respond = (_request, response) => response.end(set);
    for (const jwks of [options, { remoteUrl: remote.url, keyPairConfig: { alg: "EdDSA" } }]) {
      const gate = createSessionGate(shared(origin, { plugins: signed(jwks) }));
      const asked = lookups(origin);
      assert.equal((await gate.fetch(get(origin, jar), undefined, app)).status, 200);
      assert.equal(lookups(origin), asked, JSON.stringify(Object.keys(jwks)));
    }
    assert.deepEqual([origin.counts["GET /api/auth/.well-known/jwks.json"], remote.count], [2, 1]);
  } finally {
    await Promise.all([origin.close(), remote.close()]);
  }
});

test("customSession reshapes get-session from a cache that a key signed", async () => {
  const reshape = async ({ user, session }) => ({ user: { name: user.name }, session, roles: ["editor"] });
  const origin = await startOrigin({ secret: SECRET, session, plugins: [...signed(), customSession(reshape)] });
  try {
    const jar = await signUp(origin);
    const gate = createSessionGate(shared(origin, { plugins: signed({}), customSession: reshape }));
    const direct = await (await fetch(`${origin.url}/api/auth/get-session`, { headers: { cookie: jar.header() } })).json();
    assert.deepEqual(direct.roles, ["editor"]);
    const asked = lookups(origin);
    const response = await gate.fetch(get(origin, jar, "/api/auth/get-session"), undefined, app);
    assert.deepEqual(await response.json(), direct);
    // The plugin adds `set-auth-jwt` to get-session, so that the origin responds unless the plugin is told not to.
    assert.equal(lookups(origin) - asked, 1);
    assert.ok(response.headers.get("set-auth-jwt"));
    const plain = [jwt({ sessionCookieCache: true, disableSettingJwtHeader: true })];
    const answering = createSessionGate(shared(origin, { plugins: plain, customSession: reshape }));
    const before = lookups(origin);
    assert.deepEqual(await (await answering.fetch(get(origin, jar, "/api/auth/get-session"), undefined, app)).json(), direct);
    assert.equal(lookups(origin) - before, 0);
  } finally {
    await origin.close();
  }
});
