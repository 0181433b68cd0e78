// The memory of authenticated cookies: with and without it the same verdict for every vector, mutation and instant, in the verifier, in
// getCookieCache and in the gate.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { getCookieCache as theirCache } from "better-auth/cookies";
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

test("getCookieCache: a remembered cache is found in a header as the parser finds it", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const { secret } = OPTIONS;
  const name = "better-auth.session_data";
  for (const [at, strategy] of STRATEGIES.entries()) {
    const options = { secret, strategy, isSecure: false };
    const value = /session_data=([^;]+)/.exec(headers[at])[1];
    const other = `${value.slice(0, -2)}AA`;
    const half = value.length >> 1;
    const variants = [
      `${name}=${value}`,
      ` ${name}=${value} ; a=b`,
      `a=b;${name}=${value};c=d`,
      `a=b;\t${name}=${value}`,
      `a=b; ${name} = ${value}`,
      `${name}="${value}"`,
      `a="; ${name}=${value}"`,
      `${name}=${value}; ${name}=${other}`,
      `${name}=${other}; ${name}=${value}`,
      `x${name}=${value}`,
      `__Secure-${name}=${value}`,
      `a=; ${name}=${value}; b=${name}=${other}`,
      `a=${name}=${value}`,
      `${name}.0=${value.slice(0, half)}; ${name}.1=${value.slice(half)}`,
      `${name}=; ${name}.0=${value.slice(0, half)}; ${name}.1=${value.slice(half)}`,
      `${name}=${value.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`)}`,
      `${name}=${other}`,
      `${name}=${value}A`,
      `${name}=${value.slice(1)}`,
      `${name.toUpperCase()}=${value}`,
    ];
    const accepted = { true: 0, false: 0 };
    for (const cookie of [...variants, ...variants.toReversed()]) {
      const expected = await theirCache(new Headers({ cookie }), options).catch(() => null);
      for (let round = 0; round < 3; round++) assert.deepEqual(await getCookieCache(new Headers({ cookie }), options), expected, cookie);
      accepted[expected !== null] += 1;
    }
    assert.ok(accepted.true >= 16 && accepted.false >= 8, JSON.stringify(accepted));
  }
});

test("verify, getCookieCache: arrays, nested objects and a member __proto__ are copied", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  const { secret } = OPTIONS;
  const user = payloadText().replace(
    '"user":{',
    '"user":{"__proto__":{"a":[1]},"list":[{"at":"2027-01-15T08:00:00.000Z"},[null,"x"]],"nested":{"deep":{"er":[]}},',
  );
  for (const strategy of STRATEGIES) {
    const cookie = `better-auth.session_token=${signedToken()}; better-auth.session_data=${seal(strategy, user)}`;
    const verifier = createVerifier(OPTIONS);
    const readers = [
      async () => verifier.verify(cookie, NOW),
      async () => getCookieCache(new Headers({ cookie }), { secret, strategy, isSecure: false }),
    ];
    for (const read of readers) {
      const first = await read();
      const expected = structuredClone(first);
      for (let round = 0; round < 3; round++) {
        const again = await read();
        assert.deepEqual(again, expected);
        const own = Object.getOwnPropertyDescriptor(again.user, "__proto__").value;
        assert.deepEqual(own, { a: [1] });
        assert.equal(Object.getPrototypeOf(again.user), Object.prototype);
        own.a.push(2);
        again.user.list[0].at = again.user.nested.deep.er.push(1);
      }
    }
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
