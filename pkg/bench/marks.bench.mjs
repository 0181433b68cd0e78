// Benchmarks the revocation index in gate.wasm: a look-up, and the catch-up of a new isolate.
import { readFileSync } from "node:fs";
import { initSync, Marks } from "../dist/lib/runtime/generated/gate.js";

initSync({ module: new WebAssembly.Module(readFileSync(new URL("../dist/gate.wasm", import.meta.url))) });
const config = JSON.stringify({ secret: "a secret of the benches, long enough" });
const now = Date.now();
const make = () => new Marks(config, "{}");
const COUNTS = [0, 1000, 100_000];

console.log(
  "| live entries | look-up (2 hashes) | with two strings passed to wasm | batch | catch-up: one batch applied |\n|---|---|---|---|---|",
);
let callCost = 0;
for (const count of COUNTS) {
  const maker = make();
  const batch = join(Array.from({ length: count }, (_, number) => maker.batch(`token-${number}`, undefined, undefined, now)));
  maker.free();
  let marks = make();
  const duration = median(5, () => {
    marks.free();
    marks = make();
    return timed(() => marks.read(batch, "cursor", now, 0, now));
  });
  if (marks.size() !== count) throw new Error(`${marks.size()} of ${count} entries were applied`);
  const tokens = Array.from({ length: 1000 }, (_, number) => `0123456789abcdef0123456789ab${number}`);
  const lookUp = () => each(tokens, (token) => marks.judges(token, "a-user-of-the-benches-0123456789", now - 60_000, now));
  const perCall = (median(9, () => timed(lookUp)) / (tokens.length * 100)) * 1e6;
  // An empty index computes no hash, so its time is that of the call into wasm, which the gate does not need.
  if (count === 0) callCost = perCall;
  console.log(
    `| ${count} | ${(perCall - callCost).toFixed(0)} ns | ${perCall.toFixed(0)} ns | ${(batch.length / 1e6).toFixed(2)} MB | ${duration.toFixed(1)} ms |`,
  );
  marks.free();
}

function each(tokens, run) {
  for (let round = 0; round < 100; round += 1) for (const token of tokens) run(token);
}

function timed(run) {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(times, run) {
  const found = Array.from({ length: times }, run).sort((one, two) => one - two);
  return found[times >> 1];
}

function join(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
