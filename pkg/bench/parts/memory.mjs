// Memory: of the modules and of JavaScript under many distinct cookies, and of the revocation index at its bound.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pkg } from "../../scripts/paths.mjs";
import { baseline } from "../lib/baseline.mjs";
import { quartiles, row } from "../lib/report.mjs";
import { median, ratios } from "../lib/rounds.mjs";

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** SECURITY.md, and the default of `remember`. */
const CORE_BOUND = 2 * 2 ** 20;
const REMEMBERED = 2_000_000;

export async function measureMemory() {
  const child = (build, what) =>
    JSON.parse(
      execFileSync(process.execPath, ["--expose-gc", join(import.meta.dirname, "../lib/memory-child.mjs"), build, what], {
        encoding: "utf8",
        maxBuffer: 2 ** 26,
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
  for (const [kind, what] of Object.entries({ cookies: "10⁶ distinct cookies", headers: "100,000 users with headers of 64 kB" })) {
    const { module, heap } = child(pkg, kind);
    const beside = `bound ${megabytes(CORE_BOUND)}`;
    row({ what: `core.wasm after ${what}`, value: megabytes(module), beside, ratio: module / CORE_BOUND, wanted: "≤ 1" });
    row({ what: `JavaScript's memory after ${what}`, ...besideTexts(heap), wanted: "≤ 2" });
  }
  for (const [kind, what] of Object.entries({ cookies: "200,000 distinct cookies", headers: "100,000 users with headers of 64 kB" })) {
    const gate = child(pkg, `gate-${kind}`);
    row({ what: `gate.wasm after ${what}`, ...besideTexts(gate.module), wanted: "≤ 4" });
    row({ what: `JavaScript's memory after ${what}, gate`, ...besideTexts(gate.heap), wanted: "≤ 2" });
  }
  const [one, two] = [child(pkg, "index"), child(baseline(), "index")];
  row({
    what: "gate.wasm, peak with a full revocation index",
    value: megabytes(one.module),
    beside: "bound 13 MB",
    ratio: one.module / 13e6,
    wanted: "≤ 1",
  });
  row({
    what: "gate.wasm, peak with a full revocation index",
    value: megabytes(one.module),
    beside: `0.1.0 ${megabytes(two.module)}`,
    ratio: one.module / two.module,
  });
  await measureCatchUp();
}

const besideTexts = (bytes) => ({
  value: megabytes(bytes),
  beside: `remembered texts ${megabytes(REMEMBERED)}`,
  ratio: bytes / REMEMBERED,
});

/** A new isolate reads 100,000 revocations. Both builds read in turns. */
async function measureCatchUp() {
  const run = {};
  for (const [name, folder] of Object.entries({ today: pkg, v010: baseline() })) {
    const isolate = await isolates(folder);
    const now = Date.now();
    const parts = isolate.partsOf(batchOf(isolate.start(), 100_000, now));
    run[name] = () => {
      const Marks = isolate.start();
      const marks = new Marks(CONFIG, "{}");
      const started = performance.now();
      for (const part of parts) marks.take(part, now);
      const took = performance.now() - started;
      if (marks.size() !== 100_000) throw new Error(`${marks.size()} entries were applied`);
      return took;
    };
  }
  const times = { today: [], v010: [] };
  for (let round = -1; round < 11; round++) {
    for (const name of ["today", "v010"]) {
      const took = run[name]();
      if (round >= 0) times[name].push(took);
    }
  }
  const each = ratios(times.today, times.v010);
  row({
    what: "catch-up of 100,000 revocations",
    value: `${median(times.today).toFixed(1)} ms`,
    beside: `0.1.0 ${median(times.v010).toFixed(1)} ms`,
    ratio: median(each),
    range: quartiles(each),
    wanted: "≤ 0.6",
  });
}

export const CONFIG = JSON.stringify({ secret: "a secret of the benches, long enough" });

/** Returns how a build starts new instances of gate.wasm, and the parts in which its reader passes a batch on. */
export async function isolates(folder) {
  const load = (path) => import(pathToFileURL(join(folder, path)));
  const module = new WebAssembly.Module(readFileSync(join(folder, "dist/gate.wasm")));
  if (folder !== pkg) {
    const { bindGate } = await load("dist/lib/wasm/generated/gate.js");
    return { start: () => bindGate(module).Marks, partsOf: (batch) => [batch] };
  }
  const { initSync, __wbg_reset_state: restart, Marks } = await load("dist/lib/runtime/generated/gate.js");
  const { partsOf } = await load("dist/lib/revocation/records.js");
  initSync({ module });
  return { start: () => (restart(), Marks), partsOf: (batch) => partsOf(batch, 64 * 1024) };
}

/** Returns one batch of `count` revocations of distinct tokens. */
export function batchOf(Marks, count, now, name = "token") {
  const maker = new Marks(CONFIG, "{}");
  const parts = Array.from({ length: count }, (_, number) => maker.batch(`${name}-${number}`, undefined, undefined, now));
  return new Uint8Array(Buffer.concat(parts));
}
