// routes.optional and routes.when, in workerd in front of a real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createSessionGate, openIdentity } from "better-session/edge";
import { SECRET, call, signUp, somebody } from "../../../harness/origin.mjs";
import { tokenPair } from "./mint.mjs";
import { startAll, startGates, through, visit } from "./support.mjs";

const routes = { public: ["/public/**"], optional: ["/greeting/**"], fresh: ["/greeting/fresh"], signInURL: "/in" };
const entry = "routes-worker.mjs";
let all, down, admin, ada;
before(async () => {
  all = await startAll({}, { gate: { entry, options: { routes } }, behind: { entry, NEXT: "none", options: { routes } } });
  down = await startGates({ url: "http://127.0.0.1:1" }, { gate: { entry, options: { routes, originTimeout: 300 } } });
  admin = await signUp(all.origin, somebody({ name: "Admin" }));
  ada = await signUp(all.origin);
});
after(() => Promise.all([all?.close(), down?.close()]));

const asked = () => all.origin.counts["GET /api/auth/get-session"] ?? 0;
const PRIVATE = "private, no-store";

async function see(gate, jar, path, init) {
  const response = await visit(gate, jar, path, init);
  const { status, headers } = response;
  return { status, cache: headers.get("cache-control"), set: headers.getSetCookie(), body: await response.json().catch(() => null) };
}

test("an optional page greets whoever is signed in, and asks the origin only for a stale session", async () => {
  const before = asked();
  const stranger = await see(all.gate, null, "/greeting");
  assert.deepEqual(stranger.body, { greeting: "Hello stranger", status: "unauthenticated", reason: "no_cookie" });
  assert.deepEqual([stranger.status, stranger.cache, stranger.set], [200, PRIVATE, []]);
  const known = await see(all.gate, ada, "/greeting/x");
  assert.deepEqual([known.body.greeting, known.cache, known.set], ["Hello Ada Lovelace", PRIVATE, []]);
  assert.equal(asked(), before);

  const lapsed = await see(all.gate, ada.dropCache(), "/greeting");
  assert.equal(lapsed.body.greeting, "Hello Ada Lovelace");
  assert.ok(lapsed.set.some((line) => line.includes("session_data=")) && ada.has("better-auth.session_data"), String(lapsed.set));
  assert.equal(lapsed.cache, PRIVATE);
  assert.equal(asked(), before + 1);
});

test("an optional page treats an ended session as nobody and passes the server's deletions on", async () => {
  const jar = await signUp(all.origin);
  await call(all.origin, null, "/sign-out", { body: {}, headers: { cookie: jar.header() } });
  const { status, body, set } = await see(all.gate, jar.dropCache(), "/greeting");
  assert.deepEqual([status, body], [200, { greeting: "Hello stranger", status: "unauthenticated", reason: "refused" }]);
  assert.ok(set.length > 0 && !jar.has("better-auth.session_token"), String(set));
  const forged = await see(all.gate, null, "/greeting", {
    headers: { cookie: tokenPair(undefined, "another-secret-of-32-bytes-or-more!") },
  });
  assert.deepEqual([forged.status, forged.body.reason], [200, "token_bad_signature"]);
});

test("an optional page works while the origin is down, for a visitor who is not recognised", async () => {
  const { status, body, cache } = await see(down.gate, null, "/greeting", { headers: { cookie: tokenPair() } });
  assert.deepEqual([status, cache, body], [200, PRIVATE, { greeting: "Hello stranger", status: "stale", reason: "cache_absent" }]);
  const bearer = await see(down.gate, null, "/greeting", { headers: { authorization: "Bearer a-token-of-somebody" } });
  assert.deepEqual([bearer.status, bearer.body.reason], [200, "credential_header"]);
  assert.equal((await see(down.gate, null, "/account", { headers: { cookie: tokenPair() } })).status, 503);
});

test("an optional page is private unless it declares that it does not depend on the visitor", async () => {
  assert.equal((await see(all.gate, null, "/greeting?blind")).cache, PRIVATE);
  assert.equal((await see(all.gate, null, "/greeting?share&blind")).cache, "public, max-age=60");
  assert.equal((await see(all.gate, ada, "/greeting?share&blind")).cache, PRIVATE, "a session is never shared");
  assert.equal((await see(all.behind, null, "/greeting")).cache, PRIVATE, "an app behind the origin reads its identity");
});

