// A soak: two gates, 200 requests and a revocation a second, and a feed that is restarted every minute.
//
//   node harness/fleet/soak.mjs [minutes=30] [redis|durable-object|both] [requests a second=200]
//
// It fails if a revoked session is let in beyond the bound, or if a visitor who is signed in gets anything but 200. The growth of
// the gates' memory and connections that were reset are printed only. Times are those of this process, between which the gates cannot be later; a request that a stall of the
// machine delayed is recorded and judged from the time at which it was sent.
import { fileURLToPath } from "node:url";
import { openStack } from "./soak-stacks.mjs";
import { signIn, signUp, somebody } from "../origin.mjs";
import { act, visit as visitOnce } from "../../pkg/test/revocation/support.mjs";

const BOUND = 1000;
const RATE = 200;
const VISITORS = 6;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Idle connections that were closed as they were used, and those that a stalled machine did not open: no response of a gate. */
const RESETS = new Set(["UND_ERR_SOCKET", "ECONNRESET", "UND_ERR_CONNECT_TIMEOUT"]);

/** Sends a request again if the server had closed the idle connection on which it was sent. */
const again = (send) => send().catch((error) => (RESETS.has(error.cause?.code) ? send() : Promise.reject(error)));
const visit = (...args) => again(() => visitOnce(...args));

/** Runs a soak. Returns its figures; `failures` is empty if all is well. */
export async function soak(kind, minutes, { log = console.log, restartEvery = 60_000, rate = RATE } = {}) {
  const stack = await openStack(kind);
  const figures = {
    kind,
    minutes,
    requests: 0,
    revocations: 0,
    restarts: 0,
    stalls: 0,
    worstStall: 0,
    resets: 0,
    letIn: [],
    errors: [],
    memory: [],
  };
  let stopped = false;
  const stall = watchStalls(figures);
  try {
    const owner = await signUp(stack.origin, somebody());
    const visitors = [];
    for (let count = 0; count < VISITORS; count += 1) visitors.push(await signUp(stack.origin, somebody()));
    const revoked = [];
    const end = Date.now() + minutes * 60_000;
    const running = () => !stopped && Date.now() < end;

    const requests = async (gate, offset) => {
      const every = 1000 / (rate / 2);
      let next = performance.now();
      const inFlight = new Set();
      for (let number = offset; running(); number += 1) {
        next += every;
        const ahead = next - performance.now();
        if (ahead > 0) await pause(ahead);
        else if (ahead < -1000) next = performance.now(); // the machine stood still: do not send all that at once
        if (inFlight.size > 300) await Promise.race(inFlight);
        const call = number % 4 === 0 && revoked.length > 0 ? ofRevoked(gate) : ofVisitor(gate, visitors[number % visitors.length]);
        inFlight.add(call);
        void call.finally(() => inFlight.delete(call));
      }
      await Promise.all(inFlight);
    };
    const ofVisitor = async (gate, jar) => {
      figures.requests += 1;
      const { status } = await visit(gate, jar).catch((error) => ({ status: error.cause?.code ?? String(error) }));
      if (RESETS.has(status)) figures.resets += 1;
      else if (status !== 200) figures.errors.push({ at: new Date().toISOString(), status });
    };
    const ofRevoked = async (gate) => {
      figures.requests += 1;
      const one = revoked[Math.floor(Math.random() * revoked.length)];
      const sent = performance.now();
      const { status } = await visit(gate, one.jar.clone(), { keep: false }).catch(() => ({ status: 0 }));
      if (status === 200 && sent - one.at > BOUND) figures.letIn.push({ at: new Date().toISOString(), after: Math.round(sent - one.at) });
    };
    const revocations = async () => {
      for (let next = performance.now(); running(); next += 1000) {
        await pause(Math.max(0, next - performance.now()));
        const jar = await again(() => signIn(stack.origin, owner.credentials));
        for (const gate of [stack.one, stack.two]) await visit(gate, jar);
        const [first] = Math.random() < 0.5 ? [stack.one] : [stack.two];
        try {
          await again(() => act(first, owner, "/revoke-session", { token: jar.token }));
        } catch (error) {
          figures.errors.push({ at: new Date().toISOString(), status: error.message });
          continue;
        }
        figures.revocations += 1;
        revoked.push({ jar, at: performance.now() });
        if (revoked.length > 30) revoked.shift();
      }
    };
    const restarts = async () => {
      while (running()) {
        for (let waited = 0; waited < restartEvery && running(); waited += 200) await pause(200);
        if (!running()) return;
        await stack.restart();
        figures.restarts += 1;
      }
    };
    const memory = async () => {
      while (running()) {
        for (let waited = 0; waited < 15_000 && running(); waited += 200) await pause(200);
        figures.memory.push(await stack.memory());
        log(
          `${kind}: ${figures.requests} requests, ${figures.revocations} revocations, ${figures.restarts} restarts, memory ${figures.memory
            .at(-1)
            .map((bytes) => (bytes / 1e6).toFixed(1))
            .join(" and ")} MB`,
        );
      }
    };
    await Promise.all([requests(stack.one, 0), requests(stack.two, 1), revocations(), restarts(), memory()]);
  } finally {
    stopped = true;
    stall.stop();
    await stack.close();
  }
  return { ...figures, growth: growthOf(figures.memory) };
}

/** Records how often this process, and so the machine, stood still. */
function watchStalls(figures) {
  let last = performance.now();
  const timer = setInterval(() => {
    const late = performance.now() - last - 50;
    last = performance.now();
    if (late < 250) return;
    figures.stalls += 1;
    figures.worstStall = Math.max(figures.worstStall, Math.round(late));
  }, 50);
  return { stop: () => clearInterval(timer) };
}

/** Returns by how many bytes the median of the last third exceeds that of the second third, for each gate. */
function growthOf(samples) {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return [];
  const median = (values) => values.toSorted((one, two) => one - two)[values.length >> 1];
  return samples[0].map((_, gate) => {
    const of = (from, to) => median(samples.slice(from, to).map((sample) => sample[gate]));
    return of(-third) - of(third, 2 * third);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const minutes = Number(process.argv[2] ?? 30);
  const kinds = process.argv[3] === "redis" || process.argv[3] === "durable-object" ? [process.argv[3]] : ["redis", "durable-object"];
  for (const kind of kinds) {
    const figures = await soak(kind, minutes, { rate: Number(process.argv[4] ?? RATE) });
    const growth = figures.growth.map((bytes) => `${(bytes / 1e6).toFixed(1)} MB`).join(" and ");
    console.log(
      `${kind}: ${minutes} minutes, ${figures.requests} requests, ${figures.revocations} revocations, ${figures.restarts} restarts of the feed: ` +
        `${figures.letIn.length} let in beyond the bound, ${figures.errors.length} errors to visitors, memory grew by ${growth} in the last third; ` +
        `${figures.resets} connections were reset, the machine stood still ${figures.stalls} times, ${figures.worstStall} ms at most`,
    );
    for (const one of [...figures.letIn, ...figures.errors].slice(0, 20)) console.log(JSON.stringify(one));
    if (figures.letIn.length > 0 || figures.errors.length > 0) process.exitCode = 1;
  }
  process.exit();
}
