// The options as the server reads them: each row is one options object, given to a real Better Auth server, to the verifier and
// to a gate before the server.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, test } from "node:test";
import { toNodeHandler } from "better-auth/node";
import { createVerifier } from "../dist/index.js";
import { createSessionGate } from "../dist/edge.js";
import { openIdentity } from "../dist/edge.js";
import { getCookieCache } from "../dist/cookies.js";
import { explainAsync } from "../dist/explain.js";
import { browserOf, signedUp, startInMemory } from "./edge/in-memory.mjs";

const HTTPS = { baseURL: "https://app.test" };
const dynamic = (more) => ({ baseURL: { allowedHosts: ["app.test", "*.preview.test"], ...more } });
const cache = (cookieCache) => ({ session: { cookieCache: { enabled: true, ...cookieCache } } });

/**
 * name: { options, site?, cookies?, verdict?, lookups?, refused?, refusedByGate? }. `cookies` are the names that the server sets; `verdict` is
 * that of the cookies, "authenticated" by default; `lookups` is true if every page asks the origin; `refused` is the code
 * of the error at start. Pages, `get-session` and sign-out through the gate are as with the server alone in every other row.
 */
const ROWS = {
  "baseURL http": { options: { baseURL: "http://app.test" }, cookies: "better-auth.session_token" },
  "baseURL https": { options: HTTPS, cookies: "__Secure-better-auth.session_token" },
  "baseURL HTTPS in capitals": { options: { baseURL: "HTTPS://app.test" }, cookies: "__Secure-better-auth.session_token" },
  "baseURL with a slash": { options: { baseURL: "https://app.test/" } },
  "baseURL with the API's path": { options: { baseURL: "https://app.test/v1/auth" }, basePath: "/v1/auth" },
  "baseURL with the API's path, a slash and a basePath": {
    options: { baseURL: "https://app.test/v1/auth/", basePath: "/x" },
    basePath: "/v1/auth",
  },
  "baseURL with the path of the whole site": { options: { baseURL: "https://app.test/", basePath: "/v1" }, basePath: "/v1" },
  "basePath without a slash": { options: { ...HTTPS, basePath: "v1/auth" }, basePath: "/v1/auth" },
  "basePath empty: the server's API is the whole site": {
    options: { ...HTTPS, basePath: "" },
    basePath: "",
    refusedByGate: "OPTION_INVALID",
  },
  "no baseURL, http": { options: { baseURL: undefined }, site: "http://app.test" },
  "no baseURL, https: the server names cookies by NODE_ENV": {
    options: { baseURL: undefined },
    site: "https://app.test",
    cookies: "better-auth.session_token",
    verdict: "no_cookie",
    pages: 401,
  },
  "no baseURL, https, useSecureCookies": {
    options: { baseURL: undefined, advanced: { useSecureCookies: true } },
    site: "https://app.test",
  },
  "baseURL dynamic, https": {
    options: dynamic({ protocol: "https" }),
    site: "https://app.test",
    cookies: "__Secure-better-auth.session_token",
  },
  "baseURL dynamic, http": { options: dynamic({ protocol: "http" }), site: "http://app.test" },
  "baseURL dynamic, a preview": { options: dynamic({ protocol: "https" }), site: "https://x.preview.test" },
  "baseURL dynamic, auto": { options: dynamic({ protocol: "auto" }), site: "http://app.test" },
  "baseURL dynamic, another host with a fallback": {
    options: dynamic({ protocol: "https", fallback: "https://app.test" }),
    site: "https://elsewhere.test",
    origin: "https://app.test",
  },
  "trustedProxyHeaders": {
    options: { ...dynamic({ protocol: "https" }), advanced: { trustedProxyHeaders: true } },
    site: "https://app.test",
  },
  "useSecureCookies over http": {
    options: { baseURL: "http://app.test", advanced: { useSecureCookies: true } },
    cookies: "__Secure-better-auth.session_token",
  },
  "useSecureCookies off over https": { options: { ...HTTPS, advanced: { useSecureCookies: false } }, cookies: "better-auth.session_token" },
  "cookiePrefix empty": { options: { ...HTTPS, advanced: { cookiePrefix: "" } }, cookies: "__Secure-better-auth.session_token" },
  "cookiePrefix with dots": {
    options: { ...HTTPS, advanced: { cookiePrefix: "my.app-1_x" } },
    cookies: "__Secure-my.app-1_x.session_token",
  },
  "cookiePrefix that looks like a prefix": { options: { advanced: { cookiePrefix: "__Secure-x" } }, cookies: "__Secure-x.session_token" },
  "cookiePrefix __Host-": { options: { advanced: { cookiePrefix: "__Host-x" } }, cookies: "__Host-x.session_token" },
  "cookiePrefix a number": { options: { advanced: { cookiePrefix: 5 } }, cookies: "5.session_token", refused: "OPTION_INVALID" },
  "cookies renamed": {
    options: { ...HTTPS, advanced: { cookiePrefix: "p", cookies: { session_token: { name: "sid" }, session_data: { name: "sdata" } } } },
    cookies: "__Secure-sid",
  },
  "cookies renamed to nothing": {
    options: { advanced: { cookies: { session_token: { name: "" }, session_data: {} } } },
    cookies: "better-auth.session_token",
  },
  "cookies with attributes": {
    options: {
      ...HTTPS,
      advanced: {
        cookies: { session_token: { attributes: { sameSite: "none", path: "/" } } },
        defaultCookieAttributes: { partitioned: true },
      },
    },
  },
  "expiresIn 0": { options: { session: { expiresIn: 0 } } },
  "updateAge 0": { options: { session: { updateAge: 0 } } },
  "freshAge 0": { options: { session: { freshAge: 0 } }, fresh: true },
  "cookieCache off": { options: { session: { cookieCache: { enabled: false } } }, verdict: "cache_absent", lookups: true },
  "cookieCache.maxAge 0": { options: cache({ maxAge: 0 }) },
  "cookieCache.strategy jwt": { options: cache({ strategy: "jwt" }) },
  "cookieCache.strategy jwe": { options: cache({ strategy: "jwe" }) },
  "cookieCache.version a string": { options: cache({ version: "7" }) },
  "cookieCache.version empty": { options: cache({ version: "" }) },
  "cookieCache.version a function": { options: cache({ version: (_, user) => user.email.slice(0, 3) }) },
  "cookieCache.version a number: the server mints 1": { options: cache({ version: 2 }), verdict: "version_mismatch", lookups: true },
  "refreshCache with a database: ignored": { options: cache({ strategy: "jwe", refreshCache: true }) },
  "refreshCache": { options: { stateless: true, ...cache({ strategy: "jwe", refreshCache: true }) } },
  "refreshCache with updateAge": {
    options: { stateless: true, ...cache({ strategy: "jwe", refreshCache: { updateAge: 10 } }) },
  },
  "secrets": {
    options: {
      secret: undefined,
      secrets: [
        { version: 2, value: "a-new-secret-of-32-bytes-or-more-123" },
        { version: 1, value: "an-old-secret-of-32-bytes-or-more-123" },
      ],
    },
  },
  "functions": {
    options: {
      trustedOrigins: async () => ["https://spa.test"],
      logger: { disabled: true, log: () => {} },
      advanced: { database: { generateId: () => crypto.randomUUID() } },
      databaseHooks: { session: { create: { before: async () => {} } } },
    },
  },
};

