// Differential: caches signed with the JWT plugin's keys, against the published better-auth/cookies.
import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import * as theirs from "better-auth/cookies";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import * as ours from "../../dist/cookies.js";

before(() => {
  for (const channel of ["warn", "error"]) mock.method(console, channel, () => {}); // the original logs every refusal
});

const seconds = Math.floor(Date.now() / 1000);
const time = new Date(seconds * 1000).toISOString();
const payload = {
  session: { id: "s", token: "t", userId: "u", expiresAt: new Date(Date.now() + 6e8).toISOString(), createdAt: time, updatedAt: time },
  user: { id: "u", name: "Ada", email: "ada@example.com", emailVerified: true, createdAt: time, updatedAt: time },
  updatedAt: Date.now(),
  version: "1",
};
const claims = {
  ...payload,
  iss: "https://example.com",
  aud: "better-auth:session-cache",
  sub: "u",
  sid: "t",
  iat: seconds,
  exp: seconds + 300,
};

const algorithms = ["EdDSA", "ES256", "ES512", "RS256", "PS256"];
const keys = {};
for (const alg of algorithms) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  keys[alg] = { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg } };
}
const jwks = { keys: algorithms.map((alg) => keys[alg].jwk) };

const sign = (alg, changes = {}, header = {}) =>
  new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg, kid: alg, typ: "better-auth.session-cache+jwt", ...header })
    .sign(keys[alg].privateKey);

/** Returns true if both accept the cookie. Asserts that they agree, also on the payload. */
async function both(token, jwt = {}) {
  const request = new Headers({ cookie: `better-auth.session_data=${token}` });
  const config = { strategy: "jwt", isSecure: false, jwt: { jwks, ...jwt } };
  const [mine, original] = await Promise.all([ours, theirs].map((lib) => lib.getCookieCache(request, config)));
  assert.deepStrictEqual(mine && structuredClone(mine), original && structuredClone(original));
  return mine !== null;
}

for (const alg of algorithms) {
  test(`${alg}: both accept a valid token and refuse a tampered one and one of another key`, async () => {
    const token = await sign(alg);
    assert.equal(await both(token), true);
    const [header, body, signature] = token.split(".");
    assert.equal(await both(`${header}.${body}.${signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))}`), false);
    assert.equal(await both(`${header}.${body.slice(0, -8)}AAAAAAAA.${signature}`), false);
    assert.equal(await both(token, { jwks: { keys: [] } }), false);
    const stranger = { ...keys[alg].jwk, kid: "another" };
    assert.equal(await both(token, { jwks: { keys: [stranger] } }), false);
  });
}

test("a key without an algorithm accepts the token's, one with another algorithm refuses it", async () => {
  const { alg, ...bare } = keys.ES256.jwk;
  assert.equal(await both(await sign("ES256"), { jwks: { keys: [bare] } }), true);
  assert.equal(await both(await sign("RS256"), { jwks: { keys: [{ ...keys.RS256.jwk, alg: "PS256" }] } }), false);
  assert.equal(await both(await sign("ES256"), { jwks: { keys: [{ ...keys.ES256.jwk, use: "sig", key_ops: ["verify"] }] } }), true);
  assert.equal(await both(await sign("ES256"), { jwks: { keys: [{ ...keys.ES256.jwk, key_ops: ["sign"] }] } }), false);
});

test("both treat claims and header alike", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: seconds * 1000 });
  const cases = [
    [{}, {}, {}, true],
    [{}, { typ: "JWT" }, {}, false],
    [{}, { kid: undefined }, {}, false],
    [{}, { kid: "unknown" }, {}, false],
    [{ aud: "another" }, {}, {}, false],
    [{ aud: ["another", "better-auth:session-cache"] }, {}, {}, true],
    [{ aud: "mine" }, {}, { audience: "mine" }, true],
    [{ aud: undefined }, {}, {}, false],
    [{ iss: undefined }, {}, {}, false],
    [{ iss: "" }, {}, {}, false],
    [{}, {}, { issuer: "https://example.com" }, true],
    [{}, {}, { issuer: "https://example.org" }, false],
    [{ sub: "v" }, {}, {}, false],
    [{ sid: "v" }, {}, {}, false],
    [{ exp: seconds - 10 }, {}, {}, true],
    [{ exp: seconds - 60 }, {}, {}, false],
    [{ exp: undefined }, {}, {}, true],
    [{ nbf: seconds + 10 }, {}, {}, true],
    [{ nbf: seconds + 60 }, {}, {}, false],
    [{ session: { ...payload.session, expiresAt: new Date(Date.now() - 1000).toISOString() } }, {}, {}, false],
    [{ user: { id: "u" } }, {}, {}, false],
  ];
  for (const [changes, header, options, accepted] of cases) {
    assert.equal(await both(await sign("ES256", changes, header), options), accepted, JSON.stringify([changes, header, options]));
  }
});

test("both refuse a value that is not a token", async () => {
  for (const token of ["x", "a.b.c", "e30.e30.e30", ".."]) assert.equal(await both(token), false);
});
