// Servers without a database whose cookies only the server can renew: with OAuth tokens in `account_data`, and with a `Domain`
// that the gate does not know. The clock is moved forward.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { parseSetCookie } from "../../../harness/jar.mjs";
import { browserOf, startInMemory } from "./in-memory.mjs";

const HOUR = 3_600_000;
const realNow = Date.now;
const RealDate = Date;
let shift = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(realNow() + shift);
  }
  static now() {
    return realNow() + shift;
  }
};
afterEach(() => {
  shift = 0;
  delete process.env.BETTER_AUTH_URL;
});

const refreshing = { expiresIn: 30 * 86_400, cookieCache: { enabled: true, strategy: "jwe", refreshCache: true, maxAge: 86_400 } };
const google = {
  clientId: "x",
  clientSecret: "y",
  verifyIdToken: async () => true,
  getUserInfo: async () => ({
    user: { id: "g1", email: "ada@example.com", name: "Ada", emailVerified: true },
    data: { sub: "g1", iss: "https://accounts.google.com" },
  }),
};

/** Returns a gate before the server that counts calls, and fails them while `isDown`. */
function gateBefore({ auth, options }, more = {}) {
  const origin = { calls: 0, isDown: false };
  origin.fetch = (request) => {
    origin.calls += 1;
    return origin.isDown ? Promise.reject(new Error("down")) : auth.handler(request);
  };
  const gate = createSessionGate({ ...options, origin, hiddenFields: {}, ...more });
  return { origin, handler: (request) => gate.fetch(request, undefined, (_, { user }) => Response.json({ email: user.email })) };
}

const namesSet = (response) =>
  response.headers
    .getSetCookie()
    .map((line) => parseSetCookie(line).name.replace(/^.*better-auth\./, ""))
    .sort();

async function signedInWithGoogle() {
  const server = startInMemory({
    stateless: true,
    account: { storeAccountCookie: true },
    session: refreshing,
    socialProviders: { google },
  });
  const { jar, send } = browserOf((request) => server.auth.handler(request));
  const body = { provider: "google", idToken: { token: "t", accessToken: "at-1" } };
  assert.equal((await send("/api/auth/sign-in/social", { body })).status, 200);
  assert.ok(jar.has("better-auth.account_data"));
  return { server, jar };
}

for (const path of ["/api/auth/get-session", "/page"]) {
  test(`${path}: where the request carries account_data the origin renews, so that OAuth tokens outlive maxAge`, async () => {
    const { server, jar } = await signedInWithGoogle();
    for (const revocation of [undefined, { feed: memoryFeed() }]) {
      shift = 0;
      const { origin, handler } = gateBefore(server, { revocation });
      const visitor = browserOf(handler, { jar: jar.clone() });
      assert.deepEqual([(await visitor.send(path)).status, origin.calls], [200, 0], "not due");
      for (const hour of [20, 40, 60]) {
        shift = hour * HOUR;
        const renewed = await visitor.send(path);
        assert.deepEqual([renewed.status, namesSet(renewed)], [200, ["account_data", "session_data", "session_token"]], `hour ${hour}`);
      }
      const token = await visitor.send("/api/auth/get-access-token", { body: { useAccountCookie: true } });
      assert.equal((await token.json()).accessToken, "at-1");
    }
  });

  test(`${path}: a cookie that is still valid keeps working while the origin cannot renew it`, async () => {
    const { server, jar } = await signedInWithGoogle();
    const { origin, handler } = gateBefore(server);
    const visitor = browserOf(handler, { jar: jar.clone() });
    origin.isDown = true;
    shift = 20 * HOUR;
    const first = await visitor.send(path);
    assert.deepEqual([first.status, namesSet(first)], [200, []]);
    assert.ok(JSON.stringify(await first.json()).includes("ada@example.com"));
    origin.isDown = false;
    shift += 10_000;
    assert.equal(namesSet(await visitor.send(path)).length, 3);
  });
}

test("without account_data the gate renews the cookies itself", async () => {
  const { server, jar } = await signedInWithGoogle();
  const { origin, handler } = gateBefore(server);
  const visitor = browserOf(handler, { jar: jar.clone() });
  visitor.jar.delete("better-auth.account_data");
  shift = 20 * HOUR;
  assert.deepEqual([namesSet(await visitor.send("/page")), origin.calls], [["session_data", "session_token"], 0]);
});

const SITE = "https://app.test";
const BASES = {
  "a dynamic baseURL": { baseURL: { allowedHosts: ["app.test", "*.other.test"], protocol: "https" } },
  "a baseURL from the environment": { baseURL: undefined },
  "a domain option": { domain: "test" },
  "a fixed baseURL": { baseURL: SITE },
};

for (const [name, { baseURL = name.startsWith("a domain") ? SITE : undefined, domain }] of Object.entries(BASES)) {
  test(`cookies for all subdomains, ${name}: one cookie for each name, and signing out signs out`, async () => {
    if (baseURL === undefined) process.env.BETTER_AUTH_URL = SITE;
    const advanced = { crossSubDomainCookies: { enabled: true, domain }, useSecureCookies: true };
    const server = startInMemory({ stateless: true, baseURL, advanced, session: refreshing });
    const { handler } = gateBefore(server);
    const cookies = new Map();
    const jar = {
      size: 1,
      header: () => [...cookies.values()].join("; "),
      store: ({ headers }) => {
        for (const line of headers.getSetCookie()) {
          const { name, value, attributes } = parseSetCookie(line);
          const key = `${name} of ${attributes.domain ?? "this host"}`;
          if (attributes["max-age"] === "0") cookies.delete(key);
          else cookies.set(key, `${name}=${value}`);
        }
      },
    };
    const { send } = browserOf(handler, { site: SITE, jar });
    const person = { name: "Ada", email: "ada@example.com", password: "a-long-password-1" };
    assert.equal((await send("/api/auth/sign-up/email", { body: person })).status, 200);
    const before = [...cookies.keys()];
    assert.ok(
      before.every((key) => key.endsWith(` of ${domain ?? "app.test"}`)),
      before.join(),
    );
    const old = jar.header();
    for (const path of ["/page", "/api/auth/get-session"]) {
      shift += 20 * HOUR;
      assert.equal((await send(path)).status, 200);
      assert.deepEqual([...cookies.keys()].sort(), before.sort(), path);
    }
    assert.notEqual(jar.header(), old, "renewed");
    assert.equal((await send("/api/auth/sign-out", { body: {} })).status, 200);
    assert.deepEqual([...cookies.keys()], []);
    assert.equal((await send("/page")).status, 401);
  });
}
