// A request with a credential header (a bearer token, an API key) is looked up at the origin, never verified from a cookie. The plugins are real.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { apiKey } from "@better-auth/api-key";
import { createVerifier } from "better-session";
import { SECRET, call, signIn, signUp } from "../../../harness/origin.mjs";
import { visit } from "../edge/support.mjs";
import { inBoth, startInBoth } from "./support.mjs";

const plugins = async (ba) => [
  (await ba.plugin("bearer")).bearer(),
  apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } }),
];
const routes = { public: ["/open"], authoritative: ["/billing"] };
const CREDENTIAL = { status: "unauthenticated", reason: "credential_header" };

const signedToken = (jar) => jar.get("better-auth.session_token");
const lookups = ({ counts }) => counts["GET /api/auth/get-session"] ?? 0;
const forged = (jar) => `${decodeURIComponent(signedToken(jar)).split(".")[0]}.${"A".repeat(43)}=`;

async function keyOf(origin, { user }) {
  const { key } = await origin.auth.api.createApiKey({ body: { userId: user.id } });
  return key;
}

async function seen(gate, jar, headers, path = "/account") {
  const response = await visit(gate, jar?.clone(), path, { headers });
  const body = await response.json();
  return { status: response.status, user: body.user?.id, control: response.headers.get("cache-control"), body, response };
}

const isPrivate = ({ control }) => assert.equal(control, "private, no-store");

describe("by default", () => {
  let started;
  before(async () => (started = await startInBoth({ origin: { plugins }, gate: { routes }, app: true })));
  after(() => started?.close());
  const both = (name, run) => inBoth(name, () => started, run);

  both("an API key outweighs another person's cookies", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    const key = { "x-api-key": await keyOf(started.origin, a) };
    const asked = lookups(started.origin);
    const answer = await seen(gate, b, key);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.user, a.user.id);
    assert.equal(lookups(started.origin), asked + 1);
    assert.doesNotMatch(answer.body.headers.cookie, /session_data/, "the app is not handed the other person's cache");
    isPrivate(answer);
    const session = await seen(gate, b, key, "/api/auth/get-session");
    assert.equal(session.user, a.user.id);
    isPrivate(session);
    assert.deepEqual((await seen(gate, b, key, "/gate/check")).body, CREDENTIAL);
    const known = await seen(gate, b, key, "/gate/authenticate");
    assert.equal(known.body.source, "origin");
    assert.equal(known.user, a.user.id);
  });

  both("an API key needs no cookie, and its answers are not stored", async (gate) => {
    const a = await signUp(started.origin);
    const key = { "x-api-key": await keyOf(started.origin, a) };
    const answer = await seen(gate, null, key);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.user, a.user.id);
    isPrivate(answer);
    const session = await seen(gate, null, key, "/api/auth/get-session");
    assert.equal(session.user, a.user.id);
    isPrivate(session);
    isPrivate(await seen(gate, null, key, "/open?blind"));
  });

  both("a refused API key is refused, whatever the cookies are", async (gate) => {
    const b = await signUp(started.origin);
    const key = { "x-api-key": "k".repeat(64) };
    assert.equal((await seen(gate, b, key)).status, 401);
    const theirs = await call(started.origin, b.clone(), "/get-session", { headers: key });
    assert.equal(theirs.ok, false);
    const session = await seen(gate, b, key, "/api/auth/get-session");
    assert.equal(session.status, theirs.status);
    isPrivate(session);
  });

  both("a bearer token outweighs another person's cookies", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    const signed = signedToken(a);
    for (const token of [a.token, signed, decodeURIComponent(signed)]) {
      const header = { authorization: `bEARER ${token}` };
      const answer = await seen(gate, b, header);
      assert.equal(answer.user, a.user.id, JSON.stringify(answer.body));
      isPrivate(answer);
      assert.equal((await seen(gate, b, header, "/api/auth/get-session")).user, a.user.id);
      assert.deepEqual((await seen(gate, b, header, "/gate/check")).body, CREDENTIAL);
      assert.equal((await seen(gate, null, header)).user, a.user.id, "without cookies");
    }
  });

  both("on a public path nobody is read out of cookies beside a credential", async (gate) => {
    const b = await signUp(started.origin);
    const answer = await seen(gate, b, { authorization: "Bearer x" }, "/open");
    assert.deepEqual(answer.body.verdict, CREDENTIAL);
    assert.equal(answer.body.user, null);
    isPrivate(answer);
  });

  both("a bearer token that the server ignores leaves the cookies' session", async (gate) => {
    const b = await signUp(started.origin);
    const header = { authorization: "Bearer " };
    assert.equal((await seen(gate, b, header)).user, b.user.id);
    const asked = lookups(started.origin);
    for (const authorization of [
      "Basic YTpi",
      "Digest username=x",
      `Bearer ${forged(b)}`,
      `Bearer ${encodeURIComponent(forged(b))}`,
      "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
    ]) {
      const answer = await seen(gate, b, { authorization });
      assert.equal(answer.user, b.user.id, authorization);
      assert.equal((await seen(gate, b, { authorization }, "/gate/check")).body.status, "authenticated", authorization);
    }
    assert.equal(lookups(started.origin), asked, "the cookies decide without a lookup");
  });

  both("a bearer token that only the server's lenient decoder accepts is the server's to judge", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    const [token, mac] = decodeURIComponent(signedToken(a)).split(".");
    const spellings = [mac.replace("=", ""), mac.replaceAll("+", "-").replaceAll("/", "_"), `${mac}x`, `${mac}.x`];
    for (const spelling of spellings) {
      const header = { authorization: `Bearer ${token}.${spelling}` };
      const theirs = await call(started.origin, b.clone(), "/get-session", { headers: header }).then((response) => response.json());
      const ours = await seen(gate, b, header);
      assert.equal(ours.user, theirs?.user.id, spelling);
      assert.deepEqual((await seen(gate, b, header, "/gate/check")).body, CREDENTIAL, spelling);
    }
  });

  both("an expired bearer token beside good cookies is what the server says", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    await call(started.origin, a.clone(), "/sign-out", { body: {} });
    assert.equal((await seen(gate, b, { authorization: `Bearer ${a.token}` })).status, 401);
  });
});

