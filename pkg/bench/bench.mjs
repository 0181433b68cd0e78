// Measures everything that has a target, beside better-session 0.1.0 and better-auth in the same run, and prints one table.
//
//   node pkg/bench/bench.mjs [part …]        parts: verify jwks gate cold length memory; without one, all
//
// Each candidate is timed in turns with the others, so that other load slows all alike; a ratio is the median of the ratios of the
// turns. All figures are written to target/bench/results.json, and without a part also to docs/benchmark.json and docs/performance.svg.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/paths.mjs";
import { baseline } from "./lib/baseline.mjs";
import { environment, figures, table } from "./lib/report.mjs";

const parts = {
  verify: async () => (await import("./parts/verify.mjs")).measureVerify(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in parts));
if (unknown) throw new Error(`unknown part "${unknown}": ${Object.keys(parts).join(", ")}`);

baseline();
const began = Date.now();
const versions = {};
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const started = Date.now();
  Object.assign(versions, await measure());
  console.error(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
const made = { environment: environment(versions), figures: figures() };
console.log(
  Object.entries(made.environment)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · "),
);
console.log(table());
console.log(`measured in ${((Date.now() - began) / 1000).toFixed(0)} s`);
mkdirSync(join(root, "target/bench"), { recursive: true });
writeFileSync(join(root, "target/bench/results.json"), `${JSON.stringify(made, null, 1)}\n`);
