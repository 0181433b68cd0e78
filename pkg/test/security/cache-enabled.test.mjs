// The cookie cache is used only if the server has it enabled: a cache that the server would ignore is ignored by the gate too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createVerifier } from "better-session";
import { getCookieCache } from "better-session/cookies";
import { SECRET, signUp } from "../../../harness/origin.mjs";
import { cookieHeader } from "../edge/mint.mjs";
import { inBoth, startInBoth } from "./support.mjs";

/** Session options of the gate that disable the cache. `null` omits the option. */
const OFF = {
  "no session options": null,
  "session: {}": {},
  "an empty cookieCache": { cookieCache: {} },
  "everything but enabled": { cookieCache: { maxAge: 300, strategy: "compact", version: "1" } },
  "refreshCache without jwe": { cookieCache: { refreshCache: true } },
  "enabled: false": { cookieCache: { enabled: false } },
};
const STATELESS = { cookieCache: { strategy: "jwe", refreshCache: true } };

let off, stateless;
before(async () => {
  // A server with its cache disabled sets the token alone.
  off = await startInBoth({ origin: { session: { cookieCache: { enabled: false } } }, gate: { session: {} }, app: true });
  stateless = await startInBoth({ origin: { database: false, session: STATELESS }, gate: { session: STATELESS }, app: true });
});
after(() => Promise.all([off?.close(), stateless?.close()]));

const ask = (gate, path, cookie) => fetch(gate.url + path, { redirect: "manual", headers: { cookie } });

inBoth(
  "a cache that the server would not accept is not accepted with `session: {}`",
  () => off,
  async (gate) => {
    // Signed with the server's secret, as it would be after the cache was switched off or by another service.
    const cookie = cookieHeader();
    assert.equal(await (await fetch(`${off.origin.url}/api/auth/get-session`, { headers: { cookie } })).json(), null);
    const verdict = await (await ask(gate, "/gate/check", cookie)).json();
    assert.deepEqual([verdict.status, verdict.reason], ["stale", "cache_absent"]);
    assert.equal((await ask(gate, "/account", cookie)).status, 401);
    assert.equal(await (await ask(gate, "/api/auth/get-session", cookie)).json(), null);
  },
);

inBoth(
  "a valid session is looked up at the server",
  () => off,
  async (gate) => {
    const jar = await signUp(off.origin);
    const before = off.origin.counts["GET /api/auth/get-session"] ?? 0;
    const page = await ask(gate, "/account", jar.header());
    assert.deepEqual([page.status, (await page.json()).user.name], [200, "Ada Lovelace"]);
    assert.equal(off.origin.counts["GET /api/auth/get-session"], before + 1);
  },
);

inBoth(
  "the options of a server without a database imply the cache",
  () => stateless,
  async (gate) => {
    const cookie = (await signUp(stateless.origin)).header();
    const before = stateless.origin.counts["GET /api/auth/get-session"] ?? 0;
    assert.equal((await (await ask(gate, "/gate/check", cookie)).json()).status, "authenticated");
    assert.equal((await ask(gate, "/account", cookie)).status, 200);
    assert.equal(stateless.origin.counts["GET /api/auth/get-session"] ?? 0, before);
  },
);

for (const [name, session] of Object.entries(OFF)) {
  test(`verify: the cache is disabled with ${name}`, () => {
    const options = { secret: SECRET, ...(session ? { session } : {}) };
    const { status, reason } = createVerifier(options).verify(cookieHeader());
    assert.deepEqual([status, reason], ["stale", "cache_absent"]);
  });
}

test("verify: a database beside refreshCache leaves the cache off, a missing one does not switch it on", () => {
  const cookie = cookieHeader({ options: { session: STATELESS } });
  const reason = (options) => createVerifier({ secret: SECRET, ...options }).verify(cookie).reason ?? "authenticated";
  assert.equal(reason({ session: STATELESS }), "authenticated");
  assert.equal(reason({ session: STATELESS, database: {} }), "cache_absent");
  assert.equal(reason({ session: STATELESS, secondaryStorage: {} }), "cache_absent");
  assert.equal(reason({ session: { cookieCache: { strategy: "jwe" } } }), "cache_absent");
  assert.equal(reason({ session: { cookieCache: { ...STATELESS.cookieCache, enabled: false } } }), "cache_absent");
});

test("open, mint and getCookieCache work with the cache enabled or disabled", async () => {
  const value = /session_data=(.*)$/.exec(cookieHeader())[1];
  const verifier = createVerifier({ secret: SECRET });
  const opened = verifier.open(value);
  assert.equal(opened.ok, true);
  assert.equal(verifier.open(verifier.mint(opened)).ok, true);
  const cached = await getCookieCache(new Headers({ cookie: `better-auth.session_data=${value}` }), { secret: SECRET, isSecure: false });
  assert.equal(cached.user.name, "Ada Lovelace");
});
