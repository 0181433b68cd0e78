// Where and how a cache stands in its header: the key set verifies exactly the value that the core has judged.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifier } from "better-session";
import { publicJwk } from "../../../harness/jwks/keys.mjs";
import { SECRET } from "../../../harness/verdicts/seal.mjs";
import { ISSUER, signedCookies } from "./support.mjs";

const options = { secret: SECRET, baseURL: ISSUER, advanced: { useSecureCookies: false }, jwks: { keys: [publicJwk("ed")] } };
const header = signedCookies(Date.now());
const [token, cache] = header.split("; ");
const value = cache.slice(cache.indexOf("=") + 1);
const middle = Math.ceil(value.length / 2);
const forged = `${value.slice(0, -4)}${value.slice(-4) === "AAAA" ? "BBBB" : "AAAA"}`;

const ACCEPTED = {
  "as it is": header,
  "the cache first": `${cache}; ${token}`,
  "after another cookie": `theme=dark; ${header}; last=1`,
  "after a cookie that is not ASCII": `name=Zoë Müller; ${header}`,
  "after a pair of surrogates": `mood=😀; ${header}; more=漢字`,
  "percent-encoded": `${token}; better-auth.session_data=${value.replaceAll(".", "%2E")}`,
  "in two chunks": `${token}; better-auth.session_data.0=${value.slice(0, middle)}; better-auth.session_data.1=${value.slice(middle)}`,
  "twice, alike": `${header}; ${cache}`,
  "with its text in another cookie before": `copy=${value}; ${header}`,
};
const REJECTED = {
  "a forged one": `${token}; better-auth.session_data=${forged}`,
  "a forged one after a valid one in another cookie": `copy=${value}; ${token}; better-auth.session_data=${forged}`,
  "a forged one after a valid one that is not ASCII": `copy=${value}ë; ${token}; better-auth.session_data=${forged}`,
  "a forged one, percent-encoded": `${token}; better-auth.session_data=${forged.replaceAll(".", "%2e")}`,
};

for (const remember of [undefined, false]) {
  test(`a valid cache is accepted wherever it stands, a forged one nowhere, with remember: ${remember}`, async () => {
    const verifier = createVerifier({ ...options, remember });
    for (const round of [1, 2]) {
      for (const [name, cookies] of Object.entries(ACCEPTED)) {
        const verdict = await verifier.verifyAsync(cookies);
        assert.equal(verdict.status, "authenticated", `${name}, ${round}: ${verdict.reason}`);
      }
      for (const [name, cookies] of Object.entries(REJECTED)) {
        const { status, reason } = await verifier.verifyAsync(cookies);
        assert.deepEqual({ status, reason }, { status: "stale", reason: "cache_bad_signature" }, `${name}, ${round}`);
      }
    }
  });
}
