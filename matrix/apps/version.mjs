// One published Better Auth beside the package: prints `{ version, checks, differences }` as one line of JSON.
import { createServer } from "node:http";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { createAuthClient as createTheirs } from "better-auth/client";
import { getCookieCache } from "better-auth/cookies";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { createVerifier } from "better-session";
import { createAuthClient as createOurs } from "better-session/client";
import { createSessionGate } from "better-session/edge";
import { device } from "./device.mjs";

const secret = "versions: an example secret of 32 characters or more";
const password = "correct horse battery staple";
const people = {
  plain: { name: "Ada" },
  chunked: { name: "Ada", biography: Array.from({ length: 330 }, (_, i) => `chapter ${i},`).join(" ") },
  odd: { name: '"Ada" O\'Lovelace \\ <b>&amp;</b>; a=b, 100% 👩‍💻 é ß 漢字' },
  "don't remember": { name: "Ada" },
};
const differences = [];
let checks = 0;
let count = 0;

/** Counts a check; records `what` if the two values differ as JSON. */
function same(what, ours, theirs) {
  checks += 1;
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) differences.push(what);
}

for (const strategy of ["compact", "jwt", "jwe"]) {
  const server = await start(strategy);
  try {
    for (const [name, person] of Object.entries(people)) await session(`${strategy}, ${name}`, server, strategy, name, person);
    if (strategy === "compact") await clients(server);
  } finally {
    server.close();
  }
}
console.log(JSON.stringify({ checks, differences: [...new Set(differences)] }));
process.exit(0);

async function start(strategy) {
  const http = createServer((request, response) => handle(request, response));
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${http.address().port}`;
  const db = {};
  const auth = betterAuth({
    secret,
    baseURL: url,
    // Quick hashes: passwords are not what is tested.
    emailAndPassword: {
      enabled: true,
      password: { hash: async (text) => `plain:${text}`, verify: async ({ hash, password }) => hash === `plain:${password}` },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    session: { cookieCache: { enabled: true, maxAge: 300, strategy } },
    user: { additionalFields: { biography: { type: "string", required: false } } },
    database: (options) => {
      const tables = getAuthTables(options);
      for (const name of [...Object.keys(tables), ...Object.values(tables).map(({ modelName }) => modelName)]) db[name] ??= [];
      return memoryAdapter(db)(options);
    },
  });
  const handle = toNodeHandler(auth);
  return { url, close: () => (http.close(), http.closeAllConnections()) };
}

/** Signs a user up and compares the verdicts on the cookies, and `get-session` with and without the gate. */
async function session(what, server, strategy, name, person) {
  const { jar, fetch } = device(server);
  const email = `v${(count += 1)}@example.com`;
  const post = (path, body) =>
    fetch(`${server.url}/api/auth${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const signedUp = await post("/sign-up/email", { ...person, email, password });
  same(`${what}: sign-up`, signedUp.status, 200);
  if (name === "don't remember") await post("/sign-in/email", { email, password, rememberMe: false });

  const cookie = jar.header();
  const options = { secret, baseURL: server.url, session: { cookieCache: { enabled: true, maxAge: 300, strategy } } };
  const verifier = createVerifier(options);
  const ours = verifier.verify(cookie);
  const theirs = await read(cookie, strategy);
  same(`${what}: verdict`, ours.status, "authenticated");
  same(`${what}: session of the cookie`, normal(ours.session), normal(theirs?.session));
  same(`${what}: user of the cookie`, normal(ours.user), normal(theirs?.user));
  const broken = cookie.replace(/(session_data(?:\.0)?=[^;]{40})(.)/, (_, start, unit) => start + (unit === "A" ? "B" : "A"));
  same(`${what}: changed cookie`, verifier.verify(broken).status === "authenticated", Boolean(await read(broken, strategy)));

  const gate = createSessionGate({ ...options, origin: server.url });
  const path = `${server.url}/api/auth/get-session`;
  const direct = await (await globalThis.fetch(path, { headers: { cookie } })).json();
  for (const time of ["first", "later"]) {
    const response = await gate.fetch(new Request(path, { headers: { cookie } }), { waitUntil() {} });
    same(`${what}: ${time} get-session through the gate`, sorted(await response.json()), sorted(direct));
  }
  const stale = cookie.replace(/[^ ;]*session_data[^;]*(; |$)/g, "");
  const names = (response) => response.headers.getSetCookie().map((line) => line.split("=")[0]);
  const next = (_, { user }) => Response.json(user.email);
  const renewed = await gate.fetch(new Request(`${server.url}/page`, { headers: { cookie: stale } }), { waitUntil() {} }, next);
  const expected = await globalThis.fetch(path, { headers: { cookie: stale } });
  same(`${what}: renewal through the gate`, [renewed.status, await renewed.json(), names(renewed)], [200, email, names(expected)]);
}

async function read(cookie, strategy) {
  return getCookieCache(new Headers({ cookie }), { secret, strategy, isSecure: false }).catch(() => null);
}

/** Makes the same calls with this version's client and with ours, each on a device of its own. */
async function clients(server) {
  const transcript = async (create) => {
    const client = create({ baseURL: server.url, fetchOptions: { customFetchImpl: device(server).fetch } });
    const person = { email: `v${(count += 1)}@example.com`, password, name: "Ada" };
    const said = [];
    const say = async (name, promise) => {
      const { data, error } = await promise;
      said.push([name, plain(data), error && [error.status, error.code]]);
      return data;
    };
    await say("getSession, signed out", client.getSession());
    await say("signUp.email", client.signUp.email(person));
    await say("getSession", client.getSession());
    await say("listSessions", client.listSessions());
    const other = await say("signIn.email", client.signIn.email({ email: person.email, password }));
    await say("revokeSession", client.revokeSession({ token: other.token }));
    await say("signIn.email, wrong", client.signIn.email({ email: person.email, password: "wrong wrong wrong" }));
    await say("signIn.email, again", client.signIn.email({ email: person.email, password }));
    await say("updateUser", client.updateUser({ name: "Grace" }));
    await say("revokeOtherSessions", client.revokeOtherSessions());
    await say("changePassword", client.changePassword({ currentPassword: password, newPassword: `${password}!` }));
    await say("revokeSessions", client.revokeSessions());
    await say("signOut", client.signOut());
    await say("getSession, signed out again", client.getSession());
    return said;
  };
  const [ours, theirs] = [await transcript(createOurs), await transcript(createTheirs)];
  ours.forEach((entry, i) => same(`client: ${entry[0]}`, entry, theirs[i]));
}

/** Replaces values that differ between users and runs. */
function plain(value, key) {
  if (value instanceof Date) return "Date";
  if (/^(id|token|userId|email|ipAddress|userAgent)$/.test(key ?? "") && typeof value === "string") return "text";
  if (Array.isArray(value)) return value.map((member) => plain(member));
  if (!value || typeof value !== "object") return value;
  const members = Object.entries(value).map(([name, member]) => [name, plain(member, name)]);
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Returns a value as JSON has it, its members in order. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!value || typeof value !== "object") return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

function normal(value) {
  return value && sorted(JSON.parse(JSON.stringify(value)));
}