for (const [name, row] of Object.entries(ROWS)) {
  test(name, async () => {
    const {
      options: given,
      cookies,
      verdict = "authenticated",
      refused,
      refusedByGate,
      lookups = false,
      basePath = "/api/auth",
      pages = 200,
    } = row;
    const { auth, options } = startInMemory(given);
    const site = row.site ?? (typeof options.baseURL === "string" ? new URL(options.baseURL).origin : "http://app.test");
    const database = given.stateless ? {} : { database: () => {} };
    const shared = { ...options, ...database };
    const direct = (request) => auth.handler(request);
    const { jar } = await signedUp(direct, { site: row.origin ?? site, basePath });
    if (cookies) assert.ok(jar.has(cookies), jar.names.join());
    if (refused) return void assert.throws(() => createVerifier(shared), { code: refused });
    let calls = 0;
    const createGate = () =>
      createSessionGate({ ...shared, hiddenFields: {}, origin: { fetch: (request) => ((calls += 1), direct(request)) } });
    if (refusedByGate) return void assert.throws(createGate, { code: refusedByGate });
    const found = createVerifier(shared).verify(new Request(site, { headers: { cookie: jar.header() } }));
    assert.equal(found.reason ?? found.status, verdict);
    if (row.fresh) assert.equal(found.fresh, true);
    const gate = createGate();
    const through = (request) => gate.fetch(request, undefined, (_, { user }) => new Response(user.email));
    const page = await browserOf(through, { site, jar: jar.clone() }).send("/page");
    assert.deepEqual([page.status, calls > 0], [pages, lookups], "a page with the cookies");
    if (pages !== 200) return;
    const bodies = [];
    for (const handler of [direct, through]) {
      bodies.push(await (await browserOf(handler, { site: row.origin ?? site, jar: jar.clone() }).send(`${basePath}/get-session`)).json());
    }
    assert.deepEqual(bodies[0], bodies[1], "get-session");
    assert.ok(bodies[0].user);
    const lapsed = browserOf(through, { site, jar: jar.clone().dropCache() });
    assert.equal((await lapsed.send("/page")).status, 200, "a page without the cache");
    const leaving = browserOf(through, { site: row.origin ?? site, jar: jar.clone() });
    assert.equal((await leaving.send(`${basePath}/sign-out`, { body: {} })).status, 200);
    assert.equal((await leaving.send("/page")).status, 401, "after the sign-out");
  });
}

