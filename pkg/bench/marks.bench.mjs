// The revocation index as the gate uses it, in gate.wasm: a look-up, and a new isolate that catches up.
import { readFileSync } from "node:fs";
import { initSync, Marks } from "../dist/lib/runtime/generated/gate.js";

initSync({ module: new WebAssembly.Module(readFileSync(new URL("../dist/gate.wasm", import.meta.url))) });
const config = JSON.stringify({ secret: "a secret of the benches, long enough" });
const now = Date.now();
const make = () => new Marks(config, "{}");
const COUNTS = [0, 1000, 100_000];

console.log("| live marks | look-up (2 hashes) | with two strings handed to wasm | batch | catch-up: one batch taken in |\n|---|---|---|---|---|");
let crossing = 0;
for (const count of COUNTS) {
  const maker = make();
  const batch = join(Array.from({ length: count }, (_, number) => maker.batch(`token-${number}`, undefined, undefined, now)));
  maker.free();
  let marks = make();
  const took = median(5, () => {
    marks.free();
    marks = make();
    return timed(() => marks.read(batch, "cursor", now, 0, now));
  });
  if (marks.size() !== count) throw new Error(`${marks.size()} of ${count} marks were taken in`);
  const tokens = Array.from({ length: 1000 }, (_, number) => `0123456789abcdef0123456789ab${number}`);
  const judge = () => each(tokens, (token) => marks.judges(token, "a-user-of-the-benches-0123456789", now - 60_000, now));
  const looked = (median(9, () => timed(judge)) / (tokens.length * 100)) * 1e6;
  // With no mark at all nothing is hashed: what it takes is the call itself. Inside the gate there is none.
  if (count === 0) crossing = looked;
  console.log(`| ${count} | ${(looked - crossing).toFixed(0)} ns | ${looked.toFixed(0)} ns | ${(batch.length / 1e6).toFixed(2)} MB | ${took.toFixed(1)} ms |`);
  marks.free();
}

function each(tokens, act) {
  for (let round = 0; round < 100; round += 1) for (const token of tokens) act(token);
}

function timed(act) {
  const start = performance.now();
  act();
  return performance.now() - start;
}

function median(times, act) {
  const found = Array.from({ length: times }, act).sort((one, two) => one - two);
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
