import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { VERSIONS, call, getSession, signIn, signUp, startOrigin, startStateless } from "../origin.mjs";

for (const version of VERSIONS) {
  test(`${version}: sign up, sign in, read the session from the cache, revoke, sign out`, async (t) => {
    const origin = await startOrigin({ betterAuth: version });
    t.after(() => origin.close());
    const jar = await signUp(origin);
    assert.deepEqual(jar.names, ["better-auth.session_token", "better-auth.session_data"]);

    const other = await signIn(origin, { ...jar.credentials, rememberMe: false });
    assert.ok(other.has("better-auth.dont_remember"));
    assert.equal(other.detail("better-auth.session_token").attributes["max-age"], undefined);

    const cached = await origin.betterAuth.cookies.getCookieCache(new Headers({ cookie: jar.header() }), { secret: origin.options.secret });
    assert.equal(cached.user.email, jar.credentials.email);
    assert.equal((await getSession(origin, jar)).session.token, jar.token);

    const sessions = await (await call(origin, jar, "/list-sessions")).json();
    assert.equal(sessions.length, 2);
    const revoked = await call(origin, jar, "/revoke-session", { body: { token: other.token } });
    assert.deepEqual(await revoked.json(), { status: true });
    assert.notEqual(await getSession(origin, other), null, "the server accepts the cache until it expires");
    assert.equal(await getSession(origin, other.dropCache()), null);

    assert.equal((await call(origin, jar, "/sign-out", { body: {} })).status, 200);
    assert.equal(jar.size, 0);
    assert.equal(origin.counts["POST /api/auth/sign-up/email"], 1);
    assert.deepEqual(origin.log, []);
  });
}

test("startOrigin creates the tables and fields of plugins, and additional fields", async (t) => {
  const origin = await startOrigin({
    plugins: async (ba) => [
      (await ba.plugin("admin")).admin(),
      (await ba.plugin("organization")).organization(),
      (await ba.plugin("jwt")).jwt(),
    ],
    auth: { user: { additionalFields: { settings: { type: "json", required: false } } } },
  });
  t.after(() => origin.close());
  const jar = await signUp(origin, { settings: { theme: ["dark", 1, null] } });
  const { user, session } = await getSession(origin, jar);
  assert.deepEqual(user.settings, { theme: ["dark", 1, null] });
  assert.equal(user.role, "user");
  assert.equal(session.activeOrganizationId, null);
  const organization = await call(origin, jar, "/organization/create", { body: { name: "Engines", slug: "engines" } });
  assert.equal(organization.status, 200);
  const { keys } = await (await call(origin, null, "/jwks")).json();
  assert.equal(keys.length, 1);
});

test("a server without a database keeps the session in the cookie", async (t) => {
  const origin = await startStateless();
  t.after(() => origin.close());
  const jar = await signUp(origin);
  assert.equal(origin.db, null);
  assert.equal((await getSession(origin, jar)).user.email, jar.credentials.email);
});

test("startOrigin with persist keeps the database across a restart", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "origin-"));
  t.after(() => rm(directory, { recursive: true }));
  const first = await startOrigin({ persist: directory });
  const jar = await signUp(first);
  await first.close();
  const second = await startOrigin({ persist: directory });
  t.after(() => second.close());
  assert.equal((await getSession(second, jar.dropCache())).user.email, jar.credentials.email);
});

test("the origin echoes a request outside the auth API", async (t) => {
  const origin = await startOrigin();
  t.after(() => origin.close());
  const answer = await (await fetch(`${origin.url}/page?x=1`, { headers: { "x-probe": "1" } })).json();
  assert.equal(answer.url, "/page?x=1");
  assert.equal(answer.headers["x-probe"], "1");
});
