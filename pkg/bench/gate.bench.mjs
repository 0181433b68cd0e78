// `get-session`: through the gate in workerd, and at the Better Auth origin itself (Node, PGlite, cookie cache on), in
// one run on one machine. Closed loop on loopback: each connection sends its next request when it has its answer.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { bundle } from "../test/edge/support.mjs";
import { childNamed, cpuSeconds } from "./gate/cpu.mjs";
import { load } from "./gate/load.mjs";
import { median } from "./rounds.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 3;
const CONNECTIONS = 8;
const SAMPLES = 5000;
const LIMIT_MS = 0.3;

const { process: server, url, secret, cookie } = await startOrigin();
const worker = async (name) => ({
  name,
  modules: await bundle(join(here, `gate/${name}.mjs`)),
  compatibilityDate: "2026-04-01",
  bindings: { OPTIONS: { secret, origin: url, session: { cookieCache: { enabled: true } }, hiddenFields: {} } },
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
});
const workerd = new Miniflare({ cf: false, host: "127.0.0.1", port: 0, workers: [await worker("worker"), await worker("stopwatch")] });
const at = async (name) => (await workerd.unsafeGetDirectURL(name)).origin;
try {
  await workerd.ready;
  const gate = await at("worker");
  const contestants = {
    gate: { url: gate, pid: childNamed("workerd") },
    origin: { url, pid: server.pid },
  };
  const rows = await race(contestants);
  print(rows);
  await inside(await at("stopwatch"), contestants.gate.pid);
} finally {
  await workerd.dispose();
  server.kill();
}

/** Rounds in turn, so that a slow moment hits both; the first round warms up. */
async function race(contestants) {
  const rows = Object.fromEntries(Object.keys(contestants).map((name) => [name, { perSecond: [], cpu: [] }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { url, pid }] of Object.entries(contestants)) {
      const before = cpuSeconds(pid);
      const { answers, seconds } = await load(`${url}/api/auth/get-session`, { cookie, connections: CONNECTIONS, seconds: SECONDS, expect: '"user":{' });
      if (round === 0) continue;
      rows[name].perSecond.push(answers / seconds);
      rows[name].cpu.push(((cpuSeconds(pid) - before) * 1e6) / answers);
    }
  }
  return rows;
}

function print({ gate, origin }) {
  const row = ({ perSecond, cpu }) => ({ perSecond: median(perSecond), cpu: median(cpu) });
  const [ours, theirs] = [row(gate), row(origin)];
  console.log(`get-session, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${SECONDS} s; ${cpus().length} cores shared with the load, load ${loadavg()[0].toFixed(1)}`);
  for (const [name, { perSecond, cpu }] of [["gate in workerd", ours], ["Better Auth in Node", theirs]]) {
    console.log(`${name.padEnd(22)} ${perSecond.toFixed(0).padStart(6)} requests/s ${cpu.toFixed(0).padStart(6)} µs of CPU a request`);
  }
  console.log(`${(ours.perSecond / theirs.perSecond).toFixed(1)} × the requests (wanted: 5), 1/${(theirs.cpu / ours.cpu).toFixed(1)} of the CPU time (wanted: 1/10)`);
}

/** The gate's own part, measured by the Worker itself: see gate/stopwatch.mjs for how. */
async function inside(stopwatch, pid) {
  const ask = async (query) => {
    const response = await fetch(`${stopwatch}/?${query}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const marker = randomBytes(32).toString("hex");
  await ask(`marker=${marker}`);
  const clock = await startClock(pid, marker);
  try {
    const { nothing, call } = await (await ask(`samples=${SAMPLES}`)).json();
    const line = ({ p50, p99, max }) => `p50 ${p50.toFixed(3)} ms   p99 ${p99.toFixed(3)} ms   max ${max.toFixed(3)} ms`;
    console.log(`\nThe gate's own part, ${SAMPLES} calls each; what the empty call takes, the stopwatch and the machine took`);
    console.log(`inside workerd, an empty call   ${line(nothing)}`);
    console.log(`inside workerd, gate.fetch      ${line(call)}   (wanted: p99 at most ${LIMIT_MS} ms)`);
  } finally {
    clock.kill();
  }
}

async function startClock(pid, marker) {
  const child = spawn(process.execPath, [join(here, "gate/clock.mjs"), String(pid), marker], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const _ of createInterface({ input: child.stdout })) return child;
  throw new Error("the clock did not start");
}

/** A process of its own, so that its CPU time is nobody else's. */
async function startOrigin() {
  const child = spawn(process.execPath, [join(here, "gate/origin.mjs")], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NODE_ENV: "production" } });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) };
  throw new Error("the origin did not start");
}