describe("with credentialHeaders", () => {
  let started;
  const gate = { routes, credentialHeaders: ["Authorization", "X-Service-Token"] };
  before(async () => (started = await startInBoth({ origin: { plugins }, gate, app: true })));
  after(() => started?.close());
  const both = (name, run) => inBoth(name, () => started, run);

  both("every bearer token is the origin's to judge, another scheme is not", async (gate) => {
    const b = await signUp(started.origin);
    const asked = lookups(started.origin);
    const jwt = { authorization: `Bearer ${forged(b)}` };
    assert.equal((await seen(gate, b, jwt)).user, b.user.id);
    assert.equal(lookups(started.origin), asked + 1);
    assert.deepEqual((await seen(gate, b, jwt, "/gate/check")).body, CREDENTIAL);
    assert.equal((await seen(gate, b, { authorization: "Basic YTpi" }, "/gate/check")).body.status, "authenticated");
  });

  both("the named headers count, and no others", async (gate) => {
    const b = await signUp(started.origin);
    assert.deepEqual((await seen(gate, b, { "x-service-token": "" }, "/gate/check")).body, CREDENTIAL);
    assert.equal((await seen(gate, b, { "x-api-key": "k" }, "/gate/check")).body.status, "authenticated");
  });
});

describe("before an origin that mixes answers up", () => {
  let started, mixed, answer;
  before(async () => {
    mixed = createServer((request, response) => {
      response.writeHead(200, { "content-type": "application/json", "set-cookie": "better-auth.session_token=somebody.else; Path=/" });
      response.end(answer);
    });
    await new Promise((resolve) => mixed.listen(0, "127.0.0.1", resolve));
    started = await startInBoth({ app: true, before: () => ({ url: `http://127.0.0.1:${mixed.address().port}` }) });
  });
  after(async () => {
    await started?.close();
    mixed.close();
    mixed.closeAllConnections();
  });

  inBoth(
    "a lookup result for another session than the bearer's or the cookies' is rejected",
    () => started,
    async (gate) => {
      const [a, b, c] = [await signUp(started.origin), await signUp(started.origin), await signUp(started.origin)];
      const answerOf = async (jar) => (await call(started.origin, jar.clone(), "/get-session")).text();
      for (const token of [a.token, signedToken(a), "junk"]) {
        const header = { authorization: `Bearer ${token}` };
        answer = await answerOf(c);
        const refused = await seen(gate, b, header);
        assert.equal(refused.status, 503, token);
        assert.deepEqual(refused.response.headers.getSetCookie(), []);
        const known = await seen(gate, b, header, "/gate/authenticate");
        assert.deepEqual([known.body.verdict, known.body.session], [CREDENTIAL, null]);
        answer = await answerOf(b);
        assert.equal((await seen(gate, b, header)).user, b.user.id, token);
        answer = await answerOf(a);
        assert.equal((await seen(gate, b, header)).status, token === "junk" ? 503 : 200, token);
      }
    },
  );
});