const VARIABLES = [
  "BETTER_AUTH_SECRET",
  "AUTH_SECRET",
  "BETTER_AUTH_SECRETS",
  "BETTER_AUTH_URL",
  "NODE_ENV",
  "BETTER_AUTH_TRUSTED_ORIGINS",
];
const before = VARIABLES.map((name) => process.env[name]);
afterEach(() => {
  VARIABLES.forEach((name, at) => {
    if (before[at] === undefined) delete process.env[name];
    else process.env[name] = before[at];
  });
});

const SECRET = "an-example-secret-of-32-bytes-or-more";

test("the verifier and the gate do not read the environment; better-session/cookies does", async () => {
  Object.assign(process.env, {
    BETTER_AUTH_SECRET: SECRET,
    AUTH_SECRET: SECRET,
    BETTER_AUTH_SECRETS: `1:${SECRET}`,
    BETTER_AUTH_URL: "https://app.test",
    NODE_ENV: "production",
    BETTER_AUTH_TRUSTED_ORIGINS: "https://spa.test",
  });
  const origin = { fetch: () => new Response(null, { status: 404 }) };
  for (const create of [
    () => createVerifier({}),
    () => createSessionGate({ origin }),
    () => openIdentity(new Request("http://a.test"), {}),
  ])
    assert.throws(create, { code: "SECRET_MISSING" });
  const gate = createSessionGate({ secret: SECRET, origin });
  const response = await gate.fetch(new Request("http://a.test/", { headers: { origin: "https://spa.test" } }));
  assert.deepEqual([response.status, response.headers.get("access-control-allow-origin")], [401, null]);
  assert.equal(await getCookieCache(new Headers({ cookie: "__Secure-better-auth.session_data=x" })), null);
});

test("the secrets that Better Auth falls back to are refused everywhere", async () => {
  const origin = { fetch: () => new Response(null, { status: 404 }) };
  for (const secret of ["better-auth-secret-12345678901234567890", "better-auth-secret-123456789"]) {
    const secrets = [
      { version: 2, value: SECRET },
      { version: 1, value: secret },
    ];
    for (const keys of [{ secret }, { secrets }, { secrets: `2:${SECRET},1:${secret}` }]) {
      const creates = [
        () => createVerifier(keys),
        () => createSessionGate({ ...keys, origin }),
        () => openIdentity(new Request("http://a.test"), keys),
      ];
      for (const create of creates) assert.throws(create, (error) => error.code === "SECRET_DEFAULT" && !error.message.includes("12345"));
    }
    await assert.rejects(getCookieCache(new Headers({ cookie: "better-auth.session_data=x" }), { secret, isSecure: false }), {
      code: "SECRET_DEFAULT",
    });
  }
});

