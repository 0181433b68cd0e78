// Compares vectors/verdicts with the latest published `getCookieCache`: both must accept the same vectors, except for the
// listed differences.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, mock, test } from "node:test";
import { getCookieCache } from "better-auth/cookies";
import { FILES, verdictFile } from "../verdicts.mjs";
import { DIFFERENCES } from "../verdicts/differences.mjs";

const read = (name) => readFile(new URL(`../../vectors/verdicts/${name}.json`, import.meta.url), "utf8");

before(() => {
  for (const level of ["error", "warn", "log"]) mock.method(console, level, () => {}); // the original logs each refusal
});

for (const name of FILES) {
  test(`${name}: the file is up to date`, async () => {
    assert.equal(await verdictFile(name), await read(name));
  });

  test(`${name}: getCookieCache accepts and refuses the same vectors, except for the listed ones`, async (t) => {
    const { options, now, accept, reject } = JSON.parse(await read(name));
    t.mock.timers.enable({ apis: ["Date"], now });
    const unexpected = [];
    for (const vector of [...accept, ...reject]) {
      if (vector.options || vector.status === "unauthenticated") continue; // getCookieCache has one secret and no token
      const cookie = text(vector.cookie);
      const originalAccepts = await originalReads(cookie, options.secret, PREFIXES[vector.scheme ?? "none"]);
      const accepted = vector.status === undefined;
      if (accepted !== originalAccepts) unexpected.push(`${name}: ${vector.name}`);
    }
    const listed = Object.values(DIFFERENCES)
      .flat()
      .filter((line) => line.startsWith(`${name}: `));
    assert.deepEqual(unexpected.sort(), listed.sort());
  });
}

/** The values of `isSecure` for a request's scheme. */
const PREFIXES = { http: [false], https: [true], none: [false, true] };

/** Returns true if `getCookieCache` reads a session with any of the prefixes and strategies. */
async function originalReads(cookie, secret, prefixes) {
  for (const strategy of ["compact", "jwt", "jwe"]) {
    for (const isSecure of prefixes) {
      const cache = await getCookieCache({ get: () => cookie }, { secret, strategy, isSecure, version: "1" }).catch(() => null);
      if (cache) return true;
    }
  }
  return false;
}

function text(cookie) {
  const part = (piece) => (typeof piece === "string" ? piece : piece.repeat.repeat(piece.times));
  return Array.isArray(cookie) ? cookie.map(part).join("") : part(cookie);
}
