// Memory of workerd under a constant load: two gates on a Durable Object, and beside them two Workers of one line in a process of
// their own, which get the same number of requests, as fast as they are answered. What counts is the memory after a collection: the
// heap with the modules of each gate must not grow after the third minute. The resident sizes are printed: they follow the rate, because
// they have the highest garbage between two collections, those of the constant Workers too.
//
//   node harness/fleet/workerd-memory.mjs [minutes=10] [requests in flight=8]
import { Miniflare } from "miniflare";
import { growthOf } from "./soak-judge.mjs";
import { residentSize, workerdProcesses } from "./soak-stacks.mjs";
import { openHeaps } from "./workerd-heaps.mjs";
import { signUp, somebody } from "../origin.mjs";
import { startTwoGates, visit } from "../../pkg/test/revocation/support.mjs";

const WARM_UP = 3;
const EVERY = 15_000;
/** Bytes a minute. */
const LIMIT = 50_000;
const [minutes = 10, inFlight = 8] = process.argv.slice(2).map(Number);
if (minutes < WARM_UP + 2) throw new Error(`at least ${WARM_UP + 2} minutes, of which ${WARM_UP} are not judged`);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const MB = (bytes) => (bytes / 1e6).toFixed(2);

const gates = await startTwoGates({ inspector: true });
const [ofGates] = workerdProcesses();
const constant = await startConstant();
const ofConstant = workerdProcesses().find((one) => one !== ofGates);
const processes = [await observed("gate", gates.workerd, ofGates), await observed("constant Worker", constant.workerd, ofConstant)];
/** { limit, samples } by name. */
const series = new Map();
const visitors = [];
while (visitors.length < 6) visitors.push(await signUp(gates.origin, somebody()));

const started = performance.now();
const end = started + minutes * 60_000;
let requests = 0;
let failed = 0;
await Promise.all([sample(), ...Array.from({ length: inFlight }, ask)]);
await Promise.all([gates.close(), constant.workerd.dispose()]);

const failures = failed > 0 ? [`${failed} requests failed`] : [];
for (const [name, { limit, samples }] of series) {
  const judged = growthOf(samples, WARM_UP);
  const growth = `${(judged.growth / 1000).toFixed(1)} kB a minute`;
  const limited = limit < Infinity ? ` (limit ${limit / 1000})` : "";
  console.log(`  ${name}: ${MB(judged.from)} to ${MB(judged.to)} MB after the third minute, ${growth}${limited}`);
  if (judged.growth > limit) failures.push(`${name} grows by ${growth}`);
  if (judged.minutes < minutes - WARM_UP - 1) failures.push(`${name} was measured for ${judged.minutes.toFixed(1)} minutes only`);
}
const verdict = failures.length === 0 ? "passed" : `FAILED: ${failures.join("; ")}`;
console.log(`workerd: ${requests} requests to gates and as many to constant Workers in ${minutes} minutes: ${verdict}`);
process.exit(failures.length === 0 ? 0 : 1);

async function ask() {
  while (performance.now() < end) {
    const [gate, other] = requests % 2 ? [gates.one, constant.one] : [gates.two, constant.two];
    const jar = visitors[requests % visitors.length];
    requests += 1;
    const { status } = await visit(gate, jar).catch((error) => ({ status: String(error.cause ?? error) }));
    const response = await fetch(`${other}/account`, { headers: { cookie: jar.header() } }).catch(() => null);
    if (status !== 200 || (await response?.text()) !== "{}") failed += 1;
  }
}

/** Takes samples four times a minute, while requests are in flight: an idle workerd does not always answer its inspector. */
async function sample() {
  for (let next = started + EVERY; next < end; next += EVERY) {
    await pause(Math.max(0, next - performance.now()));
    for (const read of processes) for (const { name, bytes, limit } of await read()) record(name, bytes, limit);
    console.log(`${requests} requests; ${[...series].map(([name, { samples }]) => `${name} ${MB(samples.at(-1).bytes)} MB`).join(", ")}`);
  }
}

function record(name, bytes, limit) {
  if (!series.has(name)) series.set(name, { limit, samples: [] });
  series.get(name).samples.push({ at: Date.now(), bytes });
}

/** Returns a function that collects a workerd's garbage and reads the sizes of its Workers and of the process. */
async function observed(kind, workerd, pid) {
  const heaps = await openHeaps(await workerd.getInspectorURL());
  return async () => [
    ...(await heaps()).map(({ name, bytes }) => ({ name: `${kind} ${name}`, bytes, limit: kind === "gate" ? LIMIT : Infinity })),
    { name: `process of the ${kind}s`, bytes: residentSize(pid), limit: Infinity },
  ];
}

async function startConstant() {
  const script = `export default { fetch: () => new Response("{}") };`;
  const worker = (name) => ({
    name,
    modules: [{ type: "ESModule", path: "worker.mjs", contents: script }],
    compatibilityDate: "2026-04-01",
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  const workerd = new Miniflare({ host: "127.0.0.1", port: 0, cf: false, inspectorPort: 0, workers: [worker("one"), worker("two")] });
  await workerd.ready;
  const [one, two] = await Promise.all(["one", "two"].map(async (name) => (await workerd.unsafeGetDirectURL(name)).origin));
  return { workerd, one, two };
}
