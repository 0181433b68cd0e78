// The session at the edge: what the cookie can answer is answered here, the rest by the origin.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { signUp } from "../../../harness/origin.mjs";
import { startPair, through, visit } from "./support.mjs";

let origin, gate, close;
before(async () => ({ origin, gate, close } = await startPair({}, {}, { app: "here" })));
after(() => close?.());

test("get-session is answered at the edge as the origin answers it", async () => {
  const jar = await signUp(gate);
  const asked = origin.counts["GET /api/auth/get-session"] ?? 0;
  const ours = await through(gate, jar, "/get-session");
  assert.equal(origin.counts["GET /api/auth/get-session"] ?? 0, asked);
  const theirs = await through(origin, jar, "/get-session");
  assert.equal(ours.status, 200);
  assert.equal(await ours.text(), await theirs.text());
  for (const name of ["content-type", "pragma"]) assert.equal(ours.headers.get(name), theirs.headers.get(name), name);
  assert.equal(ours.headers.get("cache-control"), "private, no-store");
  assert.equal(ours.headers.get("vary"), "cookie");
  assert.deepEqual(ours.headers.getSetCookie(), theirs.headers.getSetCookie());
});

test("a lapsed cache is renewed through the origin, once for a request", async () => {
  const jar = (await signUp(gate)).dropCache();
  const asked = origin.counts["GET /api/auth/get-session"] ?? 0;
  const response = await visit(gate, jar, "/account");
  const seen = await response.json();
  assert.equal(response.status, 200, JSON.stringify(seen));
  assert.equal(origin.counts["GET /api/auth/get-session"], asked + 1);
  assert.equal(seen.user.name, "Ada Lovelace");
  assert.match(response.headers.getSetCookie().join("\n"), /session_data=/);
  assert.match(seen.headers.cookie, /session_data=/, "next sees the renewed cookie");
  await visit(gate, jar, "/account");
  assert.equal(origin.counts["GET /api/auth/get-session"], asked + 1, "the renewed cookie answers");
});

/** Members of a verdict that describe a cache. */
const describesCache = ({ strategy, version, cachedAt, cacheExpiresAt }) => ({ strategy, version, cachedAt, cacheExpiresAt });
const NO_CACHE = { strategy: null, version: null, cachedAt: null, cacheExpiresAt: null };

test("authenticate and next: a verdict on the origin's response has no cache members, one on the cookies has them", async () => {
  const jar = await signUp(gate);
  for (const path of ["/gate/authenticate", "/account"]) {
    const looked = await (await visit(gate, jar.clone().dropCache(), path)).json();
    assert.equal(looked.verdict.status, "authenticated", path);
    assert.deepEqual(describesCache(looked.verdict), NO_CACHE, path);
    assert.equal(typeof looked.verdict.fresh, "boolean", path);
    assert.equal(looked.session.token, jar.token, path);
    const { verdict } = await (await visit(gate, jar, path)).json();
    assert.equal(verdict.strategy, "compact", path);
    assert.equal(Date.parse(verdict.cacheExpiresAt) - Date.parse(verdict.cachedAt), 300_000, path);
  }
});

test("without a session the default is to deny", async () => {
  const response = await visit(gate, null, "/account");
  assert.equal(response.status, 401);
  assert.deepEqual(await response.json(), { code: "UNAUTHORIZED", message: "Unauthorized" });
});
