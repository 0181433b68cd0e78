// Keys that a real server replaces by itself, isolates that start later, and a server without a database.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSessionGate } from "better-session/edge";
import { jwksOrigin } from "../../../harness/jwks/mint.mjs";
import { signUp, startOrigin } from "../../../harness/origin.mjs";
import { startAll, through, visit } from "../edge/support.mjs";
import { eventually } from "../revocation/support.mjs";

const KEY_SET = "GET /api/auth/jwks";
const lookups = ({ counts }) => counts["GET /api/auth/get-session"] ?? 0;
const kidOf = (jar) => JSON.parse(Buffer.from(decodeURIComponent(jar.get("better-auth.session_data")).split(".")[0], "base64url")).kid;
const app = (_request, { user }) => Response.json(user);

test("rotation: until its grace period ends a replaced key verifies without a lookup, afterwards the origin is asked", async () => {
  const origin = await startOrigin(jwksOrigin("EdDSA", { jwks: { rotationInterval: 1, gracePeriod: 8 } }));
  // A new gate has the set as it is now.
  const answers = async (jar) => {
    const gate = createSessionGate({ origin: origin.url, jwks: "/api/auth/jwks" });
    const asked = lookups(origin);
    const response = await gate.fetch(new Request(`${origin.url}/account`, { headers: { cookie: jar.header() } }), undefined, app);
    return { status: response.status, lookups: lookups(origin) - asked };
  };
  const published = async () => (await (await fetch(`${origin.url}/api/auth/jwks`)).json()).keys.map(({ kid }) => kid);
  try {
    const before = await signUp(origin);
    const after = await eventually(
      () => signUp(origin),
      (jar) => kidOf(jar) !== kidOf(before),
      "a new key",
    );
    const both = await published();
    assert.ok(both.includes(kidOf(before)) && both.includes(kidOf(after)));
    assert.deepEqual(await answers(before), { status: 200, lookups: 0 });
    assert.deepEqual(await answers(after), { status: 200, lookups: 0 });
    await eventually(published, (kids) => !kids.includes(kidOf(before)), "the end of the grace period");
    assert.deepEqual(await answers(before), { status: 200, lookups: 1 }, "the session is alive");
  } finally {
    await origin.close();
  }
});

test("a second isolate takes the key set from the colo's cache", async () => {
  const gate = { options: { secret: undefined, session: undefined, jwks: "/api/auth/jwks" }, APP: "here" };
  const { origin, one, two, close } = await startAll(jwksOrigin(), { one: gate, two: gate });
  try {
    const jar = await signUp(one);
    for (const each of [one, two, two]) assert.equal((await visit(each, jar, "/account")).status, 200);
    assert.deepEqual([origin.counts[KEY_SET], lookups(origin)], [1, 0]);
  } finally {
    await close();
  }
});

test("refreshCache: the server, which alone has the private key, renews the cache before it expires", async () => {
  const cookieCache = { enabled: true, strategy: "jwt", maxAge: 30, refreshCache: { updateAge: 26 } };
  // Without a database the keys are those of a running server, in its memory.
  const stateless = jwksOrigin("EdDSA", { origin: { database: false, session: { cookieCache } } });
  const { origin, gate, close } = await startAll(stateless, {
    gate: { options: { session: { cookieCache }, jwks: "/api/auth/jwks" }, APP: "here" },
  });
  try {
    const jar = await signUp(gate);
    const first = jar.get("better-auth.session_data");
    assert.equal((await visit(gate, jar, "/account")).status, 200);
    assert.equal(lookups(origin), 0);
    const renewed = await eventually(
      async () => (await visit(gate, jar, "/account"), jar.get("better-auth.session_data")),
      (value) => value !== first,
      "a renewal",
    );
    assert.ok(lookups(origin) >= 1);
    const direct = await through(origin, jar, "/get-session");
    assert.equal((await direct.json()).user.id, jar.user.id, "the server accepts what it renewed");
    assert.equal(renewed.split(".").length, 3);
  } finally {
    await close();
  }
});
