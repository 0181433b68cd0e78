// A server alone and the same server behind the gate: status, body, every header and every cookie of each call are equal, but for
// the list below.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { Hono } from "hono";
import { cors } from "hono/cors";
import {
  admin,
  anonymous,
  bearer,
  customSession,
  jwt,
  multiSession,
  oneTimeToken,
  organization,
  twoFactor,
  username,
} from "better-auth/plugins";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { startInMemory } from "./in-memory.mjs";
import { CALLS, World } from "./transparency-calls.mjs";

/** Returns the response without the gate, changed by the differences that are meant. Every other difference fails. */
function withMeantDifferences(expected, actual, { path, method }, { renewal, attributes, revocation }) {
  const changed = structuredClone(expected);
  // 1. A response about a visitor is private and not stored, also by caches that obey other headers, and varies by cookie.
  if (actual.vary.includes("cookie")) {
    changed.vary = [...new Set([...expected.vary, "cookie"])].sort();
    if (!/no-store/.test(expected.headers["cache-control"]) || actual.headers["cache-control"] === "private, no-store") {
      changed.headers["cache-control"] = "private, no-store";
    }
    delete changed.headers["cdn-cache-control"];
  }
  // 2. A page carries the cookies with which the server has just renewed its visitor's session.
  if (renewal) changed.cookies = [...renewal, ...expected.cookies];
  // 3. The response to a preflight has no body.
  if (method === "OPTIONS" && expected.body) {
    changed.body = "";
    for (const name of ["content-type", "content-length"]) delete changed.headers[name];
  }
  // 4. Hono's cors() sends this to origins that it does not allow, to whom it means nothing.
  const credentials = "access-control-allow-credentials";
  if (!("access-control-allow-origin" in expected.headers) && !(credentials in actual.headers)) delete changed.headers[credentials];
  // 5. For `clockSkew` after a change of the user, sessions are read from the database: a new cache, and members in another order.
  if (revocation && path.startsWith("auth:")) {
    const isCache = ([name, value]) => name.endsWith("session_data") && value;
    const added = expected.cookies.some(isCache) ? [] : actual.cookies.filter(isCache).slice(0, 1);
    changed.cookies = [...added.map(([name, value]) => [name, value, attributes.get(name)]), ...expected.cookies];
    const bodies = [expected.body, actual.body];
    if (path.includes("get-session") && bodies.every(Boolean) && isDeepStrictEqual(...bodies.map((body) => JSON.parse(body))))
      changed.body = actual.body;
  }
  return changed;
}

