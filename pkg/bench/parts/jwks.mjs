// Caches that a server signs with public keys: first sight beside `jose.jwtVerify`, and repeated beside a repeated HS256 cache. On a shared
// machine the time of first sight is noisy, above all in Node, whose thread pool verifies; so its processor time is measured too. Each pair
// is timed on its own: threads wake up sooner after a candidate that waits for them than after one that keeps the processor busy.
import { join } from "node:path";
import { publicJwk } from "../../../harness/jwks/keys.mjs";
import { SECRET } from "../../../harness/verdicts/seal.mjs";
import { signedCookies } from "../../test/jwks/support.mjs";
import { assertValid, keySetCandidates } from "../lib/key-set-candidates.mjs";
import { faster, micros, quartiles, row } from "../lib/report.mjs";
import { inProcess, median, ownProcessorTime, ratios, rounds } from "../lib/rounds.mjs";
import { inWorker, post, startWorkerd } from "../lib/workerd.mjs";
import { sample } from "../sample.mjs";
import { inNode } from "./verify.mjs";

const KEYS = { EdDSA: "ed", ES256: "es256" };
const FIRST = ["jose", "first"];
const REPEATED = ["repeated", "hs256"];

/** Enough calls before, so that the compilers of both runtimes are done. With 15 rounds the median of two equal builds varies by 1 %. */
const TURNS = { count: 61, millis: 40, warmUp: 3000 };

export async function measureKeySets() {
  const { today } = await inNode();
  const { secret, header } = sample(today.createVerifier, "jwt");
  const samples = () =>
    Object.entries(KEYS).map(([alg, kid]) => ({
      alg,
      jwk: publicJwk(kid),
      secret: SECRET,
      header: signedCookies(Date.now(), kid), // five minutes
      symmetric: { secret, header },
    }));
  for (const one of samples()) {
    const all = await keySetCandidates(today.createVerifier, one);
    await assertValid(all);
    await report("Node", one.alg, (name, clock) => inProcess(all[name], clock), ownProcessorTime);
  }
  const { urls, close, processorTime } = await startWorkerd({ keys: { entry: join(import.meta.dirname, "../workers/key-set.mjs") } });
  try {
    const sent = samples();
    await post(urls.keys, { samples: sent });
    for (const { alg } of sent) await report("workerd", alg, (name, clock) => inWorker(urls.keys, `${alg} ${name}`, clock), processorTime);
  } finally {
    await close();
  }
}

/** Times the candidates that `timed` returns for a name and a clock; first sight on `processorTime` too, if there is such a clock. */
async function report(where, alg, timed, processorTime) {
  const inTurns = (names, clock) => rounds(Object.fromEntries(names.map((name) => [name, timed(name, clock)])), TURNS);
  reportFirst(`key set, first sight, ${alg}`, where, await inTurns(FIRST));
  if (processorTime) reportFirst(`key set, first sight, ${alg}, processor time`, where, await inTurns(FIRST, processorTime));
  const { repeated, hs256 } = await inTurns(REPEATED);
  const each = ratios(repeated, hs256);
  row({
    what: `key set, repeated, ${alg}`,
    where,
    value: micros(median(repeated)),
    beside: `repeated HS256 ${micros(median(hs256))}`,
    ratio: median(each),
    range: quartiles(each),
    wanted: "≤ 1.2",
  });
}

const reportFirst = (what, where, { first, jose }) =>
  faster({ what, where, times: first, than: jose, name: "jose.jwtVerify", wanted: "≥ 1" });
