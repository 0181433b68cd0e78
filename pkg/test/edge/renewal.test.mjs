// Renewal of sessions: through the origin and its real database, or minted by the gate.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eq } from "drizzle-orm";
import { SECRET, getSession, signIn, signUp, startOrigin, startStateless } from "../../../harness/origin.mjs";
import { startAll, startGates, through, visit } from "./support.mjs";

const WEEK = 604_800;
const session = (more = {}) => ({ cookieCache: { enabled: true, ...more } });

let all, origin;
before(async () => {
  all = await startAll(
    {},
    {
      gate: { APP: "here" },
      versioned: { APP: "here", options: { session: session({ version: "2" }) } },
      rotated: {
        APP: "here",
        options: {
          secret: undefined,
          secrets: [
            { version: 2, value: "another-secret-of-32-bytes-or-more!" },
            { version: 1, value: SECRET },
          ],
        },
      },
      authoritative: { APP: "here", options: { routes: { authoritative: ["/account"] } } },
    },
  );
  origin = all.origin;
});
after(() => all?.close());

const asked = (at = origin) => at.counts["GET /api/auth/get-session"] ?? 0;

async function account(gate, jar, status = 200) {
  const response = await visit(gate, jar, "/account");
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return { response, body };
}

/** Sets the expiry of a session as if it had been created earlier. */
async function age(at, jar, seconds) {
  const { session: table } = at.tables;
  const expiresAt = new Date(Date.now() + (WEEK - seconds) * 1000);
  await at.db.update(table).set({ expiresAt }).where(eq(table.token, jar.token));
  return expiresAt;
}

test("a session past updateAge is extended in the database and in the browser", async () => {
  const jar = (await signUp(origin)).dropCache();
  await age(origin, jar, 2 * 86_400);
  const { response, body } = await account(all.gate, jar);
  const left = Date.parse(body.session.expiresAt) - Date.now();
  assert.ok(left > (WEEK - 60) * 1000, `${left} ms left`);
  const token = response.headers.getSetCookie().find((line) => line.startsWith("better-auth.session_token="));
  assert.match(token, new RegExp(`Max-Age=${WEEK};`));
  assert.equal((await getSession(origin, jar.dropCache())).session.expiresAt, body.session.expiresAt);
});

test("a session below updateAge is not extended", async () => {
  const jar = (await signUp(origin)).dropCache();
  const expiresAt = await age(origin, jar, 3600);
  const { body } = await account(all.gate, jar);
  assert.equal(Date.parse(body.session.expiresAt), expiresAt.getTime());
});

test("a session that was deleted from the database ends at the gate", async () => {
  const jar = (await signUp(origin)).dropCache();
  await age(origin, jar, WEEK + 1);
  const { response } = await account(all.gate, jar, 401);
  assert.match(response.headers.getSetCookie().join("\n"), /session_token=;/, "the browser's cookie goes");
  assert.equal(jar.has("better-auth.session_token"), false);
});

test("a cookie of another version is looked up, and the app receives the result", async () => {
  const jar = await signUp(origin);
  const before = asked();
  const { body } = await account(all.versioned, jar);
  assert.equal(asked(), before + 1);
  assert.equal(body.session.token, jar.token);
});

test("a cookie of an older secret is looked up at the origin", async () => {
  const jar = await signUp(origin);
  const before = asked();
  await account(all.rotated, jar);
  assert.equal(asked(), before + 1);
});

/** Starts a second server on the same database and a gate in front of it, as after a deployment. */
async function deployed(server, gate) {
  const moved = await startOrigin({ database: false, ...server, auth: { database: origin.options.database } });
  const gates = await startGates(moved, { gate: { APP: "here", options: gate } });
  return { origin: moved, gate: gates.gate, close: () => Promise.all([gates.close(), moved.close()]) };
}

test("after a change of the version the old cookie is looked up once and renewed", async () => {
  const jar = await signUp(origin);
  const options = { session: session({ version: "2" }) };
  const next = await deployed(options, options);
  try {
    const old = jar.get("better-auth.session_data");
    const { response, body } = await account(next.gate, jar);
    assert.equal(body.session.token, jar.token);
    assert.equal(asked(next.origin), 1);
    assert.match(response.headers.getSetCookie().join("\n"), /session_data=/);
    assert.notEqual(jar.get("better-auth.session_data"), old);
    const again = await account(next.gate, jar);
    assert.equal(again.body.session.token, jar.token);
    assert.equal(asked(next.origin), 1, "the renewed cookie answers");
    assert.deepEqual(again.response.headers.getSetCookie(), []);
  } finally {
    await next.close();
  }
});