test("a dynamic or absent baseURL behind a URL as origin: with trustedProxyHeaders the server finds the visitor's host", async () => {
  for (const [baseURL, trusted, status] of [
    [{ allowedHosts: ["app.test"], protocol: "http" }, true, 200],
    [undefined, true, 200],
    [undefined, undefined, 403],
  ]) {
    const { auth, options } = startInMemory({ baseURL, advanced: { trustedProxyHeaders: trusted } });
    const server = createServer(toNodeHandler(auth));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const gate = createSessionGate({ ...options, origin: `http://127.0.0.1:${server.address().port}`, hiddenFields: {} });
    const { send } = browserOf((request) => gate.fetch(request, undefined, () => new Response()), { site: "http://app.test" });
    const person = { name: "Ada", email: "ada@example.com", password: "a-long-password-1" };
    const headers = { "x-forwarded-host": "evil.test", "cookie": "a=1" };
    const response = await send("/api/auth/sign-up/email", { body: person, headers });
    assert.equal(response.status, status, `${JSON.stringify(baseURL)}, ${trusted}`);
    if (status === 200) assert.equal((await send("/page")).status, 200);
    server.closeAllConnections();
    server.close();
  }
});

/** Options that no server can mean: what the message names, and the options. `forGate`: the verifier does not read them. */
const REFUSED = [
  ["session", { session: "x-value" }],
  ["session", { session: [] }],
  ["session.cookieCache", { session: { cookieCache: true } }],
  ["advanced", { advanced: "x-value" }],
  ["advanced.cookies", { advanced: { cookies: "x-value" } }],
  ["advanced.cookies.session_token", { advanced: { cookies: { session_token: "x-value" } } }],
  ["baseURL", { baseURL: "x-value:8081" }],
  ["baseURL", { baseURL: "/x-value" }],
  ["baseURL", { baseURL: "ftp://x-value" }],
  ["baseURL", { baseURL: {} }],
  ["advanced.cookies.session_data.attributes", { advanced: { cookies: { session_data: { attributes: "x-value" } } } }, "forGate"],
  ["advanced.crossSubDomainCookies", { advanced: { crossSubDomainCookies: true } }, "forGate"],
  ["advanced.defaultCookieAttributes", { advanced: { defaultCookieAttributes: "x-value" } }, "forGate"],
  ["routes", { routes: "x-value" }, "forGate"],
  ["routes", { routes: ["/x-value"] }, "forGate"],
  ["routes", { routes: new Map([["public", ["/x-value"]]]) }, "forGate"],
  ["routes.publik", { routes: { publik: ["/x-value"] } }, "forGate"],
  ["routes.signInUrl", { routes: { signInUrl: "/x-value" } }, "forGate"],
];

for (const [named, options, forGate] of REFUSED) {
  test(`refused at start: ${JSON.stringify(options)}`, () => {
    const refuses = (create) =>
      assert.throws(create, ({ name, code, message }) => {
        assert.deepEqual([name, code], ["BetterSessionError", "OPTION_INVALID"]);
        assert.ok(message.startsWith(`${named} `), message);
        return !message.includes("x-value");
      });
    if (!forGate) refuses(() => createVerifier({ secret: SECRET, ...options }));
    refuses(() => createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", ...options }));
  });
}

test("Better Auth refuses a baseURL without a scheme too", async () => {
  const { handler } = startInMemory({ baseURL: "app.test:8081" }).auth;
  await assert.rejects(async () => handler(new Request("http://app.test:8081/api/auth/ok")), { message: /Invalid base URL/ });
});

test("absent, null, false and dynamic options are not refused", () => {
  for (const options of [
    { session: undefined, advanced: undefined, baseURL: undefined, routes: undefined },
    { session: null, advanced: null, baseURL: null, routes: null },
    { session: { cookieCache: null }, advanced: { cookies: { session_token: null } }, baseURL: "" },
    { session: false, advanced: false, routes: { when: null } },
    { session: { cookieCache: false }, advanced: { cookies: false, crossSubDomainCookies: false, defaultCookieAttributes: "" } },
    { session: { cookieCache: "" }, advanced: { cookies: { session_token: false } } },
    { baseURL: { allowedHosts: ["app.test"], protocol: "https" } },
    { baseURL: "HTTP://app.test", routes: { public: ["/"], optional: [], fresh: [], authoritative: [], when: {}, signInURL: "/in" } },
  ]) {
    createVerifier({ secret: SECRET, ...options });
    createSessionGate({ secret: SECRET, origin: "http://127.0.0.1:9", ...options });
  }
});

test("no options at all are a CONFIGURATION error", async () => {
  for (const create of [createVerifier, createSessionGate, () => openIdentity(new Headers())]) {
    for (const none of [[], [null]]) assert.throws(() => create(...none), { name: "BetterSessionError", code: "CONFIGURATION" });
  }
  await assert.rejects(explainAsync("a=b"), { name: "BetterSessionError", code: "CONFIGURATION" });
});