const hidden = { secretNote: { type: "string", required: false, returned: false, defaultValue: "hidden" } };
const cache = (more) => ({ session: { cookieCache: { enabled: true, maxAge: 300, ...more } } });
const roles = async ({ user, session }) => ({ user, session, roles: ["admin"] });
const storage = () => {
  const values = new Map();
  return {
    get: async (key) => values.get(key) ?? null,
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
};

/** name: [options of the server, more options of the gate, basePath]. `inProcess`: the app is `next`. */
const CONFIGURATIONS = {
  "compact": [{}],
  "jwt cache": [cache({ strategy: "jwt" })],
  "jwe cache": [cache({ strategy: "jwe" })],
  "cache off": [cache({ enabled: false })],
  "cache version": [cache({ version: "7" })],
  "cache version function": [cache({ version: () => "x" })],
  "https": [{ baseURL: "https://app.test" }],
  "cookie prefix": [{ advanced: { cookiePrefix: "my.app" } }],
  "cookies renamed": [
    { advanced: { cookies: { session_token: { name: "sid", attributes: { sameSite: "strict" } }, session_data: { name: "sdata" } } } },
  ],
  "partitioned": [
    { baseURL: "https://app.test", advanced: { defaultCookieAttributes: { sameSite: "none", secure: true, partitioned: true } } },
  ],
  "all subdomains": [{ baseURL: "https://app.test", advanced: { crossSubDomainCookies: { enabled: true, domain: "test" } } }],
  "path in baseURL": [{ baseURL: "http://app.test/v1/auth" }, {}, "/v1/auth"],
  "basePath": [{ basePath: "/iam" }, {}, "/iam"],
  "dynamic baseURL": [{ baseURL: { allowedHosts: ["app.test"], protocol: "http" } }],
  "no baseURL": [{ baseURL: undefined }],
  "refreshCache": [{ stateless: true, ...cache({ strategy: "jwe", refreshCache: true }) }],
  "secondary storage": [{ secondaryStorage: storage }],
  "deferSessionRefresh": [{ session: { deferSessionRefresh: true, updateAge: 0 } }],
  "sliding expiry on every call": [{ session: { updateAge: 0 } }],
  "no refresh": [{ session: { disableSessionRefresh: true } }],
  "hidden fields": [{ session: { additionalFields: hidden }, user: { additionalFields: hidden } }],
  "jwt plugin": [{ plugins: () => [jwt()] }],
  "jwt plugin, not named": [{ plugins: () => [jwt()] }, { plugins: undefined }],
  "bearer plugin": [{ plugins: () => [bearer()] }],
  "multi-session": [{ plugins: () => [multiSession()] }],
  "organization, admin": [{ plugins: () => [organization(), admin()] }],
  "username, anonymous, two-factor, one-time-token": [{ plugins: () => [username(), anonymous(), twoFactor(), oneTimeToken()] }],
  "customSession": [{ plugins: () => [customSession(roles)] }],
  "customSession, not named": [{ plugins: () => [customSession(roles)] }, { plugins: undefined }],
  "customSession, answered at the edge": [{ plugins: () => [customSession(roles)] }, { customSession: roles }],
  "trusted origins": [{ trustedOrigins: ["https://spa.test"] }],
  "revocation": [{}, { revocation: { feed: memoryFeed() } }],
  "an app in the gate's process": [{}, { inProcess: true }],
  "an app in the gate's process, revocation": [{}, { inProcess: true, revocation: { feed: memoryFeed() } }],
  "answerGetSession off": [{}, { answerGetSession: false }],
};

/** The whole site without a gate: CORS, the auth API, and an app. */
function siteOf(auth, basePath, withCors) {
  const site = new Hono();
  if (withCors) site.use(cors({ origin: "https://spa.test", credentials: true }));
  site.all(`${basePath}/*`, (c) => auth.handler(c.req.raw));
  site.all("/echo", async (c) =>
    c.body(await c.req.text(), 201, { "x-method": c.req.method, "content-type": c.req.header("content-type") }),
  );
  site.get("/redirect", (c) => c.redirect("/elsewhere?a=b", 303));
  site.get("/cookies", (c) => {
    c.header("set-cookie", "one=1; Path=/; HttpOnly");
    c.header("set-cookie", "two=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT", { append: true });
    return c.html("<p>cookies</p>");
  });
  site.get("/etag", (c) => c.body(null, 304, { etag: '"v1"' }));
  site.get("/teapot", () => new Response("short and stout", { status: 418, statusText: "Short And Stout" }));
  site.get("/public", (c) => c.html("<p>public</p>", 200, { "cache-control": "public, max-age=60", "cdn-cache-control": "max-age=600" }));
  site.all("/page", (c) =>
    c.json({ query: c.req.query(), accept: c.req.header("accept") ?? null }, 200, {
      "x-frame-options": "DENY",
      "cdn-cache-control": "max-age=600",
    }),
  );
  return site;
}

/** A cheap hash: the passwords are not what is tested. */
const password = { hash: async (text) => `hash of ${text}`, verify: async ({ hash, password }) => hash === `hash of ${password}` };

function start(options, basePath, withCors) {
  const own = { ...options, plugins: options.plugins?.(), secondaryStorage: options.secondaryStorage?.() };
  for (const name of ["plugins", "secondaryStorage"]) if (own[name] === undefined) delete own[name];
  const started = startInMemory({ emailAndPassword: { enabled: true, password }, ...own });
  return { ...started, fetch: async (request) => siteOf(started.auth, basePath, withCors).fetch(request) };
}

for (const [name, [options, { inProcess, ...more } = {}, basePath = "/api/auth"]] of Object.entries(CONFIGURATIONS)) {
  test(`${name}: ${CALLS.length} calls are answered as without the gate`, async () => {
    const site = typeof options.baseURL === "string" ? new URL(options.baseURL).origin : "http://app.test";
    const withCors = Boolean(options.trustedOrigins);
    const [alone, behind] = [start(options, basePath, withCors), start(options, basePath, withCors)];
    const database = options.stateless ? {} : { database: () => {} };
    const gate = createSessionGate({ ...behind.options, ...database, routes: { public: ["/public"] }, origin: behind, ...more });
    const [direct, through] = [
      new World(alone.fetch, site, basePath),
      new World((request) => gate.fetch(request, undefined, inProcess && behind.fetch), site, basePath),
    ];
    for (const [index, call] of CALLS.entries()) {
      const renewal = call.lapsed && !call.path.startsWith("auth:") ? await direct.renewal(call) : undefined;
      const [expected, actual] = [await direct.send(call), await through.send(call)];
      const label = `call ${index + 1}: ${call.method ?? ""} ${call.path} of ${call.device ?? "a"}`;
      const facts = { renewal, attributes: direct.attributes, revocation: Boolean(more.revocation) };
      assert.deepEqual(actual, withMeantDifferences(expected, actual, call, facts), label);
    }
  });
}
