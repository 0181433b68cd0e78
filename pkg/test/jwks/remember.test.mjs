// The memory of caches that a key set verified: the same verdict with and without it, and no longer than today's set has the key.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, mock, test } from "node:test";
import { createSessionGate } from "../../dist/edge.js";
import { createVerifier } from "../../dist/index.js";
import { ISSUER, keySet, signedCookies, startEndpoint } from "./support.mjs";
import { publicJwk } from "../../../harness/jwks/keys.mjs";

const NOW = Date.UTC(2027, 0, 15);
const MINUTE = 60_000;

let endpoint;
before(async () => (endpoint = await startEndpoint()));
after(() => endpoint?.close());
beforeEach(() => {
  mock.timers.enable({ apis: ["Date"], now: NOW });
  endpoint.respond = keySet("ed");
});
afterEach(() => mock.timers.reset());

const pairOf = (options) => [createVerifier(options), createVerifier({ ...options, remember: false })];

test("the same verdict at every instant, and on every changed byte", async () => {
  for (const kid of ["ed", "es256", "rs256"]) {
    const [remembering, plain] = pairOf({ jwks: { keys: [publicJwk(kid)] }, issuer: ISSUER });
    const header = signedCookies(NOW, kid);
    const accepted = { true: 0, false: 0 };
    for (const at of [0, 0, 1, 299_999, 300_000, 300_001, 320_000, -1, 0, 0, 86_400_000, 0]) {
      const verdict = await remembering.verifyAsync(header, NOW + at);
      assert.deepEqual(verdict, await plain.verifyAsync(header, NOW + at), `${kid} ${at}`);
      accepted[verdict.status === "authenticated"] += 1;
      assert.deepEqual(remembering.verify(header, NOW + at), plain.verify(header, NOW + at), "the synchronous one knows no key");
    }
    assert.ok(accepted.true > 4 && accepted.false > 2, JSON.stringify(accepted));
    for (let at = 0; at < header.length; at += 11) {
      const mutated = `${header.slice(0, at)}${header[at] === "A" ? "B" : "A"}${header.slice(at + 1)}`;
      assert.deepEqual(await remembering.verifyAsync(mutated, NOW), await plain.verifyAsync(mutated, NOW), `${at}`);
    }
  }
});

test("a key that left the set is not accepted from the memory of a verifier or a gate", async () => {
  const verifier = createVerifier({ jwks: endpoint.url, issuer: ISSUER });
  const gate = createSessionGate({ jwks: endpoint.url, issuer: ISSUER, origin: "http://127.0.0.1:9", hiddenFields: {} });
  const byBoth = async (time) => {
    const cookie = signedCookies(time).replaceAll("better-auth.", "__Secure-better-auth.");
    const { verdict } = await gate.authenticate(new Request(`${ISSUER}/`, { headers: { cookie } }), { waitUntil() {} });
    return [verdict.reason ?? verdict.status, await verifier.verifyAsync(cookie).then(({ reason, status }) => reason ?? status)];
  };
  for (let round = 0; round < 3; round++) assert.deepEqual(await byBoth(NOW), ["authenticated", "authenticated"]);
  endpoint.respond = keySet("ed-2");
  mock.timers.setTime(NOW + 9 * MINUTE + 59_000);
  const minted = Date.now();
  for (let round = 0; round < 2; round++) assert.deepEqual(await byBoth(minted), ["authenticated", "authenticated"]);
  mock.timers.setTime(NOW + 10 * MINUTE + 1);
  const [ofGate, ofVerifier] = await byBoth(minted);
  assert.equal(ofVerifier, "unknown_key");
  assert.notEqual(ofGate, "authenticated");
});

test("another key under the same name verifies anew", async () => {
  const verifier = createVerifier({ jwks: endpoint.url, issuer: ISSUER });
  const cookie = signedCookies(NOW);
  for (let round = 0; round < 3; round++) assert.equal((await verifier.verifyAsync(cookie)).status, "authenticated");
  endpoint.respond = (_request, response) =>
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [publicJwk("ed-2", { kid: "ed" })] }));
  mock.timers.setTime(NOW + 10 * MINUTE);
  const renewed = signedCookies(Date.now());
  assert.equal((await verifier.verifyAsync(renewed)).reason, "cache_bad_signature");
  assert.notEqual((await verifier.verifyAsync(cookie)).status, "authenticated");
});

test("no caller can change what another receives", async () => {
  const verifier = createVerifier({ jwks: { keys: [publicJwk("ed")] }, issuer: ISSUER });
  const cookie = signedCookies(NOW);
  const expected = structuredClone(await verifier.verifyAsync(cookie));
  for (let round = 0; round < 3; round++) {
    const verdict = await verifier.verifyAsync(cookie);
    assert.deepEqual(verdict, expected);
    verdict.session.expiresAt.setTime(0);
    verdict.user.name = "changed";
  }
});
