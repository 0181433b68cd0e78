// `routes.fresh` holds for paths of the auth API too.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { apiKey } from "@better-auth/api-key";
import { eq } from "drizzle-orm";
import { call, getSession, signUp } from "../../../harness/origin.mjs";
import { visit } from "../edge/support.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const DAY = 86_400_000;
const session = { freshAge: 0, cookieCache: { enabled: true } };
// Only the gate requires freshness, not the server.
const plugins = async (ba) => [
  (await ba.plugin("bearer")).bearer(),
  apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } }),
];
const origin = { session, plugins, auth: { user: { deleteUser: { enabled: true } } } };
const gate = {
  session: { freshAge: 3600, cookieCache: { enabled: true } },
  routes: { fresh: ["/api/auth/delete-user", "/**"], public: ["/"] },
};

let started;
before(async () => (started = await startInBoth({ origin, gate, app: true })));
after(() => started?.close());
const both = (name, run) => inBoth(name, () => started, run);

/** Returns a user who signed in a day ago. With `cached` the cookies include the cache of that session. */
async function signedInYesterday({ cached }) {
  const jar = await signUp(started.origin);
  const { db, tables } = started.origin;
  await db
    .update(tables.session)
    .set({ createdAt: new Date(Date.now() - DAY) })
    .where(eq(tables.session.token, jar.token));
  jar.dropCache();
  if (cached) await getSession(started.origin, jar);
  return jar;
}

const remove = (gate, jar, options) => call(gate, jar.clone(), "/delete-user", { body: {}, ...options });
const isThere = async (jar) => (await getSession(started.origin, jar.clone(), "?disableCookieCache=true")) !== null;

for (const cached of [true, false]) {
  both(`an old session is refused, ${cached ? "by its cache" : "by what the origin says"}`, async (gate) => {
    const jar = await signedInYesterday({ cached });
    const response = await remove(gate, jar);
    assert.equal(response.status, 403, await response.clone().text());
    assert.deepEqual(await response.json(), { code: "SESSION_NOT_FRESH", message: "Session is not fresh" });
    assert.ok(await isThere(jar), "the user is still there");
  });

  both(`a fresh session passes, ${cached ? "by its cache" : "by what the origin says"}`, async (gate) => {
    const jar = await signUp(started.origin);
    if (!cached) jar.dropCache();
    const response = await remove(gate, jar);
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    assert.equal(await isThere(jar), false);
  });
}

both("a credential beside an old session makes nothing fresh", async (gate) => {
  const jar = await signedInYesterday({ cached: true });
  const other = await signUp(started.origin);
  const { key } = await started.origin.auth.api.createApiKey({ body: { userId: other.user.id } });
  // The server's sensitive endpoints act on the cookies beside an API key, whose own session is always new.
  assert.equal((await remove(gate, jar, { headers: { "x-api-key": key } })).status, 403);
  assert.equal((await remove(gate, jar, { headers: { authorization: `Bearer ${jar.token}` } })).status, 403);
  assert.equal((await remove(gate, jar, { headers: { authorization: "Bearer junk" } })).status, 401, "the server signs a raw token itself");
  assert.ok((await isThere(jar)) && (await isThere(other)));
  const fresh = await remove(gate, jar, { headers: { authorization: `Bearer ${other.token}` } });
  assert.equal(fresh.status, 200, "the bearer's own session is fresh");
  assert.deepEqual([await isThere(jar), await isThere(other)], [true, false]);
});

both("without a session the path is refused as an app's", async (gate) => {
  const response = await remove(gate, { size: 0, clone: () => null });
  assert.equal(response.status, 401);
  assert.deepEqual(await response.json(), { code: "UNAUTHORIZED", message: "Unauthorized" });
});

both("no spelling of the path gets past", async (gate) => {
  const jar = await signedInYesterday({ cached: true });
  for (const path of ["/delete-user/", "/./delete-user", "/delete%2Duser", "/x/../delete-user"]) {
    const response = await visit(gate, jar.clone(), `/api/auth${path}`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json", origin: new URL(gate.url).origin },
    });
    assert.equal(response.status, 403, path);
    await response.arrayBuffer();
  }
  assert.ok(await isThere(jar));
});

both("a pattern for the whole site leaves the other calls of the auth API alone", async (gate) => {
  const jar = await signedInYesterday({ cached: true });
  assert.equal((await visit(gate, jar.clone(), "/account")).status, 403);
  assert.equal((await call(gate, jar.clone(), "/get-session")).status, 200);
  const again = await call(gate, jar, "/sign-in/email", { body: jar.credentials });
  assert.equal(again.status, 200, "or nobody could become fresh");
  assert.equal((await visit(gate, jar, "/account")).status, 200);
});
