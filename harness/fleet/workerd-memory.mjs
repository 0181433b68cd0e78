// Memory of workerd under a constant load: two gates on a Durable Object, whose size must stay the same after the third minute.
//
//   node harness/fleet/workerd-memory.mjs [minutes=10] [requests a second=100]
import { fileURLToPath } from "node:url";
import { growthOf } from "./soak-judge.mjs";
import { residentSize, workerdProcesses } from "./soak-stacks.mjs";
import { signUp, somebody } from "../origin.mjs";
import { startTwoGates, visit } from "../../pkg/test/revocation/support.mjs";

const WARM_UP = 3;
/** Bytes a minute. A leak of 16 bytes for each request would be 96 kB a minute. */
export const LIMIT = 1_000_000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns { samples: [{ at, bytes }], requests }. */
export async function measure(minutes, rate, log = console.log) {
  const gates = await startTwoGates();
  const [pid] = workerdProcesses();
  const samples = [];
  let requests = 0;
  try {
    const visitors = [];
    while (visitors.length < 6) visitors.push(await signUp(gates.origin, somebody()));
    const end = performance.now() + minutes * 60_000;
    let next = performance.now();
    let minute = performance.now();
    const inFlight = new Set();
    for (let number = 0; performance.now() < end; number += 1) {
      next = Math.max(next + 1000 / rate, performance.now() - 1000);
      if (next > performance.now()) await pause(next - performance.now());
      if (inFlight.size >= 32) await Promise.race(inFlight);
      const call = visit(number % 2 ? gates.one : gates.two, visitors[number % visitors.length]).then(() => (requests += 1));
      inFlight.add(call);
      void call.finally(() => inFlight.delete(call));
      if (number % rate === 0) samples.push({ at: Date.now(), bytes: residentSize(pid) });
      if (performance.now() < minute) continue;
      minute += 60_000;
      log(`workerd ${(residentSize(pid) / 1e6).toFixed(1)} MB after ${requests} requests`);
    }
    await Promise.all(inFlight);
  } finally {
    await gates.close();
  }
  return { samples, requests };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [minutes = 10, rate = 100] = process.argv.slice(2).map(Number);
  const { samples, requests } = await measure(minutes, rate);
  const { growth, from, to } = growthOf(samples, WARM_UP);
  const MB = (bytes) => (bytes / 1e6).toFixed(1);
  const flat = growth <= LIMIT;
  console.log(
    `workerd: ${requests} requests in ${minutes} minutes; after the third minute ${MB(from)} to ${MB(to)} MB, ` +
      `${(growth / 1000).toFixed(0)} kB a minute (limit ${LIMIT / 1000}): ${flat ? "passed" : "FAILED"}`,
  );
  process.exit(flat ? 0 : 1);
}
