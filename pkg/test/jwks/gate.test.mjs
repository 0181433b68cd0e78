// Gates in workerd that have the key set and not the secret, in front of a real server that signs its caches with the JWT plugin's keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ALGORITHMS, jwksOrigin } from "../../../harness/jwks/mint.mjs";
import { signIn, signUp, somebody, startOrigin } from "../../../harness/origin.mjs";
import { createSessionGate, memoryFeed, openIdentity } from "../../dist/edge.js";
import { startAll, through, visit } from "../edge/support.mjs";
import { startEndpoint } from "./support.mjs";

const keyless = { secret: undefined, session: undefined, jwks: "/api/auth/jwks" };
const routes = { fresh: ["/sensitive"], authoritative: ["/sure"], public: ["/open"] };

let origin, open, marked, close;
before(async () => {
  const gates = {
    open: { options: { ...keyless, routes }, APP: "here" },
    marked: { options: { ...keyless, routes, gateSecret: "a secret of the gate's own" }, APP: "here", FEED: "memory" },
  };
  ({ origin, open, marked, close } = await startAll(jwksOrigin("EdDSA"), gates));
});
after(() => close?.());

const lookups = () => origin.counts["GET /api/auth/get-session"] ?? 0;

test("ten requests of a visitor are no lookup, and one request for the key set", async () => {
  const jar = await signUp(open);
  const asked = lookups();
  for (let i = 0; i < 10; i += 1) {
    const response = await visit(open, jar, "/account");
    assert.equal(response.status, 200);
    assert.equal((await response.json()).user.name, "Ada Lovelace");
  }
  assert.equal(lookups(), asked);
  assert.equal(origin.counts["GET /api/auth/jwks"], 1);
  for (const { path, headers } of origin.requests) if (path.endsWith("/jwks")) assert.equal(headers.cookie, undefined);
});

test("the verdict says that the token was not verified, and get-session is answered as the origin answers it", async () => {
  const jar = await signUp(open);
  const { verdict, source } = await (await visit(open, jar, "/gate/authenticate")).json();
  assert.deepEqual([verdict.status, verdict.strategy, verdict.tokenVerified, source], ["authenticated", "jwt", false, "cookie"]);
  const ours = await (await through(open, jar, "/get-session")).text();
  assert.equal(ours, await (await through(origin, jar, "/get-session")).text());
  assert.equal((await (await visit(open, jar, "/gate/check")).json()).reason, "unknown_key", "the synchronous check has no keys");
});

test("a leaked cache alone passes on usual paths, and not where the origin is asked", async () => {
  const jar = await signUp(open);
  const data = decodeURIComponent(jar.get("better-auth.session_data"));
  const { sid } = JSON.parse(Buffer.from(data.split(".")[1], "base64url"));
  const cookie = `better-auth.session_token=${encodeURIComponent(`${sid}.${"A".repeat(43)}=`)}; better-auth.session_data=${data}`;
  const status = async (path) => (await fetch(open.url + path, { headers: { cookie }, redirect: "manual" })).status;
  assert.equal(await status("/account"), 200);
  assert.equal(await status("/sensitive"), 401);
  assert.equal(await status("/sure"), 401);
  const asked = lookups();
  assert.equal((await visit(open, jar, "/sensitive")).status, 200, "the genuine token passes");
  assert.equal((await visit(open, jar, "/sure")).status, 200);
  assert.equal(lookups(), asked + 2);
});

test("a cache of another issuer, a forged one and a token for another purpose are looked up", async () => {
  const jar = await signUp(open);
  const [head, body, signature] = decodeURIComponent(jar.get("better-auth.session_data")).split(".");
  const claims = JSON.parse(Buffer.from(body, "base64url"));
  const forged = Buffer.from(JSON.stringify({ ...claims, user: { ...claims.user, name: "Eve" } })).toString("base64url");
  const { token } = await (await through(origin, jar, "/token")).json();
  for (const value of [`${head}.${forged}.${signature}`, token]) {
    const asked = lookups();
    const cookie = `better-auth.session_token=${jar.get("better-auth.session_token")}; better-auth.session_data=${value}`;
    const response = await fetch(`${open.url}/account`, { headers: { cookie } });
    assert.equal((await response.json()).user.name, "Ada Lovelace");
    assert.equal(lookups(), asked + 1);
  }
});

test("a session that another device revokes is refused within a second", async () => {
  const person = somebody();
  const first = await signUp(marked, person);
  const second = await signIn(marked, person);
  assert.equal((await visit(marked, first, "/account")).status, 200);
  const stolen = first.clone();
  const { token } = (await (await through(marked, first, "/get-session")).json()).session;
  const revoked = await through(marked, second, "/revoke-session", { method: "POST", body: { token } });
  assert.equal(revoked.status, 200);
  const since = Date.now();
  assert.equal((await visit(marked, stolen, "/account")).status, 401);
  assert.ok(Date.now() - since < 1000);
  assert.equal((await visit(marked, second, "/account")).status, 200);
});