describe("with revocation", () => {
  let started;
  before(async () => (started = await startInBoth({ origin: { plugins }, gate: { routes }, app: true, bindings: { FEED: "memory" } })));
  after(() => started?.close());
  const both = (name, run) => inBoth(name, () => started, run);

  const isAlive = async (jar) => (await (await call(started.origin, jar.clone(), "/get-session?disableCookieCache=true")).json()) !== null;

  both("a call with a bearer token ends its owner's sessions, never the browser's", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    const headers = { authorization: `Bearer ${(await signIn(started.origin, a.credentials)).token}` };
    assert.equal((await seen(gate, a)).user, a.user.id);
    const response = await call(gate, b.clone(), "/revoke-sessions", { body: {}, headers });
    assert.equal(response.status, 200, await response.text());
    assert.equal(response.headers.get("cache-control"), "private, no-store");
    assert.equal((await seen(gate, a)).status, 401, "the owner's cookies are no longer believed");
    const asked = lookups(started.origin);
    assert.equal((await seen(gate, b)).user, b.user.id);
    assert.equal(lookups(started.origin), asked, "nothing was recorded against the browser's user");
  });

  both("a call with an API key changes its owner, as the origin says", async (gate) => {
    const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
    assert.equal((await seen(gate, a)).body.user.name, "Ada Lovelace");
    const headers = { "x-api-key": await keyOf(started.origin, a) };
    const response = await call(gate, b.clone(), "/update-user", { body: { name: "Grace Hopper" }, headers });
    assert.equal(response.status, 200, await response.text());
    assert.equal((await seen(gate, a)).body.user.name, "Grace Hopper", "the owner's cookies are no longer believed");
    assert.equal((await seen(gate, b)).body.user.name, "Ada Lovelace");
  });

  for (const path of ["/revoke-sessions", "/revoke-other-sessions", "/sign-out"]) {
    both(`${path} with an API key beside cookies: whomever the server ended is refused`, async (gate) => {
      const [a, b] = [await signUp(started.origin), await signUp(started.origin)];
      const jars = [a, await signIn(started.origin, a.credentials), b, await signIn(started.origin, b.credentials)];
      for (const jar of jars) assert.equal((await seen(gate, jar)).status, 200);
      const headers = { "x-api-key": await keyOf(started.origin, a) };
      const response = await call(gate, b.clone(), path, { body: {}, headers });
      assert.equal(response.status, 200, await response.text());
      const alive = await Promise.all(jars.map(isAlive));
      assert.ok(alive.includes(false), "the server ended a session");
      assert.deepEqual(await Promise.all(jars.map(async (jar) => (await seen(gate, jar)).status === 200)), alive);
    });
  }
});

test("verify returns credential_header for a Request, Headers and a request of Node", async () => {
  const verifier = createVerifier({ secret: SECRET, session: { cookieCache: { enabled: true } } });
  const url = "https://app.example/";
  for (const headers of [{ "x-api-key": "k" }, { authorization: "Bearer raw" }, { authorization: `bearer ${await signed("token")}` }]) {
    assert.deepEqual(verifier.verify(new Request(url, { headers })), CREDENTIAL);
    assert.deepEqual(verifier.verify(new Headers(headers)), CREDENTIAL);
    assert.deepEqual(verifier.verify({ headers }), CREDENTIAL, "an IncomingMessage");
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    assert.deepEqual(verifier.verify({ headers: lists }), CREDENTIAL, "lists of values");
  }
  const nobody = { status: "unauthenticated", reason: "no_cookie" };
  for (const headers of [{ authorization: "Basic YTpi" }, { authorization: "Bearer a.b.c" }, {}]) {
    assert.deepEqual(verifier.verify(new Headers(headers)), nobody);
  }
  const strict = createVerifier({ secret: SECRET, credentialHeaders: ["authorization"] });
  assert.deepEqual(strict.verify(new Headers({ authorization: "Bearer a.b.c" })), CREDENTIAL);
  assert.deepEqual(strict.verify(new Headers({ authorization: "Basic YTpi", "x-api-key": "k" })), nobody);
  for (const credentialHeaders of ["authorization", [""], ["a b"], [1], {}]) {
    assert.throws(() => createVerifier({ secret: SECRET, credentialHeaders }), { code: "OPTION_INVALID" });
  }
});

test("a bearer token signed with an older secret is a credential", async () => {
  const verifier = createVerifier({
    secrets: [
      { version: 2, value: "a-new-secret-of-32-bytes-or-more-1" },
      { version: 1, value: SECRET },
    ],
  });
  assert.deepEqual(verifier.verify(new Headers({ authorization: `Bearer ${await signed("token")}` })), CREDENTIAL);
});

async function signed(token) {
  const encode = (text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", encode(SECRET), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return `${token}.${Buffer.from(await crypto.subtle.sign("HMAC", key, encode(token))).toString("base64")}`;
}
