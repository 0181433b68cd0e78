// Caches that a server signs with public keys: first sight beside `jose.jwtVerify`, and repeated beside a repeated HS256 cache. On a shared
// machine the time of first sight is noisy, above all in Node, whose thread pool verifies; so its processor time is measured too.
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
const NAMES = ["jose", "first", "repeated", "hs256"];
const FIRST = ["jose", "first"];

/** Enough calls before, so that the compilers of both runtimes are done. */
const TURNS = { count: 15, millis: 40, warmUp: 3000 };

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
    report(
      "Node",
      one.alg,
      await rounds(
        mapped(NAMES, (name) => inProcess(all[name])),
        TURNS,
      ),
    );
    reportProcessor(
      "Node",
      one.alg,
      await rounds(
        mapped(FIRST, (name) => inProcess(all[name], ownProcessorTime)),
        TURNS,
      ),
    );
  }
  const { urls, close, processorTime } = await startWorkerd({ keys: { entry: join(import.meta.dirname, "../workers/key-set.mjs") } });
  try {
    const sent = samples();
    await post(urls.keys, { samples: sent });
    for (const { alg } of sent) {
      const inTurns = (names, clock) =>
        rounds(
          mapped(names, (name) => inWorker(urls.keys, `${alg} ${name}`, clock)),
          TURNS,
        );
      report("workerd", alg, await inTurns(NAMES));
      if (processorTime) reportProcessor("workerd", alg, await inTurns(FIRST, processorTime));
    }
  } finally {
    await close();
  }
}

function report(where, alg, times) {
  const { first, jose, repeated, hs256 } = times;
  faster({ what: `key set, first sight, ${alg}`, where, times: first, than: jose, name: "jose.jwtVerify", wanted: "≥ 1" });
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

function reportProcessor(where, alg, { first, jose }) {
  faster({ what: `key set, first sight, ${alg}, processor time`, where, times: first, than: jose, name: "jose.jwtVerify", wanted: "≥ 1" });
}

const mapped = (names, change) => Object.fromEntries(names.map((name) => [name, change(name)]));
