// Runs the fuzz targets one after another and prints a table: `node fuzz/run.mjs MINUTES [TARGET…]`. `--record` writes it to
// docs/fuzzing.md. Crashes are kept in fuzz/artifacts, and the inputs that reached new code in fuzz/corpus.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceTable } from "./document.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
const binaries = join(folder, "target/x86_64-unknown-linux-gnu/release");
/** The share of the time, in percent, and the longest input, in bytes. The slowest have the largest shares. */
const TARGETS = {
  base64: [22, 256],
  compact: [6, 512],
  cookie_header: [5, 256],
  gate: [13, 512],
  json: [5, 256],
  jwe: [9, 512],
  jwt: [6, 512],
  options: [11, 256],
  path: [5, 96],
  revocation: [4, 96],
  session_cookies: [6, 512],
  set_cookie: [8, 256],
};

const [minutes, ...names] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const record = process.argv.includes("--record");
const chosen = Object.entries(TARGETS).filter(([name]) => names.length === 0 || names.includes(name));
if (!(Number(minutes) > 0) || chosen.length === 0) {
  console.error(`usage: node fuzz/run.mjs MINUTES [--record] [TARGET…]; targets: ${Object.keys(TARGETS).join(", ")}`);
  process.exit(2);
}

const shares = chosen.reduce((sum, [, [share]]) => sum + share, 0);
const results = [];
for (const [name, [share, maxLength]] of chosen) {
  const result = await fuzz(name, Math.max(5, Math.round((Number(minutes) * 60 * share) / shares)), maxLength);
  results.push(result);
  console.log(`${result.failed ? "FAIL" : "ok  "} ${name}: ${result.runs} executions in ${result.seconds} s, coverage ${result.coverage}`);
  if (result.failed) console.log(result.failed);
}
const total = results.reduce((sum, { runs }) => sum + runs, 0);
const format = new Intl.NumberFormat("en");
const rows = results.map(
  ({ name, runs, seconds, coverage, features, corpus }) =>
    `| \`${name}\` | ${format.format(runs)} | ${format.format(seconds)} | ${format.format(coverage)} | ${format.format(features)} | ${format.format(corpus)} |`,
);
const table = [
  "| target | executions | seconds | edges covered | features | inputs kept |",
  "|---|---|---|---|---|---|",
  ...rows,
  `| in all | ${format.format(total)} | ${format.format(results.reduce((sum, { seconds }) => sum + seconds, 0))} | | | |`,
].join("\n");
console.log(`\n${table}`);
if (record) replaceTable("targets", table);
const failed = results.filter((result) => result.failed).length;
console.log(`${total} executions, ${results.length - failed} targets passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

/** Runs one target for so many seconds. `failed` is the end of its log if it found a crash. */
async function fuzz(name, seconds, maxLength) {
  const [corpus, artifacts] = [join(folder, "corpus", name), join(folder, "artifacts", name)];
  for (const path of [corpus, artifacts]) mkdirSync(path, { recursive: true });
  const options = [
    `-max_total_time=${seconds}`,
    `-max_len=${maxLength}`,
    `-artifact_prefix=${artifacts}/`,
    `-dict=${join(folder, "words.dict")}`,
  ];
  const child = spawn(join(binaries, name), [...options, "-print_final_stats=1", "-timeout=20", "-verbosity=1", corpus], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let [last, tail] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text) => {
    tail = (tail + text).slice(-6000);
    last = [...text.matchAll(/^#\d+.*cov: \d+ ft: \d+.*$/gm)].at(-1)?.[0] ?? last;
  });
  const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  const number = (pattern, text) => Number(pattern.exec(text)?.[1] ?? 0);
  const began = /Done (\d+) runs in (\d+) second/.exec(tail);
  return {
    name,
    runs: number(/number_of_executed_units:\s*(\d+)/, tail),
    seconds: began ? Number(began[2]) : seconds,
    coverage: number(/cov: (\d+)/, last),
    features: number(/ft: (\d+)/, last),
    corpus: readdirSync(corpus).length,
    failed: code === 0 ? "" : tail,
  };
}
