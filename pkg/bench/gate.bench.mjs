// Benchmarks `get-session` through the gate in workerd and at the Better Auth origin (Node, PGlite, cookie cache on) on the
// same machine. Closed loop on loopback: each connection sends its next request after the response.
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
const workerd = new Miniflare({ cf: false, host: "127.0.0.1", port: 0, workers: [await worker("worker"), await worker("timer-worker")] });
const at = async (name) => (await workerd.unsafeGetDirectURL(name)).origin;
try {
  await workerd.ready;
  const gate = await at("worker");
  const servers = {
    gate: { url: gate, pid: childNamed("workerd") },
    origin: { url, pid: server.pid },
  };
  const rows = await benchmark(servers);
  print(rows);
  await measureInside(await at("timer-worker"), servers.gate.pid);
} finally {
  await workerd.dispose();
  server.kill();
}

/** Measures both servers in alternating rounds, so that noise affects both. The first round is a warm-up. */
async function benchmark(servers) {
  const rows = Object.fromEntries(Object.keys(servers).map((name) => [name, { perSecond: [], cpu: [] }]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { url, pid }] of Object.entries(servers)) {
      const before = cpuSeconds(pid);
      const { responses, seconds } = await load(`${url}/api/auth/get-session`, {
        cookie,
        connections: CONNECTIONS,
        seconds: SECONDS,
        expect: '"user":{',
      });
      if (round === 0) continue;
      rows[name].perSecond.push(responses / seconds);
      rows[name].cpu.push(((cpuSeconds(pid) - before) * 1e6) / responses);
    }
  }
  return rows;
}

function print({ gate, origin }) {
  const row = ({ perSecond, cpu }) => ({ perSecond: median(perSecond), cpu: median(cpu) });
  const [ours, theirs] = [row(gate), row(origin)];
  console.log(
    `get-session, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${SECONDS} s; ${cpus().length} cores shared with the load generator, load ${loadavg()[0].toFixed(1)}`,
  );
  for (const [name, { perSecond, cpu }] of [
    ["gate in workerd", ours],
    ["Better Auth in Node", theirs],
  ]) {
    console.log(`${name.padEnd(22)} ${perSecond.toFixed(0).padStart(6)} requests/s ${cpu.toFixed(0).padStart(6)} µs of CPU a request`);
  }
  console.log(
    `${(ours.perSecond / theirs.perSecond).toFixed(1)} × the requests (wanted: 5), 1/${(theirs.cpu / ours.cpu).toFixed(1)} of the CPU time (wanted: 1/10)`,
  );
}

/** Measures the time of a gate call inside the Worker, see gate/timer-worker.mjs. */
async function measureInside(timer, pid) {
  const request = async (query) => {
    const response = await fetch(`${timer}/?${query}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const marker = randomBytes(32).toString("hex");
  await request(`marker=${marker}`);
  const clock = await startClock(pid, marker);
  try {
    const { empty, call } = await (await request(`samples=${SAMPLES}`)).json();
    const line = ({ p50, p99, max }) => `p50 ${p50.toFixed(3)} ms   p99 ${p99.toFixed(3)} ms   max ${max.toFixed(3)} ms`;
    console.log(`\nTime of a call inside the gate, ${SAMPLES} calls each; the time of an empty call is the overhead of the measurement`);
    console.log(`inside workerd, an empty call   ${line(empty)}`);
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

/** Starts the origin in a process of its own, so that its CPU time can be measured. */
async function startOrigin() {
  const child = spawn(process.execPath, [join(here, "gate/origin.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  for await (const line of createInterface({ input: child.stdout })) return { process: child, ...JSON.parse(line) };
  throw new Error("the origin did not start");
}
