// Differential: getCookieCache against the published better-auth/cookies, over payloads of every shape.
import assert from "node:assert/strict";
import { createHmac, hkdfSync } from "node:crypto";
import { before, mock, test } from "node:test";
import * as theirs from "better-auth/cookies";
import { EncryptJWT, SignJWT, base64url, calculateJwkThumbprint } from "jose";
import * as ours from "../../dist/cookies.js";
import { generator } from "./random.mjs";

const secret = "a secret for tests long enough for any rule";
const now = Date.UTC(2026, 4, 1, 12);
const iso = (offset) => new Date(now + offset).toISOString();
before(() => {
  mock.timers.enable({ apis: ["Date"], now });
  for (const channel of ["warn", "error", "log"]) mock.method(console, channel, () => {}); // the original logs every refusal
});

const content = new Uint8Array(hkdfSync("sha256", secret, "better-auth-session", "BetterAuth.js Generated Encryption Key", 64));
const kid = await calculateJwkThumbprint({ kty: "oct", k: base64url.encode(content) }, "sha256");

/** A genuine value of any payload, signed or encrypted as the server does. */
const seal = {
  compact(payload, expiresAt = now + 300_000) {
    const signature = createHmac("sha256", secret)
      .update(JSON.stringify({ ...payload, expiresAt }))
      .digest("base64url");
    return Buffer.from(JSON.stringify({ session: payload, expiresAt, signature })).toString("base64url");
  },
  jwt: (payload, expiresAt = now + 300_000) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt(now / 1000)
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(Buffer.from(secret)),
  jwe: (payload, expiresAt = now + 300_000, header = { kid }) =>
    new EncryptJWT(payload)
      .setProtectedHeader({ alg: "dir", enc: "A256CBC-HS512", ...header })
      .setIssuedAt(now / 1000)
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .setJti("j")
      .encrypt(content),
};
const strategies = Object.keys(seal);

const good = () => ({
  session: { id: "s", token: "t", userId: "u", expiresAt: iso(6e8), createdAt: iso(0), updatedAt: iso(0), ipAddress: null, userAgent: "" },
  user: { id: "u", name: "Ada", email: "Ada@Example.com", emailVerified: true, createdAt: iso(0), updatedAt: iso(0), image: null },
  updatedAt: now,
  version: "1",
});

const request = (value, name = "better-auth.session_data") =>
  new Headers({ cookie: value.length < 4000 ? `${name}=${value}` : chunks(value, name) });
const chunks = (value, name) =>
  value
    .match(/.{1,3000}/g)
    .map((chunk, i) => `${name}.${i}=${chunk}`)
    .join("; ");

async function same(value, config, label) {
  const both = { secret, isSecure: false, ...config };
  const [mine, original] = await Promise.all([ours, theirs].map((lib) => lib.getCookieCache(request(value), both)));
  assert.deepStrictEqual(plain(mine), plain(original), label);
  return mine;
}

/** Key order and prototypes aside. */
const plain = (value) => value && structuredClone(value);

const VALUES = [
  undefined,
  null,
  "",
  "x",
  "Ada@B.C",
  0,
  7,
  -1.5,
  true,
  false,
  [],
  {},
  "2024-01-01T00:00:00Z",
  "2024-01-01T00:00:00.000Z",
  "2024-13-01T00:00:00Z",
  iso(-1000),
  iso(1000),
  1e300,
  ["2024-01-01T00:00:00.000Z"],
  { deep: [{ at: "2024-01-01T00:00:00.000Z" }] },
];

