// The memory of authenticated cookies: with and without it the same verdict for every vector, mutation and instant, in the verifier, in
// getCookieCache and in the gate.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { getCookieCache } from "../dist/cookies.js";
import { createSessionGate, memoryFeed } from "../dist/edge.js";
import { createVerifier } from "../dist/index.js";
import { NOW, OPTIONS, STRATEGIES, payloadText, seal, signedToken } from "../../harness/verdicts/seal.mjs";

const folder = new URL("../../vectors/verdicts/", import.meta.url);
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")));
const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
const headerOf = ({ cookie }) => [cookie].flat().map(part).join("");
const cases = files.flatMap((file) =>
  [...file.accept, ...file.reject].map((one) => ({ header: headerOf(one), options: one.options ?? file.options, now: file.now })),
);
const headers = STRATEGIES.map(
  (strategy) => `a=b; better-auth.session_token=${signedToken()}; better-auth.session_data=${seal(strategy, payloadText())}; c=d`,
);
const INSTANTS = [
  0, 1, -1, 999, 284_999, 285_000, 299_999, 300_000, 300_001, 315_000, 86_400_000, 604_800_000, 604_800_001, -86_400_000, 0.5,
];

/** Returns verifiers of the same options with and without the memory, one pair for each. */
const pairs = new Map();
function pairOf(options) {
  const key = JSON.stringify(options);
  if (!pairs.has(key)) pairs.set(key, [createVerifier(options), createVerifier({ ...options, remember: false })]);
  return pairs.get(key);
}

test("verify: the same verdict on every vector, again and at another time", () => {
  let authenticated = 0;
  for (const { header, options, now } of cases) {
    const [remembering, plain] = pairOf(options);
    for (const after of [0, 0, 1000, -1000, 400_000, 0]) {
      for (const source of [header, ...requests(header)]) {
        const verdict = remembering.verify(source, now + after);
        assert.deepEqual(verdict, plain.verify(source, now + after));
        if (verdict.status === "authenticated") authenticated += 1;
      }
    }
  }
  assert.ok(authenticated > 200, `${authenticated}`);
});

/** Returns requests with the header, if a request can have it. */
function requests(cookie) {
  try {
    return ["http", "https"].map((scheme) => new Request(`${scheme}://app.example/`, { headers: { cookie } }));
  } catch {
    return [];
  }
}

test("verify: the same verdict at every instant, in any order", () => {
  for (const session of [{}, { freshAge: 100, updateAge: 10 }, { cookieCache: { refreshCache: { updateAge: 60 } } }]) {
    const cookieCache = { ...OPTIONS.session.cookieCache, ...session.cookieCache };
    const [remembering, plain] = pairOf({ ...OPTIONS, session: { ...session, cookieCache } });
    for (const header of headers) {
      for (const after of [...INSTANTS, ...INSTANTS.toReversed()]) {
        assert.deepEqual(remembering.verify(header, NOW + after), plain.verify(header, NOW + after), `${after}`);
      }
    }
  }
});

test("verify: every byte of a remembered header counts", () => {
  const [remembering, plain] = pairOf(OPTIONS);
  for (const header of headers) {
    assert.equal(remembering.verify(header, NOW).status, "authenticated");
    for (let at = 0; at < header.length; at++) {
      const mutated = `${header.slice(0, at)}${header[at] === "A" ? "B" : "A"}${header.slice(at + 1)}`;
      assert.deepEqual(remembering.verify(mutated, NOW), plain.verify(mutated, NOW), `${at}`);
    }
  }
});

test("verify: no caller can change what another receives", () => {
  const verifier = createVerifier(OPTIONS);
  for (const header of headers) {
    const first = verifier.verify(header, NOW);
    const expected = structuredClone(first);
    first.session.expiresAt.setTime(0);
    first.session.token = "changed";
    first.user.email = "changed";
    first.cachedAt.setTime(0);
    assert.deepEqual(verifier.verify(header, NOW), expected);
  }
});

test("verify: small bounds give the same verdicts", () => {
  for (const remember of [{ entries: 0 }, { entries: 1 }, { bytes: 10 }, { bytes: 2500 }, { entries: 2, bytes: 100_000 }]) {
    const verifier = createVerifier({ ...OPTIONS, remember });
    for (let round = 0; round < 9; round++) {
      for (const header of headers) assert.equal(verifier.verify(header, NOW).status, "authenticated");
    }
  }
});

test("remember: an invalid value is refused at creation", () => {
  for (const remember of [{ entries: -1 }, { entries: 1.5 }, { bytes: "many" }, { bytes: Number.NaN }]) {
    for (const create of [createVerifier, (options) => createSessionGate({ ...options, origin: "https://auth.example" })]) {
      assert.throws(() => create({ ...OPTIONS, remember }), { name: "BetterSessionError", code: "OPTION_INVALID" });
    }
  }
});

test("getCookieCache: a cache that was opened before expires, is read anew, and its version is compared", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const { secret } = OPTIONS;
  for (const [at, strategy] of STRATEGIES.entries()) {
    const read = (options) => getCookieCache(new Headers({ cookie: headers[at] }), { secret, strategy, isSecure: false, ...options });
    t.mock.timers.setTime(NOW);
    const first = await read();
    const expected = structuredClone(first);
    assert.ok(first.session.expiresAt instanceof Date);
    first.user.name = "changed";
    first.session.expiresAt.setTime(0);
    assert.deepEqual(await read(), expected);
    assert.equal(await read({ version: "2" }), null);
    assert.equal(await read({ version: () => "2" }), null);
    assert.equal(await read({ secret: `${secret}!` }), null);
    t.mock.timers.setTime(NOW + 400_000);
    assert.equal(await read(), null);
    t.mock.timers.setTime(NOW + 1000);
    assert.deepEqual(await read(), expected);
  }
});

test("gate: the same verdict on every vector, and a revocation ends a remembered session", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const create = (options) => createSessionGate({ ...options, origin: "https://auth.example" });
  const gates = new Map();
  for (const { header, options, now } of cases) {
    const key = JSON.stringify(options);
    if (!gates.has(key)) gates.set(key, [create(options), create({ ...options, remember: false })]);
    const [remembering, plain] = gates.get(key);
    for (const after of [0, 0, 400_000, 0]) {
      t.mock.timers.setTime(now + after);
      for (const request of requests(header)) assert.deepEqual(remembering.check(request), plain.check(request));
    }
  }
  t.mock.timers.setTime(NOW);
  const gate = create({ ...OPTIONS, revocation: { feed: memoryFeed() } });
  const ctx = { waitUntil() {} };
  const [request] = requests(headers[0]);
  assert.equal((await gate.authenticate(request, ctx)).source, "cookie");
  assert.equal((await gate.authenticate(request, ctx)).source, "cookie");
  const { session } = gate.check(request);
  await gate.invalidate({ token: session.token });
  assert.deepEqual(gate.check(request), { status: "stale", reason: "invalidated", token: session.token });
});
