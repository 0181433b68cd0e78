// Servers whose `get-session` has another shape: customSession, dates as SQL text, a session without its token.
import assert from "node:assert/strict";
import { test } from "node:test";
import { customSession } from "better-auth/plugins";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { SITE, browserOf, signedUp, startInMemory } from "./in-memory.mjs";

const SHAPES = {
  "{ ...session, user }": ({ user, session }) => ({ ...session, user: { ...user, role: "admin" } }),
  "{ user, roles }": ({ user }) => ({ user, roles: ["admin"] }),
  "session without its token": ({ user, session: { token: _, ...session } }) => ({ user, session }),
  "a member more": ({ user, session }) => ({ user, session, roles: ["admin"] }),
  "a user with a member more": ({ user, session }) => ({ session, user: { ...user, role: "admin" } }),
};

const app = (_, { user, session, originSession, verdict }) =>
  Response.json({
    email: user.email,
    token: session.token,
    originSession,
    expires: session.expiresAt instanceof Date,
    strategy: verdict.strategy,
  });

const handlerOf = (gate) => (request) => gate.fetch(request, undefined, app);
const counted = (auth) => {
  const origin = { calls: 0, fetch: (request) => ((origin.calls += 1), auth.handler(request)) };
  return origin;
};

for (const [name, shape] of Object.entries(SHAPES)) {
  test(`customSession ${name}: a lapsed cache is renewed, and next gets the server's JSON`, async () => {
    const { auth, options } = startInMemory({ plugins: [customSession(async (session) => shape(session))] });
    const { jar, person } = await signedUp((request) => auth.handler(request));
    const truth = await (await browserOf((request) => auth.handler(request), { jar: jar.clone() }).send("/api/auth/get-session")).json();
    for (const revocation of [undefined, { feed: memoryFeed() }]) {
      const gate = createSessionGate({ ...options, revocation, origin: { fetch: (request) => auth.handler(request) } });
      const visitor = browserOf(handlerOf(gate), { jar: jar.clone().dropCache() });
      const lapsed = await visitor.send("/page");
      assert.equal(lapsed.status, 200);
      const { email, originSession, expires, token, strategy } = await lapsed.json();
      assert.deepEqual([email, expires, typeof token, strategy], [person.email, true, "string", null]);
      assert.deepEqual(originSession, truth);
      const again = await (await visitor.send("/page")).json();
      assert.deepEqual([again.email, again.originSession, again.strategy], [person.email, null, "compact"], "the renewed cookie");
      const { source, originSession: beside } = await gate.authenticate(
        new Request(`${SITE}/x`, { headers: { cookie: jar.clone().dropCache().header() } }),
      );
      assert.deepEqual([source, beside], ["origin", truth]);
    }
  });

  test(`customSession ${name}: get-session has the server's shape, with and without its options`, async () => {
    const { auth, options } = startInMemory({ plugins: [customSession(async (session) => shape(session))] });
    const { jar } = await signedUp((request) => auth.handler(request));
    const body = async (gate, visitor = jar) =>
      (await browserOf(handlerOf(gate), { jar: visitor.clone() }).send("/api/auth/get-session")).text();
    const truth = await (await browserOf((request) => auth.handler(request), { jar: jar.clone() }).send("/api/auth/get-session")).text();
    const { plugins: _, ...unnamed } = options;
    for (const more of [options, unnamed]) {
      const gate = createSessionGate({ ...more, origin: counted(auth) });
      for (let call = 0; call < 3; call += 1) assert.equal(await body(gate), truth);
    }
    const origin = counted(auth);
    const here = createSessionGate({ ...options, origin, customSession: async (session) => shape(session) });
    assert.deepEqual([JSON.parse(await body(here)), origin.calls], [JSON.parse(truth), 0], "answered at the edge");
    const broken = createSessionGate({
      ...options,
      origin,
      customSession: () => {
        throw new Error("broken");
      },
    });
    assert.deepEqual([await body(broken), origin.calls], [truth, 1], "the origin answers if the function fails");
  });
}

test("dates as a database's text or number", async () => {
  for (const date of ["2100-01-02 03:04:05", "2100-01-02 03:04:05.123456+00", "2100-01-02", 4102542245000]) {
    const { auth, options, tables } = startInMemory();
    const { jar } = await signedUp((request) => auth.handler(request));
    tables.session[0].expiresAt = date;
    const gate = createSessionGate({ ...options, origin: { fetch: (request) => auth.handler(request) } });
    const visitor = browserOf(handlerOf(gate), { jar: jar.clone().dropCache() });
    for (let page = 0; page < 3; page += 1) {
      const response = await visitor.send("/page");
      assert.deepEqual([response.status, (await response.json()).expires], [200, true], date);
    }
  }
});

test("a reshaped response without a cache for this token does not sign in", async () => {
  const { auth, options } = startInMemory({ plugins: [customSession(async ({ user }) => ({ user }))] });
  const [ada, other] = [await signedUp((request) => auth.handler(request)), await signedUp((request) => auth.handler(request))];
  const theirs = async () => {
    const response = await auth.handler(
      new Request(`${SITE}/api/auth/get-session`, { headers: { cookie: other.jar.clone().dropCache().header() } }),
    );
    assert.equal(response.headers.getSetCookie().length, 1);
    return response;
  };
  const bare = async () => Response.json({ user: { id: "x" } });
  for (const fetch of [theirs, bare]) {
    const gate = createSessionGate({ ...options, origin: { fetch } });
    const visitor = browserOf(handlerOf(gate), { jar: ada.jar.clone().dropCache() });
    const response = await visitor.send("/page");
    assert.deepEqual([response.status, response.headers.getSetCookie()], [503, []]);
  }
});

test("a bearer token is signed in by the cookies of a reshaped response", async () => {
  const { bearer } = await import("better-auth/plugins");
  const { auth, options } = startInMemory({ plugins: [bearer(), customSession(async ({ user }) => ({ user }))] });
  const { jar, person } = await signedUp((request) => auth.handler(request));
  const gate = createSessionGate({ ...options, origin: { fetch: (request) => auth.handler(request) } });
  const authorization = `Bearer ${decodeURIComponent(jar.get("better-auth.session_token"))}`;
  const response = await gate.fetch(new Request(`${SITE}/page`, { headers: { authorization } }), undefined, app);
  assert.deepEqual([response.status, (await response.json()).email], [200, person.email]);
});
