// The part of the benchmark of key sets that runs inside a Worker.
import { createVerifier } from "today/index";
import { assertValid, keySetCandidates } from "../lib/key-set-candidates.mjs";
import { callsOf } from "./calls.mjs";

const all = {};

export default {
  fetch: callsOf(all, async (samples) => {
    for (const sample of samples) {
      const made = await keySetCandidates(createVerifier, sample);
      await assertValid(made);
      for (const [name, run] of Object.entries(made)) all[`${sample.alg} ${name}`] = run;
    }
  }),
};
