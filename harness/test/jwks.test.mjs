// Compares vectors/jwks with the latest published `getCookieCache`: both must accept the same vectors, except for the listed
// differences.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, mock, test } from "node:test";
import { getCookieCache } from "better-auth/cookies";
import { verdictFile } from "../jwks.mjs";

const text = await readFile(new URL("../../vectors/jwks/verdicts.json", import.meta.url), "utf8");

before(() => {
  for (const level of ["error", "warn", "log"]) mock.method(console, level, () => {}); // the original logs each refusal
});

test("the file is up to date", () => assert.equal(verdictFile(), text));

/** Vectors that `getCookieCache` accepts and `verifyAsync` does not, by reason. */
const DIFFERENCES = {
  "no extension is understood": ["crit b64"],
  "base64url in one spelling": ["a signature spelt otherwise", "a line break after the signature"],
  "get-session has no tolerance, and requires a window": ["ended 10 seconds ago", "no exp"],
  "two keys of one name do not say which of them signed": ["two keys with one kid", "one key twice"],
  "a key for another use is not a key for signatures": ["a key for encryption"],
  "bounds: JOSE headers of 2048 characters": ["a header of 3 kB"],
  "an entry that is no key makes the original refuse the whole set (accepted here)": ["a set with an entry that is no key"],
  "the cache is bound to a token": ["another session's token", "no session token"],
  "the cache can be switched off": ["the cache is off"],
};

test("getCookieCache accepts and refuses the same vectors, except for the listed ones", async (t) => {
  const { options, jwks, now, accept, reject } = JSON.parse(text);
  t.mock.timers.enable({ apis: ["Date"], now });
  const unexpected = [];
  for (const one of [...accept, ...reject]) {
    const { issuer, audience } = one.options ?? options;
    if (Array.isArray(issuer)) continue; // it takes one issuer
    const config = { strategy: "jwt", isSecure: false, version: "1", jwt: { jwks: one.jwks ?? jwks, issuer, audience } };
    const cache = await getCookieCache({ get: () => one.cookie }, config).catch(() => null);
    if ((cache !== null) !== (one.status === undefined)) unexpected.push(one.name);
  }
  assert.deepEqual(unexpected.sort(), Object.values(DIFFERENCES).flat().sort());
});
