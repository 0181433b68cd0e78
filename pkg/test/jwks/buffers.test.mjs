// Many verifications at once, more than buffers are kept, of caches of many sizes: each is verified by its own bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "better-session";
import { publicJwk } from "../../../harness/jwks/keys.mjs";
import { SECRET } from "../../../harness/verdicts/seal.mjs";
import { ISSUER, signedCookies } from "./support.mjs";

const options = {
  secret: SECRET,
  baseURL: ISSUER,
  advanced: { useSecureCookies: false },
  jwks: { keys: ["ed", "es256", "rs256"].map((kid) => publicJwk(kid)) },
};
const now = Date.now();
const forged = (header) => header.replace(/.{4}$/, (end) => (end === "AAAA" ? "BBBB" : "AAAA"));

test("100 at once, valid and forged, with three kinds of keys and caches up to 16 kB", async () => {
  const verifier = createVerifier({ ...options, remember: false });
  const headers = Array.from({ length: 100 }, (_, at) => {
    const header = signedCookies(now, ["ed", "es256", "rs256"][at % 3], { claims: { filler: `${at}-`.padEnd((at % 25) * 600, "x") } });
    return at % 4 === 3 ? forged(header) : header;
  });
  await verifier.verifyAsync(headers[0]); // loads the code and the keys
  for (let round = 0; round < 3; round++) {
    const verdicts = await Promise.all(headers.map((header) => verifier.verifyAsync(header)));
    verdicts.forEach(({ status, reason }, at) => {
      const expected = at % 4 === 3 ? ["stale", "cache_bad_signature"] : ["authenticated", undefined];
      assert.deepEqual([status, reason], expected, `${at}, round ${round}`);
    });
  }
});
