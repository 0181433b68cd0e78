// Random bytes of a wrong length reach neither an IV nor a nonce: no zeros stand in for what is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import "../../dist/edge.js";
import "../../dist/index.js";
import { coreWasm } from "../../dist/lib/runtime/core.js";
import { gateWasm } from "../../dist/lib/runtime/gate.js";

const options = (cookieCache = {}) => JSON.stringify({ secret: "a secret long enough for any rule of length", session: { cookieCache: { enabled: true, strategy: "jwe", ...cookieCache } } });
const lengths = (right) => [0, 1, right - 1, right + 1, 2 * right].map((length) => new Uint8Array(length).fill(7));

test("core: mint refuses random bytes of any length but 32", () => {
  const verifier = new (coreWasm.live().Verifier)(options());
  const mint = (random) => verifier.mint("{}", "{}", "", "", 0, Date.now(), random);
  assert.notEqual(mint(new Uint8Array(32).fill(7)), "");
  for (const random of lengths(32)) assert.equal(mint(random), "", `${random.length} bytes`);
});

test("gate: renew and seal throw on random bytes of a wrong length", () => {
  const gate = new (gateWasm.live().Gate)(options({ refreshCache: true }), "{}");
  for (const random of lengths(32)) assert.throws(() => gate.renew("", Date.now(), random), /wrong length/, `${random.length} bytes`);
  const seal = (nonce) => gate.seal('{"session":{},"user":{}}', "GET", "/", Date.now(), nonce);
  assert.notEqual(seal(new Uint8Array(24).fill(7)), "");
  for (const nonce of lengths(24)) assert.throws(() => seal(nonce), /wrong length/, `${nonce.length} bytes`);
});