test("an app behind the origin gets the identity on an optional page, and none for a stranger", async () => {
  const { body } = await see(all.behind, ada, "/greeting/x");
  const request = new Request("https://app.example/greeting/x", { headers: body.headers });
  assert.equal(openIdentity(request, { secret: SECRET })?.user.name, "Ada Lovelace");
  assert.equal((await see(all.behind, null, "/greeting")).body.headers["x-better-session-identity"], undefined);
});

test("fresh outweighs optional, and optional does not loosen a path in another spelling", async () => {
  assert.equal((await see(all.gate, null, "/greeting/fresh")).status, 401);
  assert.equal((await see(all.gate, null, "/GREETING")).status, 401);
});

test("predicates let through, refuse or answer, and every matching one counts", async () => {
  assert.equal((await see(all.gate, admin, "/admin/x")).status, 200);
  const refused = await see(all.gate, ada, "/admin/x");
  assert.deepEqual([refused.status, refused.body, refused.cache], [403, { code: "FORBIDDEN", message: "Forbidden" }, PRIVATE]);
  assert.equal((await see(all.gate, ada, "/ADMIN/X/")).status, 403, "in the forms that lenient servers accept");
  assert.equal((await see(all.gate, admin, "/admin/billing")).status, 403, "the second one refuses");
  assert.equal((await see(all.gate, null, "/admin/x")).status, 401, "nobody is asked for a session first");
  assert.equal((await see(all.gate, ada, "/truthy")).status, 403, "only true is true");
  assert.deepEqual((await see(all.gate, ada, "/throws")).body, { code: "INTERNAL_SERVER_ERROR", message: "Internal server error" });
  const answered = await see(all.gate, ada, "/answer");
  assert.deepEqual([answered.status, answered.body, answered.cache, answered.set], [402, { said: "no" }, PRIVATE, ["seen=1"]]);
  const preflight = { method: "OPTIONS", headers: { "origin": "https://app.example", "access-control-request-method": "POST" } };
  assert.equal((await see(all.gate, ada, "/admin/x", preflight)).status, 200, "a preflight has no session");
  assert.equal((await see(all.behind, ada, "/admin/x")).status, 403);
  assert.equal((await see(all.behind, admin, "/admin/x")).body.url, "/admin/x");
});

test("a predicate outweighs public, and judges an optional page's stranger", async () => {
  assert.equal((await see(all.gate, null, "/public/x")).status, 200);
  assert.equal((await see(all.gate, null, "/public/admins")).status, 401);
  assert.equal((await see(all.gate, ada, "/public/admins")).status, 403);
  assert.equal((await see(all.gate, admin, "/public/admins")).status, 200);
  assert.equal((await see(all.gate, null, "/greeting/strangers")).status, 200);
  assert.equal((await see(all.gate, ada, "/greeting/strangers")).status, 403);
});

test("a predicate judges the session that the origin returned, and its cookies reach the browser", async () => {
  const refused = await see(all.gate, ada.dropCache(), "/admin/x");
  assert.equal(refused.status, 403);
  assert.ok(
    refused.set.some((line) => line.includes("session_data=")),
    String(refused.set),
  );
  assert.equal((await see(all.gate, admin.dropCache(), "/admin/x")).status, 200);
});

test("a predicate of a path of the auth API applies there", async () => {
  for (const dropped of [false, true]) {
    if (dropped) [ada, admin].forEach((jar) => jar.dropCache());
    assert.equal((await through(all.gate, ada, "/list-sessions")).status, 403);
    const listed = await through(all.gate, admin, "/list-sessions");
    assert.equal(listed.status, 200);
    assert.equal((await listed.json()).length, 1);
  }
  assert.equal((await through(all.gate, null, "/list-sessions")).status, 401);
  assert.equal((await through(all.gate, ada, "/get-session")).status, 200, "other calls have none");
});

test("a predicate that is no function, and a pattern that is none, are refused at start", () => {
  const create = (when) => () => createSessionGate({ secret: SECRET, origin: "https://auth.example", routes: { when } });
  assert.throws(create({ "/x": true }), { code: "OPTION_INVALID", message: /routes\.when/ });
  assert.throws(create({ "x": () => true }), { code: "OPTION_INVALID" });
  assert.doesNotThrow(create(undefined));
});
