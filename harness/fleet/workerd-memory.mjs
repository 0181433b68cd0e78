// Memory of workerd under a constant load: two gates on a Durable Object, which are asked as fast as they answer. V8 collects all
// garbage of a Worker seldom, so the heap rises and falls; the resident size must not grow after the third minute.
//
//   node harness/fleet/workerd-memory.mjs [minutes=10] [requests in flight=8]
import { WebSocket } from "ws";
import { growthOf } from "./soak-judge.mjs";
import { residentSize, workerdProcesses } from "./soak-stacks.mjs";
import { signUp, somebody } from "../origin.mjs";
import { startTwoGates, visit } from "../../pkg/test/revocation/support.mjs";

const WARM_UP = 3;
/** Bytes a minute. */
const LIMIT = 5_000_000;
const [minutes = 10, inFlight = 8] = process.argv.slice(2).map(Number);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const MB = (bytes) => (bytes / 1e6).toFixed(1);

const gates = await startTwoGates({ inspector: true });
const [pid] = workerdProcesses();
const heaps = await inspected(await gates.workerd.getInspectorURL());
const visitors = [];
while (visitors.length < 6) visitors.push(await signUp(gates.origin, somebody()));

const samples = [];
const started = performance.now();
const end = started + minutes * 60_000;
let requests = 0;
let failed = 0;
await Promise.all([sample(), ...Array.from({ length: inFlight }, ask)]);
await gates.close();

const { growth, from, to } = growthOf(samples, WARM_UP);
const passed = growth <= LIMIT && failed === 0;
console.log(
  `workerd: ${requests} requests in ${minutes} minutes, ${failed} failed; after the third minute ${MB(from)} to ${MB(to)} MB, ` +
    `${(growth / 1e6).toFixed(2)} MB a minute (limit ${LIMIT / 1e6}): ${passed ? "passed" : "FAILED"}`,
);
process.exit(passed ? 0 : 1);

async function ask() {
  while (performance.now() < end) {
    const gate = requests % 2 ? gates.one : gates.two;
    const { status } = await visit(gate, visitors[requests % visitors.length]).catch((error) => ({ status: String(error.cause ?? error) }));
    requests += 1;
    if (status !== 200) failed += 1;
  }
}

/** Takes a sample every two seconds, and prints each minute the resident size and the smallest heap of each gate within it. */
async function sample() {
  let smallest = heaps.map(() => Infinity);
  for (let minute = started + 60_000; performance.now() < end;) {
    samples.push({ at: Date.now(), bytes: residentSize(pid) });
    const used = await Promise.all(heaps.map((heap) => heap()));
    smallest = smallest.map((bytes, at) => Math.min(bytes, used[at]));
    if (performance.now() >= minute || performance.now() + 2000 >= end) {
      console.log(`${MB(samples.at(-1).bytes)} MB; heaps ${smallest.map(MB).join(" and ")} MB at least; ${requests} requests`);
      smallest = heaps.map(() => Infinity);
      minute += 60_000;
    }
    await pause(2000);
  }
}

/** Returns a function for each Worker that resolves to the used size of its heap, in bytes. */
async function inspected(url) {
  const targets = await (await fetch(new URL("/json", String(url).replace("ws", "http")))).json();
  return Promise.all(
    targets
      .filter(({ id }) => id.startsWith("core:user:"))
      .map(async ({ webSocketDebuggerUrl }) => {
        const socket = new WebSocket(webSocketDebuggerUrl);
        await new Promise((resolve, reject) => (socket.once("open", resolve), socket.once("error", reject)));
        const waiting = new Map();
        socket.on("message", (text) => {
          const { id, result } = JSON.parse(text);
          waiting.get(id)?.(result);
          waiting.delete(id);
        });
        let last = 0;
        const send = (method) =>
          new Promise((resolve) => {
            waiting.set((last += 1), resolve);
            socket.send(JSON.stringify({ id: last, method }));
          });
        await send("Runtime.enable");
        return async () => (await send("Runtime.getHeapUsage")).usedSize;
      }),
  );
}
