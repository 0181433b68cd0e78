// `__Secure-` and plain names where neither `baseURL` nor `useSecureCookies` is given: the request's scheme decides, so that
// cookies which anybody can plant do not become a session. Real servers with and without secure cookies.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { createVerifier } from "better-session";
import { createSessionGate, nodeListener } from "better-session/edge";
import { SECRET, signUp } from "../../../harness/origin.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const session = { cookieCache: { enabled: true } };
const PUBLIC = { routes: { public: ["/open"] } };
let secure, plain, trusting;
before(async () => {
  secure = await startInBoth({ origin: { auth: { advanced: { useSecureCookies: true } } }, gate: PUBLIC, app: true });
  plain = await startInBoth({ gate: PUBLIC, app: true });
  trusting = await startInBoth({
    origin: { auth: { advanced: { useSecureCookies: true } } },
    gate: { ...PUBLIC, trustProxy: true },
    app: true,
  });
});
after(() => Promise.all([secure, plain, trusting].map((started) => started?.close())));

const plainNames = (cookie) => cookie.replaceAll("__Secure-", "");
const secureNames = (cookie) => plainNames(cookie).replaceAll("better-auth.", "__Secure-better-auth.");
/** A visit that reaches the gate as a Request of this scheme. */
const visit = (gate, path, cookie, scheme, headers = {}) =>
  fetch(gate.url + path, { redirect: "manual", headers: { cookie, ...(scheme ? { "x-test-scheme": scheme } : {}), ...headers } });
const check = async (...args) => (await visit(args[0], "/gate/check", ...args.slice(1))).json();
const serverSays = async ({ url }, cookie) => (await fetch(`${url}/api/auth/get-session`, { headers: { cookie } })).json();

inBoth(
  "a session of a server with secure cookies is accepted over https",
  () => secure,
  async (gate) => {
    const cookie = (await signUp(secure.origin)).header();
    assert.match(cookie, /^__Secure-/);
    assert.equal((await check(gate, cookie, "https")).status, "authenticated");
    const page = await visit(gate, "/account", cookie, "https");
    assert.deepEqual([page.status, (await page.json()).user.name], [200, "Ada Lovelace"]);
  },
);

inBoth(
  "__Secure- cookies with plain names are refused over https, as at the server",
  () => secure,
  async (gate) => {
    const renamed = plainNames((await signUp(secure.origin)).header());
    assert.equal(await serverSays(secure.origin, renamed), null);
    assert.deepEqual(await check(gate, renamed, "https"), { status: "unauthenticated", reason: "no_cookie" });
    assert.equal((await visit(gate, "/account", renamed, "https")).status, 401);
    const known = await (await visit(gate, "/gate/authenticate", renamed, "https")).json();
    assert.deepEqual([known.verdict.reason, known.user], ["no_cookie", null]);
    assert.equal((await (await visit(gate, "/open", renamed, "https")).json()).user, null);
    assert.equal(await (await visit(gate, "/api/auth/get-session", renamed, "https")).json(), null);
  },
);

inBoth(
  "planted plain cookies beside __Secure- ones are ignored over https",
  () => secure,
  async (gate) => {
    const [victim, attacker] = [await signUp(secure.origin), await signUp(secure.origin)].map((jar) => jar.header());
    const own = await serverSays(secure.origin, victim);
    for (const both of [`${plainNames(attacker)}; ${victim}`, `${victim}; ${plainNames(attacker)}`]) {
      assert.equal((await serverSays(secure.origin, both)).user.id, own.user.id);
      assert.equal((await check(gate, both, "https")).user.id, own.user.id);
      assert.equal((await (await visit(gate, "/account", both, "https")).json()).user.id, own.user.id);
    }
  },
);

inBoth(
  "a plain cache is not used for a __Secure- token",
  () => secure,
  async (gate) => {
    const [token, data] = (await signUp(secure.origin)).header().split("; ");
    assert.equal((await check(gate, `${token}; ${plainNames(data)}`, "https")).reason, "cache_absent");
  },
);