test("after a rotation of the secrets the server decides about the old cookie", async () => {
  const jar = await signUp(origin);
  const secrets = [
    { version: 2, value: "another-secret-of-32-bytes-or-more!" },
    { version: 1, value: SECRET },
  ];
  const next = await deployed({ secrets }, { secret: undefined, secrets });
  try {
    const said = async (at) => {
      const response = await through(at, jar.clone(), "/get-session");
      return [response.status, await response.text(), response.headers.getSetCookie()];
    };
    assert.deepEqual(await said(next.origin), [200, "null", []], "the server verifies tokens with its newest secret alone");
    assert.deepEqual(await said(next.gate), [200, "null", []]);
    const before = asked(next.origin);
    const { response } = await account(next.gate, jar.clone(), 401);
    assert.deepEqual([asked(next.origin), response.headers.getSetCookie()], [before + 1, []]);
    const again = await signIn(next.origin, jar.credentials);
    const { body } = await account(next.gate, again);
    assert.equal(body.session.token, again.token);
    assert.equal(asked(next.origin), before + 1, "signed with the newest: answered at the edge");
  } finally {
    await next.close();
  }
});

test("an authoritative route receives the current session from the database", async () => {
  const jar = await signUp(origin);
  const { user } = origin.tables;
  await origin.db.update(user).set({ name: "Countess Lovelace" }).where(eq(user.id, jar.user.id));
  assert.equal((await account(all.gate, jar)).body.user.name, "Ada Lovelace");
  assert.equal((await account(all.authoritative, jar)).body.user.name, "Countess Lovelace");
});

test("signing out through the gate ends the session at the gate and at the origin", async () => {
  const jar = await signUp(all.gate);
  const device = await signIn(all.gate, jar.credentials);
  const response = await through(all.gate, jar, "/sign-out", { body: {} });
  assert.deepEqual(await response.json(), { success: true });
  assert.equal(jar.size, 0, "every cookie is taken away");
  await account(all.gate, jar, 401);
  await account(all.gate, device);
});

test("concurrent requests of two users receive their own sessions", async () => {
  const [ada, bob] = [await signUp(origin), await signUp(origin, { name: "Bob" })];
  const looks = Array.from({ length: 40 }, async (_, i) => {
    const jar = (i % 2 ? bob : ada).clone();
    if (i % 3 === 0) jar.dropCache();
    const { body } = await account(i % 5 ? all.gate : all.authoritative, jar);
    assert.equal(body.user.name, i % 2 ? "Bob" : "Ada Lovelace");
    assert.equal(body.session.token, (i % 2 ? bob : ada).token);
  });
  await Promise.all(looks);
});

test("deferSessionRefresh: the gate makes the refresh that the GET requires", async () => {
  const deferred = await startAll({ session: { deferSessionRefresh: true } }, { gate: { APP: "here" } });
  try {
    const jar = (await signUp(deferred.origin)).dropCache();
    await age(deferred.origin, jar, 2 * 86_400);
    const seen = await (await through(deferred.gate, jar.clone(), "/get-session")).json();
    assert.equal(seen.needsRefresh, true, "the auth API itself stays as it is");
    const { body, response } = await account(deferred.gate, jar);
    assert.equal(deferred.origin.counts["POST /api/auth/get-session"], 1);
    assert.ok(Date.parse(body.session.expiresAt) - Date.now() > (WEEK - 60) * 1000);
    assert.match(response.headers.getSetCookie().join("\n"), /session_token=/);
    await account(deferred.gate, jar);
    assert.equal(deferred.origin.counts["POST /api/auth/get-session"], 1);
  } finally {
    await deferred.close();
  }
});

/** Cookie attributes of each server, which the gate must set too. */
const ADVANCED = {
  compact: {},
  jwt: { crossSubDomainCookies: { enabled: true, domain: "127.0.0.1" }, defaultCookieAttributes: { sameSite: "strict" } },
  jwe: {
    defaultCookieAttributes: { path: "/", httpOnly: false },
    cookies: { session_token: { attributes: { sameSite: "strict", httpOnly: true } } },
  },
};

for (const [strategy, advanced] of Object.entries(ADVANCED)) {
  test(`refreshCache: a ${strategy} cache minted at the edge is accepted by a server without a database`, async () => {
    const options = { advanced, session: session({ strategy, maxAge: 600, refreshCache: { updateAge: 599 } }) };
    const server = await startStateless({ session: options.session, auth: { advanced } });
    const gates = await startGates(server, { gate: { APP: "here", options } });
    try {
      const jar = await signUp(server);
      const old = jar.get("better-auth.session_data");
      await new Promise((resolve) => setTimeout(resolve, 1100)); // windows are whole seconds
      const before = server.requests.length;
      const { response } = await account(gates.gate, jar);
      assert.equal(server.requests.length, before, "nobody was asked");
      const renewed = jar.get("better-auth.session_data");
      assert.notEqual(renewed, old);
      assert.deepEqual(
        shape(response),
        shape(await through(server, signed(jar, old), "/get-session")),
        "attributes as the server sets them",
      );
      const fromServer = await getSession(server, jar);
      assert.equal(fromServer?.session.token, jar.token, "the server takes it for its own");
    } finally {
      await Promise.all([gates.close(), server.close()]);
    }
  });
}

/** Returns the cookies of the same user with an older cache. */
function signed(jar, data) {
  return jar.clone().set("better-auth.session_data", data);
}

/** Returns the names and attributes of the cookies, without their values. */
function shape(response) {
  return response.headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, ""))
    .sort();
}
