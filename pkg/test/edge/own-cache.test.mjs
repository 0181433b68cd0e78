// The gate's own cache cookie, in front of a real server whose cookie cache is off and whose secret the gate does not have.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signUp, startOrigin } from "../../../harness/origin.mjs";
import { createSessionGate, memoryFeed } from "../../dist/edge.js";
import { betterSession } from "../../dist/plugin.js";

const NAME = "better-session.cache";
const cache = { secret: "a secret of the cache's own" };

let origin;
before(async () => (origin = await startOrigin({ session: { cookieCache: { enabled: false } } })));
after(() => origin?.close());

const lookups = () => origin.counts["GET /api/auth/get-session"] ?? 0;

/** A gate, and a browser that sends its requests to it. */
function start(options = {}) {
  const gate = createSessionGate({ origin: origin.url, cache, routes: { authoritative: ["/sure"] }, ...options });
  const app = (request, { user }) => Response.json({ name: user.name, cookie: request.headers.get("cookie") });
  const send = async (jar, path, init = {}) => {
    const headers = { cookie: jar.header(), origin: origin.url, ...init.headers };
    const response = await gate.fetch(new Request(origin.url + path, { ...init, headers }), undefined, app);
    jar.store(response);
    return response;
  };
  return { gate, send };
}

test("ten requests of a visitor are one lookup, whose response is used for maxAge", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { send } = start();
  const jar = await signUp(origin);
  const asked = lookups();
  for (let i = 0; i < 10; i += 1) {
    const response = await send(jar, "/account");
    assert.equal(response.status, 200);
    assert.equal((await response.json()).name, "Ada Lovelace");
  }
  assert.equal(lookups(), asked + 1);
  t.mock.timers.setTime(Date.now() + 59_000);
  await send(jar, "/account");
  assert.equal(lookups(), asked + 1);
  t.mock.timers.setTime(Date.now() + 1000);
  await send(jar, "/account");
  assert.equal(lookups(), asked + 2);
});

test("the cookie is the browser's alone: neither the app nor the origin gets it", async () => {
  const { send } = start();
  const jar = await signUp(origin);
  const response = await send(jar, "/account");
  const line = response.headers.getSetCookie().find((line) => line.startsWith(NAME));
  assert.match(line, /^better-session\.cache=[\w-]+; Max-Age=(59|60); Path=\/; HttpOnly; SameSite=Lax$/);
  assert.match(jar.header(), /better-session\.cache=/);
  assert.doesNotMatch((await (await send(jar, "/account")).json()).cookie, /better-session/);
  await send(jar, "/api/auth/list-sessions");
  await send(jar, "/sure");
  for (const { headers } of origin.requests) assert.doesNotMatch(headers.cookie ?? "", /better-session/);
});

test("by https its name begins with __Host-", async () => {
  const jar = await signUp(origin);
  const cookie = jar.header().replace("better-auth.session_token", "__Secure-better-auth.session_token");
  // The server itself is plain: the names that it knows are put back.
  const plain = { fetch: (forwarded) => fetch(forwarded.url.replace("https:", "http:"), { headers: { cookie: jar.header() } }) };
  const gateByHttps = createSessionGate({ origin: plain, cache });
  const request = new Request(`${origin.url.replace("http:", "https:")}/account`, { headers: { cookie } });
  const response = await gateByHttps.fetch(request, undefined, () => new Response());
  assert.match(
    response.headers.getSetCookie().join("\n"),
    /^__Host-better-session\.cache=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/m,
  );
});

test("it opens for its own session only, under its own secret only, and is no session_data", async () => {
  const { send } = start();
  const [jar, other] = [await signUp(origin), await signUp(origin)];
  await send(jar, "/account");
  const value = jar.get(NAME);
  const asked = lookups();
  other.set(NAME, value);
  assert.equal((await send(other, "/account")).status, 200);
  assert.equal(lookups(), asked + 1, "another session's");
  jar.set(NAME, value.slice(0, -4) + "AAAA");
  await send(jar, "/account");
  assert.equal(lookups(), asked + 2, "a forged one");
  await start({ cache: { secret: "another secret" } }).send(jar, "/account");
  assert.equal(lookups(), asked + 3, "another secret's");
  jar.set("better-auth.session_data", value);
  jar.set(NAME, "");
  await start({ session: { cookieCache: { enabled: true, strategy: ["compact", "jwt", "jwe"] } } }).send(jar, "/account");
  assert.equal(lookups(), asked + 4, "as session_data");
});

test("an authoritative path asks the origin, and a response to a credential is not kept", async () => {
  const { send } = start();
  const jar = await signUp(origin);
  await send(jar, "/account");
  const asked = lookups();
  assert.equal((await send(jar, "/sure")).status, 200);
  assert.equal(lookups(), asked + 1);
  const response = await send(await signUp(origin), "/account", { headers: { "x-api-key": "unknown" } });
  assert.doesNotMatch(response.headers.getSetCookie().join("\n"), /better-session/);
});

test("a sign-out deletes it; with revocation a copy of it ends at once", async () => {
  const { send } = start({ gateSecret: "a secret of the gate's own", revocation: { feed: memoryFeed() } });
  const jar = await signUp(origin);
  assert.equal((await send(jar, "/account")).status, 200);
  const copy = jar.clone();
  const out = await send(jar, "/api/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  assert.equal(out.status, 200);
  assert.match(out.headers.getSetCookie().join("\n"), /^better-session\.cache=; Max-Age=0/m);
  assert.equal((await send(copy, "/account")).status, 401);
});

test("options are checked at creation", () => {
  for (const wrong of [
    {},
    { secret: "" },
    { secret: 1 },
    { secret: "x", maxAge: 0 },
    { secret: "x", maxAge: 3601 },
    { secret: "x", maxAge: "60" },
  ]) {
    assert.throws(() => createSessionGate({ origin: origin.url, cache: wrong }), { code: "OPTION_INVALID" }, JSON.stringify(wrong));
  }
  const published = "better-auth-secret-12345678901234567890";
  assert.throws(() => createSessionGate({ origin: origin.url, cache: { secret: published } }), { code: "SECRET_DEFAULT" });
  assert.throws(() => betterSession({ gateSecret: published }), { code: "SECRET_DEFAULT" });
});
