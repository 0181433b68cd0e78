// The part of the benchmark that runs inside a page.
import * as betterAuth from "better-auth/cookies";
import { createVerifier } from "today/index";
import { getCookieCache } from "today/cookies";
import { createVerifier as v010Verifier } from "v010/index";
import { getCookieCache as v010Cache } from "v010/cookies";
import { assertAccepted, candidates } from "../lib/candidates.mjs";
import { inProcess, rounds } from "../lib/rounds.mjs";

const of = { today: { createVerifier, getCookieCache }, v010: { createVerifier: v010Verifier, getCookieCache: v010Cache }, betterAuth };

globalThis.benchmark = async (sample, settings) => {
  const all = candidates(of, sample, (cookie) => ({ get: (name) => (name === "cookie" ? cookie : null) })); // a page's Headers have no cookie
  await assertAccepted(all);
  return rounds(Object.fromEntries(Object.entries(all).map(([name, run]) => [name, inProcess(run)])), settings);
};
