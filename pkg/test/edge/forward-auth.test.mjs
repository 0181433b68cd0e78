// gate.forwardAuth: the request that is judged comes from one pair of headers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate, openIdentity } from "better-session/edge";
import { SECRET, signUp, startOrigin } from "../../../harness/origin.mjs";

const session = { cookieCache: { enabled: true } };
const forwardAuth = { method: "x-forwarded-method", uri: "x-forwarded-uri" };
let origin, gate, jar;
before(async () => {
  origin = await startOrigin();
  gate = gateWith({});
  jar = await signUp(origin);
});
after(() => origin?.close());

const gateWith = (options) =>
  createSessionGate({
    secret: SECRET,
    session,
    origin: origin.url,
    trustProxy: true,
    forwardAuth,
    routes: { public: ["/"], signInURL: "/sign-in" },
    ...options,
  });
const ask = (headers, of = gate) => of.forwardAuth(new Request("http://proxy.example/", { headers }));
const about = (method, uri, more = {}) => ({ "x-forwarded-method": method, "x-forwarded-uri": uri, cookie: jar.header(), ...more });

test("forwardAuth: the identity of a visitor with a session, bound to the method and path that were judged", async () => {
  for (const uri of ["/account?x=1", "https://app.example/account?x=1"]) {
    const response = await ask(about("POST", uri));
    assert.equal(response.status, 200);
    const headers = { "x-better-session-identity": response.headers.get("x-better-session-identity"), cookie: jar.header() };
    const open = (method, path) => openIdentity(new Request(`http://app.example${path}`, { method, headers }), { secret: SECRET });
    assert.equal(open("POST", "/account").user.name, "Ada Lovelace");
    assert.equal(open("GET", "/account"), null);
    assert.equal(open("POST", "/"), null);
  }
});

test("forwardAuth: a path that parsing changes is refused, because the proxy forwards it as it came", async () => {
  const paths = [
    "/account/../sign-in",
    "/account/%2e%2E/sign-in",
    "/account/.%2e/",
    "/x/../../api/auth/y",
    "/account/./",
    "/account\\..\\sign-in",
  ];
  const nginx = gateWith({ forwardAuth: { ...forwardAuth, redirect: false } });
  for (const path of paths) {
    assert.equal((await ask(about("GET", path))).status, 400, path);
    assert.equal((await ask(about("GET", path), nginx)).status, 403, path);
  }
  assert.equal((await ask(about("GET", "/sign-in?next=/../x"))).status, 200);
});

test("forwardAuth: a missing, repeated or invalid header is refused, also with a valid session", async () => {
  const uris = [undefined, "", "account", "/account, /", "/a b", "/account#x", "ftp://app.example/"];
  const methods = [undefined, "", "GET, POST", "get", "CONNECT", "TRACE"];
  for (const [method, uri] of [...uris.map((uri) => ["GET", uri]), ...methods.map((method) => [method, "/account"])]) {
    const headers = Object.fromEntries(Object.entries(about(method, uri)).filter(([, value]) => value !== undefined));
    assert.equal((await ask(headers)).status, 401, `${method} ${uri}`);
  }
  const twice = new Headers(about("GET", "/"));
  twice.append("x-forwarded-uri", "/account");
  assert.equal((await ask(twice)).status, 401);
});

test("forwardAuth: refusals, redirects, public paths, the auth API and renewal", async () => {
  const navigation = { "sec-fetch-mode": "navigate", accept: "text/html", cookie: "" };
  assert.equal((await ask(about("GET", "/account", { cookie: "" }))).status, 401);
  const page = await ask(about("GET", "/account", navigation));
  assert.deepEqual([page.status, page.headers.get("location")], [302, "/sign-in?callbackURL=%2Faccount"]);
  const without = gateWith({ forwardAuth: { ...forwardAuth, redirect: false } });
  assert.equal((await ask(about("GET", "/account", navigation), without)).status, 401);
  const open = await ask(about("GET", "/", { cookie: "" }));
  assert.deepEqual([open.status, open.headers.get("x-better-session-identity")], [200, ""]);
  const before = origin.requests.length;
  for (const path of ["/api/auth/sign-in/email", "/api/auth/get-session", "/api/auth/better-session/marks"]) {
    assert.equal((await ask(about("POST", path, { cookie: "" }))).status, 200, path);
  }
  assert.equal(origin.requests.length, before, "the proxy sends calls of the auth API itself");
  const cookie = jar.clone().dropCache().header();
  const renewed = await ask(about("GET", "/account", { cookie }));
  assert.equal(renewed.status, 200);
  assert.match(renewed.headers.getSetCookie().join(), /^better-auth\.session_data=/);
  const identity = renewed.headers.get("x-better-session-identity");
  const forwarded = new Request("http://app.example/account", { headers: { "x-better-session-identity": identity, cookie } });
  assert.equal(openIdentity(forwarded, { secret: SECRET })?.user.name, "Ada Lovelace", "the proxy forwards the old cookies");
});

test("forwardAuth needs trustProxy and two header names", async () => {
  for (const options of [{ trustProxy: false }, { forwardAuth: { method: "x" } }, { forwardAuth: { method: "x", uri: "a b" } }]) {
    assert.throws(() => gateWith(options), { name: "BetterSessionError", code: "OPTION_INVALID" });
  }
  await assert.rejects(ask({}, gateWith({ forwardAuth: undefined })), { code: "OPTION_INVALID" });
});
