// The part of the benchmark that runs inside a Worker: makes the requested number of calls.
import * as betterAuth from "better-auth/cookies";
import { createVerifier } from "today/index";
import { getCookieCache } from "today/cookies";
import { createVerifier as v010Verifier } from "v010/index";
import { getCookieCache as v010Cache } from "v010/cookies";
import { assertAccepted, candidates } from "../lib/candidates.mjs";
import { callsOf } from "./calls.mjs";

const of = { today: { createVerifier, getCookieCache }, v010: { createVerifier: v010Verifier, getCookieCache: v010Cache }, betterAuth };
const all = {};

export default {
  fetch: callsOf(all, async (samples) => {
    for (const sample of samples) {
      const made = candidates(of, sample, (cookie) => new Headers({ cookie }));
      await assertAccepted(made);
      for (const [name, run] of Object.entries(made)) all[`${sample.strategy} ${name}`] = run;
    }
  }),
};