for (const strategy of strategies) {
  test(`${strategy}: getCookieCache returns the payload, chunked or not`, async () => {
    assert.equal((await same(await seal[strategy](good()), { strategy })).user.email, "ada@example.com");
    const long = good();
    long.user.bio = '😀\u2028 "quoted" '.repeat(500);
    assert.equal((await same(await seal[strategy](long), { strategy })).user.bio, long.user.bio);
  });

  test(`${strategy}: getCookieCache treats missing members and members of each type as the original does`, async () => {
    let accepted = 0;
    for (const path of members()) {
      for (const value of VALUES) {
        const payload = change(good(), path, value);
        if (strategy === "compact" && isReshaped(payload)) continue; // named below
        accepted += (await same(await seal[strategy](payload), { strategy }, `${path.join(".")} = ${JSON.stringify(value)}`)) ? 1 : 0;
      }
    }
    assert.ok(accepted > 100, `only ${accepted} were accepted by both`);
  });

  test(`${strategy}: getCookieCache treats expiry, secrets, versions and names as the original does`, async () => {
    for (const offset of [-16_000, -15_000, -14_000, -1000, 0, 1000])
      await same(await seal[strategy](good(), now + offset), { strategy }, `window ${offset}`);
    const value = await seal[strategy](good());
    const throwing = async () => {
      throw new Error("mine");
    };
    for (const version of [
      undefined,
      "",
      "1",
      "2",
      () => "1",
      () => "2",
      async () => "1",
      () => 1,
      (session, user) => `${session.userId === user.id}`,
    ]) {
      await same(value, { strategy, version }, `version ${version}`);
    }
    for (const lib of [ours, theirs])
      await assert.rejects(lib.getCookieCache(request(value), { secret, isSecure: false, strategy, version: throwing }), /mine/);
    assert.equal(await same(value, { strategy, secret: "another" }), null);
    assert.equal(await same(value, { strategy, isSecure: true }), null);
    assert.equal(await same(value, { strategy, cookiePrefix: "app" }), null);
    for (const other of strategies.filter((name) => name !== strategy && name !== "compact"))
      assert.equal(await same(value, { strategy: other }), null);
  });

  test(`${strategy}: getCookieCache returns null for malformed values, where the original may throw`, async () => {
    const random = generator(11);
    const value = await seal[strategy](good());
    for (let i = 0; i < 150; i++) {
      const at = random.below(value.length);
      const mangled = [value.slice(0, at), value.slice(at), value.slice(0, at) + random.pick([..."A_-.=%é+/"]) + value.slice(at + 1)][
        random.below(3)
      ];
      const [mine, original] = await Promise.all(
        [ours, theirs].map((lib) => lib.getCookieCache(request(mangled), { secret, isSecure: false, strategy }).catch(() => null)),
      );
      assert.deepStrictEqual(plain(mine), plain(original), mangled);
    }
  });
}

test("without a secret both throw, and both read it from the environment", async () => {
  const value = await seal.compact(good());
  for (const lib of [ours, theirs]) {
    await assert.rejects(lib.getCookieCache(request(value), { isSecure: false }), /getCookieCache requires a secret/);
    assert.equal(await lib.getCookieCache(new Headers(), {}), null);
  }
  process.env.BETTER_AUTH_SECRET = secret;
  try {
    assert.equal((await same(value, { secret: undefined })).user.id, "u");
  } finally {
    delete process.env.BETTER_AUTH_SECRET;
  }
});

test("intended difference, compact: dates without milliseconds verify, because the bytes as signed are checked", async () => {
  const payload = good();
  payload.user.birthday = "2024-01-01T00:00:00Z";
  const [mine, original] = await Promise.all(
    [ours, theirs].map(async (lib) => lib.getCookieCache(request(await seal.compact(payload)), { secret, isSecure: false })),
  );
  assert.equal(original, null, "the original signs what it re-writes, so it refuses its own cookie");
  assert.deepEqual(mine.user.birthday, new Date("2024-01-01T00:00:00Z"));
});

/** Paths of every member of a payload, and some that it has not. */
function members() {
  const payload = good();
  const inner = ["session", "user"].flatMap((name) => [...Object.keys(payload[name]), "extra"].map((member) => [name, member]));
  return [["session"], ["user"], ["updatedAt"], ["version"], ["extra"], ...inner];
}

function change(payload, path, value) {
  const holder = path.length === 1 ? payload : payload[path[0]];
  if (value === undefined) delete holder[path.at(-1)];
  else holder[path.at(-1)] = value;
  return payload;
}

/** Returns true if reviving dates and writing them again changes the text. */
function isReshaped(payload) {
  return /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/.test(JSON.stringify(payload));
}
