// Measures everything that has a target, beside better-session 0.1.0 and better-auth in the same run, and prints one table.
//
//   node pkg/bench/bench.mjs [part …]        parts: verify jwks gate cold length memory; without one, all
//
// Each candidate is timed in turns with the others, so that other load slows all alike; a ratio is the median of the ratios of the
// turns. All figures are written to target/bench/results.json, and the picture to target/bench/performance.svg; with WRITE_DOCS=1 both
// are copied to docs/.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/paths.mjs";
import { baseline } from "./lib/baseline.mjs";
import { environment, figures, table } from "./lib/report.mjs";
import { picture } from "./lib/svg.mjs";

const parts = {
  verify: async () => (await import("./parts/verify.mjs")).measureVerify(),
  jwks: async () => (await import("./parts/jwks.mjs")).measureKeySets(),
  gate: async () => (await import("./parts/gate.mjs")).measureGate(),
  cold: async () => (await import("./parts/cold.mjs")).measureCold(),
  length: async () => (await import("./parts/length.mjs")).measureLength(),
  memory: async () => (await import("./parts/memory.mjs")).measureMemory(),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in parts));
if (unknown) throw new Error(`unknown part "${unknown}": ${Object.keys(parts).join(", ")}`);

baseline();
const began = Date.now();
const results = {};
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const started = Date.now();
  Object.assign(results, await measure());
  console.error(`${name}: ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
const { lengths, latency, ...versions } = results;
const made = { environment: environment(versions), figures: figures() };
const { cpu, load, date } = made.environment;
const missed = made.figures.filter(({ met }) => met === false);
console.log(
  Object.entries(made.environment)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · "),
);
console.log(table());
console.log(`${made.figures.length} figures, ${missed.length} targets missed, measured in ${((Date.now() - began) / 1000).toFixed(0)} s`);
write("target/bench/results.json", `${JSON.stringify(made, null, 1)}\n`);
if (lengths && latency) {
  write("target/bench/performance.svg", picture({ lengths, latency }, `Node ${process.version}, workerd, ${cpu}, load ${load}, ${date}`));
}
if (process.env.WRITE_DOCS) {
  for (const [from, to] of [
    ["target/bench/results.json", "docs/benchmark.json"],
    ["target/bench/performance.svg", "docs/performance.svg"],
  ]) {
    copyFileSync(join(root, from), join(root, to));
  }
}

function write(path, text) {
  mkdirSync(join(root, "target/bench"), { recursive: true });
  writeFileSync(join(root, path), text);
}