test("keys that the server has replaced: the new cache is looked up, then verified; a key that left the set is not accepted", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const gate = createSessionGate({ origin: origin.url, jwks: "/api/auth/jwks" });
  const app = (_, { session }) => Response.json({ session });
  const status = async (jar) =>
    (await gate.fetch(new Request(`${origin.url}/account`, { headers: { cookie: jar.header() } }), undefined, app)).status;
  const before = await signUp(origin);
  assert.equal(await status(before), 200);
  await origin.db.delete(origin.tables.jwks);
  const renewed = await signUp(origin);
  const asked = lookups();
  assert.equal(await status(renewed), 200, "looked up: the set was fetched less than 10 s ago");
  assert.equal(lookups(), asked + 1);
  t.mock.timers.setTime(Date.now() + 10_000);
  assert.equal(await status(renewed), 200);
  assert.equal(lookups(), asked + 1, "verified with the new set");
  assert.equal(await status(before), 200);
  assert.equal(lookups(), asked + 2, "the old key is not accepted");
});

for (const alg of ALGORITHMS.slice(1)) {
  test(`${alg}: a gate without the secret verifies the caches of a real server`, async () => {
    const { origin, gate, close } = await startAll(jwksOrigin(alg), { gate: { options: keyless, APP: "here" } });
    try {
      const jar = await signUp(gate);
      for (let i = 0; i < 2; i += 1) assert.equal((await visit(gate, jar, "/account")).status, 200);
      assert.equal(origin.counts["GET /api/auth/get-session"], undefined);
    } finally {
      await close();
    }
  });
}

test("a key set at another URL, which the server names in remoteUrl", async () => {
  const endpoint = await startEndpoint();
  const origin = await startOrigin(jwksOrigin("ES256", { jwks: { remoteUrl: endpoint.url, keyPairConfig: { alg: "ES256" } } }));
  try {
    const jar = await signUp(origin);
    assert.equal((await through(origin, jar, "/jwks")).status, 404);
    const rows = await origin.db.select().from(origin.tables.jwks);
    const keys = rows.map(({ id, publicKey }) => ({ ...JSON.parse(publicKey), kid: id, alg: "ES256" }));
    endpoint.respond = (_, response) => response.end(JSON.stringify({ keys }));
    const gate = createSessionGate({ origin: origin.url, jwks: endpoint.url, issuer: origin.url });
    const { verdict } = await gate.authenticate(new Request(`${origin.url}/`, { headers: { cookie: jar.header() } }));
    assert.deepEqual([verdict.status, verdict.strategy], ["authenticated", "jwt"]);
    assert.equal(endpoint.count, 1);
    assert.equal(endpoint.seen[0].headers.cookie, undefined);
  } finally {
    await origin.close();
    await endpoint.close();
  }
});

test("an origin that is a binding: the key set below it is fetched through it, and gate.warm fetches it before", async () => {
  const paths = [];
  const binding = {
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      paths.push(pathname);
      return fetch(new Request(origin.url + pathname + search, request));
    },
  };
  const gate = createSessionGate({ origin: binding, jwks: "/api/auth/jwks", issuer: origin.url });
  await gate.warm();
  await gate.warm();
  assert.deepEqual(paths, ["/api/auth/jwks"]);
  const jar = await signUp(origin);
  const { verdict } = await gate.authenticate(new Request("http://app.example/", { headers: { cookie: jar.header() } }));
  assert.equal(verdict.strategy, "jwt");
  assert.deepEqual(paths, ["/api/auth/jwks"]);
});

test("without a secret of its own a gate refuses to revoke; with gateSecret it attaches identities", async () => {
  const options = { origin: origin.url, jwks: "/api/auth/jwks" };
  assert.throws(() => createSessionGate({ ...options, revocation: { feed: memoryFeed() } }), { code: "GATE_SECRET_MISSING" });
  const jar = await signUp(origin);
  const identities = async (gate) => {
    let sealed;
    const app = (request, { seal }) => ((sealed = seal(request)), new Response());
    await gate.fetch(new Request(`${origin.url}/account`, { headers: { cookie: jar.header() } }), undefined, app);
    return sealed;
  };
  const gateSecret = "a secret of the gate's own";
  const sealed = await identities(createSessionGate({ ...options, gateSecret }));
  assert.equal(openIdentity(sealed, { gateSecret }).user.name, "Ada Lovelace");
  assert.equal(openIdentity(sealed, { secret: "another" }), null);
  const bare = await identities(createSessionGate(options));
  assert.equal(bare.headers.get("x-better-session-identity"), null);
});
