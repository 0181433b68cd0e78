// vectors/verdicts beside the latest published `getCookieCache`: it reads what is accepted here and refuses what is
// refused, but for the differences that are listed.

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
  test(`${name}: the file is what its maker writes`, async () => {
    assert.equal(await verdictFile(name), await read(name));
  });

  test(`${name}: the original says the same`, async (t) => {
    const { options, now, accept, reject } = JSON.parse(await read(name));
    t.mock.timers.enable({ apis: ["Date"], now });
    const complaints = [];
    for (const one of [...accept, ...reject]) {
      if (one.options || one.status === "unauthenticated") continue; // it knows one secret, and no token
      const cookie = text(one.cookie);
      const seen = await original(cookie, options.secret, PREFIXES[one.scheme ?? "none"]);
      const accepted = one.status === undefined;
      if (accepted !== seen) complaints.push(`${name}: ${one.name}`);
    }
    const listed = Object.values(DIFFERENCES).flat().filter((line) => line.startsWith(`${name}: `));
    assert.deepEqual(complaints.sort(), listed.sort());
  });
}

/** The values of `isSecure` for a request's scheme. */
const PREFIXES = { http: [false], https: [true], none: [false, true] };

/** Whether it reads a session, under one of these names and as any of the strategies. */
async function original(cookie, secret, prefixes) {
  for (const strategy of ["compact", "jwt", "jwe"]) {
    for (const isSecure of prefixes) {
      const cache = await getCookieCache({ get: () => cookie }, { secret, strategy, isSecure, version: "1" }).catch(() => null);
      if (cache) return true;
    }
  }
  return false;
}

function text(cookie) {
  const part = (one) => (typeof one === "string" ? one : one.repeat.repeat(one.times));
  return Array.isArray(cookie) ? cookie.map(part).join("") : part(cookie);
}