inBoth(
  "over http only plain names are read",
  () => plain,
  async (gate) => {
    const cookie = (await signUp(plain.origin)).header();
    assert.equal((await check(gate, cookie)).status, "authenticated");
    const renamed = secureNames(cookie);
    assert.equal(await serverSays(plain.origin, renamed), null);
    assert.deepEqual(await check(gate, renamed), { status: "unauthenticated", reason: "no_cookie" });
    const attacker = secureNames((await signUp(plain.origin)).header());
    assert.equal((await check(gate, `${attacker}; ${cookie}`)).user.id, (await serverSays(plain.origin, cookie)).user.id);
  },
);

inBoth(
  "x-forwarded-proto from a visitor is ignored without trustProxy",
  () => secure,
  async (gate) => {
    const cookie = (await signUp(secure.origin)).header();
    assert.equal((await check(gate, cookie, "http", { "x-forwarded-proto": "https" })).reason, "no_cookie");
    assert.equal((await check(gate, plainNames(cookie), "https", { "x-forwarded-proto": "http" })).reason, "no_cookie");
  },
);

inBoth(
  "behind a proxy that terminates TLS, trustProxy uses the proxy's scheme",
  () => trusting,
  async (gate) => {
    const cookie = (await signUp(trusting.origin)).header();
    for (const proto of ["https", "HTTPS", " https ", "https, http"]) {
      assert.equal((await check(gate, cookie, "http", { "x-forwarded-proto": proto })).status, "authenticated", proto);
      assert.equal((await check(gate, plainNames(cookie), "http", { "x-forwarded-proto": proto })).reason, "no_cookie", proto);
    }
    for (const junk of ["", "on", "ftp", ",https"])
      assert.equal((await check(gate, cookie, "http", { "x-forwarded-proto": junk })).reason, "no_cookie", junk);
    assert.equal((await visit(gate, "/account", cookie, "http", { "x-forwarded-proto": "https" })).status, 200);
  },
);

test("nodeListener with trustProxy sets the proxy's scheme in the request's URL", async (t) => {
  const cookie = (await signUp(secure.origin)).header();
  const gate = createSessionGate({ secret: SECRET, session, origin: secure.origin.url });
  for (const [trustProxy, status, scheme] of [
    [true, 200, "https:"],
    [false, 401, undefined],
  ]) {
    let seen;
    const server = createServer(
      nodeListener(gate, (request) => ((seen = new URL(request.url).protocol), new Response("in")), { trustProxy }),
    );
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${server.address().port}/account`;
    assert.equal((await fetch(url, { headers: { cookie, "x-forwarded-proto": "https" } })).status, status);
    assert.equal(seen, scheme);
  }
});

test("verify: a Request has a scheme; headers, text and Node's own request have none", async () => {
  const jar = await signUp(secure.origin);
  const [own, renamed] = [jar.header(), plainNames(jar.header())];
  const verifier = createVerifier({ secret: SECRET, session });
  const reason = (source) => verifier.verify(source).reason ?? "authenticated";
  const request = (url, cookie) => new Request(url, { headers: { cookie } });
  assert.equal(reason(request("https://app.example", own)), "authenticated");
  assert.equal(reason(request("https://app.example", renamed)), "no_cookie");
  assert.equal(reason(request("http://app.example", own)), "no_cookie");
  assert.equal(reason(request("http://app.example", renamed)), "authenticated");
  for (const source of [
    (cookie) => cookie,
    (cookie) => new Headers({ cookie }),
    (cookie) => ({ url: "https://forged.example/", headers: { cookie } }),
  ]) {
    assert.equal(reason(source(own)), "authenticated");
    assert.equal(reason(source(renamed)), "authenticated");
    assert.equal(reason(source(`${renamed}; ${own}`)), "ambiguous_cookies");
  }
});

test("verify: baseURL and useSecureCookies take precedence over the scheme", async () => {
  const cookie = (await signUp(secure.origin)).header();
  for (const options of [{ baseURL: "https://app.example" }, { advanced: { useSecureCookies: true } }]) {
    const verifier = createVerifier({ secret: SECRET, session, ...options });
    for (const url of ["http://10.0.0.1", "https://app.example"]) {
      assert.equal(verifier.verify(new Request(url, { headers: { cookie } })).status, "authenticated");
      assert.equal(verifier.verify(new Request(url, { headers: { cookie: plainNames(cookie) } })).reason, "no_cookie");
      assert.equal(verifier.verify(new Request(url, { headers: { cookie: `${plainNames(cookie)}; ${cookie}` } })).status, "authenticated");
    }
  }
});
