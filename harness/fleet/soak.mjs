// A soak: two gates, 200 requests and a revocation a second, and a feed that is restarted every minute.
//
//   node harness/fleet/soak.mjs [minutes=30] [redis|durable-object|both] [requests a second=200]
//
// It fails if a revoked session is let in beyond the bound, if a visitor who is signed in gets anything but 200, or if memory grows.
// The bound counts from the response to the revoking call to the arrival of a request at a gate, by the gate's own clock. A slow
// machine lowers the rate that is reached; errors of requests during which a process stood still are listed, and do not fail.
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { BOUND, failuresOf, growthOf, isExcused } from "./soak-judge.mjs";
import { openStack } from "./soak-stacks.mjs";
import { watchStalls } from "./stalls.mjs";
import { call, signIn, signUp, somebody } from "../origin.mjs";
import { asked } from "../../pkg/test/revocation/support.mjs";

const RATE = 200;
const VISITORS = 6;
/** Requests in flight at one gate. When the machine is slow, further ones are sent later. */
const MOST_IN_FLIGHT = 32;
const MEMORY_EVERY = 15_000;
/** Minutes from which memory is judged. */
const JUDGED = 15;
/** Sessions that a gate remembers at most, and some more: at a session a second its memory would be full after a quarter of an hour only. */
const REMEMBERED = 1100;
/** Sessions that were revoked last, which go on asking. */
const REVOKED = 30;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Idle connections that were closed as they were used, and those that a stalled machine did not open: no response of a gate. */
const RESETS = new Set(["UND_ERR_SOCKET", "ECONNRESET", "UND_ERR_CONNECT_TIMEOUT"]);

/** Runs a soak. Returns its figures; `failures` is empty if all is well. */
export async function soak(kind, minutes, { log = console.log, restartEvery = 60_000, rate = RATE, gate } = {}) {
  const stack = await openStack(kind, gate);
  const figures = { requests: 0, revocations: 0, restarts: [], resets: 0, letIn: [], errors: [], latest: 0, stalls: [], memory: [] };
  const own = watchStalls();
  const times = [];
  const revoked = [];
  let started = performance.now();
  let end = started + minutes * 60_000;
  const running = () => performance.now() < end;
  const untilNext = async (every) => {
    for (const until = performance.now() + every; running() && performance.now() < until;) await pause(100);
    return running();
  };

  /** Sends a request, once more if the connection was closed. */
  const again = (send) =>
    send().catch((error) => {
      if (!RESETS.has(error.cause?.code)) throw error;
      figures.resets += 1;
      return send();
    });
  /** Visits a page. Returns { status, cause, sent, received, done }. */
  const ask = async (gate, jar, keep) => {
    const headers = { cookie: jar.header() };
    const sent = Date.now();
    try {
      const response = await again(() => fetch(`${gate.url}/account`, { headers, redirect: "manual" }));
      if (keep) jar.store(response);
      const cause = response.headers.get("x-better-session-cause");
      const received = Number(response.headers.get("x-test-received")) || sent;
      await response.arrayBuffer();
      figures.requests += 1;
      return { status: response.status, cause, sent, received, done: Date.now() };
    } catch (error) {
      return { status: error.cause?.code ?? String(error), sent, received: sent, done: Date.now() };
    }
  };
  const ofVisitor = async (gate, jar) => {
    const { status, cause, sent, done } = await ask(gate, jar, true);
    times.push(done - sent);
    if (status !== 200) figures.errors.push({ sent, done, status, cause });
  };
  const ofRevoked = async (gate) => {
    const { jar, at } = revoked[Math.floor(Math.random() * revoked.length)];
    const { status, received } = await ask(gate, jar, false);
    if (status !== 200) return;
    figures.latest = Math.max(figures.latest, received - at);
    if (received - at > BOUND) figures.letIn.push({ at: received, after: received - at });
  };

  const requests = async (gate, visitors) => {
    const inFlight = new Set();
    let next = performance.now();
    for (let number = 0; running(); number += 1) {
      next += 2000 / rate;
      const ahead = next - performance.now();
      if (ahead > 0) await pause(ahead);
      else if (ahead < -1000) next = performance.now(); // what a slow machine did not send is not sent later
      if (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight);
      const call = number % 4 === 0 && revoked.length > 0 ? ofRevoked(gate) : ofVisitor(gate, visitors[number % visitors.length]);
      inFlight.add(call);
      void call.finally(() => inFlight.delete(call));
    }
    await Promise.all(inFlight);
  };
  /** Fills the memories of the gates with sessions. */
  const fill = async (owner) => {
    for (let number = 0; number < REMEMBERED; number += 10) {
      await inParallel(10, async () => {
        const jar = await again(() => signIn(stack.origin, owner.credentials));
        await ask(stack.one, jar, true);
        await ask(stack.two, jar, true);
      });
    }
    figures.requests = 0;
  };
  const revoke = async (owner, gate) => {
    const jar = await again(() => signIn(stack.origin, owner.credentials));
    for (const one of [stack.one, stack.two]) {
      const { status, cause, sent, done } = await ask(one, jar, true);
      if (status !== 200) figures.errors.push({ sent, done, status, cause });
    }
    const sent = Date.now();
    const response = await again(() => call(gate, owner, "/revoke-session", { body: { token: jar.token } }));
    await response.arrayBuffer();
    if (response.status !== 200) {
      const cause = response.headers.get("x-better-session-cause");
      figures.errors.push({ sent, done: Date.now(), status: `${response.status} to the revocation`, cause });
      return;
    }
    figures.revocations += 1;
    revoked.push({ jar, at: Date.now() });
    if (revoked.length > REVOKED) revoked.shift();
  };
  /** One a second, at both gates in turn. A revocation that waits for the feed does not delay the next. */
  const revocations = async (owner) => {
    const inFlight = [];
    for (let number = 0; await untilNext(1000); number += 1) {
      if (inFlight.length >= 8) await inFlight.shift();
      inFlight.push(revoke(owner, number % 2 ? stack.one : stack.two));
    }
    await Promise.all(inFlight);
  };
  const restarts = async () => {
    for (let number = 0; await untilNext(restartEvery); number += 1) figures.restarts.push(await stack.restart(number));
  };
  const memory = async () => {
    do {
      for (const { name, bytes, ...rest } of await stack.memory()) {
        const series = figures.memory.find((one) => one.name === name) ?? { name, ...rest, samples: [] };
        if (series.samples.length === 0) figures.memory.push(series);
        series.samples.push({ at: Date.now(), bytes });
      }
      log(`${kind}: ${figures.requests} requests, ${figures.revocations} revocations, ${memoryNow(figures)}`);
    } while (await untilNext(MEMORY_EVERY));
  };

  try {
    const [owner, ...visitors] = await inTurn(1 + VISITORS, () => signUp(stack.origin, somebody()));
    if (minutes >= JUDGED) await fill(owner);
    started = performance.now();
    end = started + minutes * 60_000;
    const before = asked(stack.origin);
    await Promise.all([requests(stack.one, visitors), requests(stack.two, visitors), revocations(owner), restarts(), memory()]);
    figures.lookups = asked(stack.origin) - before;
    figures.stalls = [...own.list(), ...(await stack.stalls())];
    figures.log = stack.log?.() ?? "";
  } finally {
    own.stop();
    await stack.close();
  }
  times.sort((one, two) => one - two);
  const seconds = (performance.now() - started) / 1000;
  return {
    ...figures,
    kind,
    rate: figures.requests / seconds,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    failures: failuresOf(figures),
  };
}

const inParallel = (count, make) => Promise.all(Array.from({ length: count }, make));

async function inTurn(count, make) {
  const made = [];
  while (made.length < count) made.push(await make());
  return made;
}

const MB = (bytes) => (bytes / 1e6).toFixed(1);
const memoryNow = ({ memory }) => memory.map(({ name, samples }) => `${name} ${MB(samples.at(-1).bytes)} MB`).join(", ");

/** Describes the figures of a soak in lines. */
export function described(figures) {
  const { kind, errors, stalls, restarts } = figures;
  const excused = errors.filter((error) => isExcused(error, stalls)).length;
  const kinds = [...new Set(restarts)].map((text) => `${restarts.filter((one) => one === text).length} × ${text}`);
  const longest = Math.max(0, ...stalls.map(({ from, to }) => to - from));
  return [
    `${kind}: ${figures.requests} requests (${figures.rate.toFixed(0)} a second, p99 ${figures.p99} ms), ${figures.revocations} revocations, ${figures.lookups} lookups`,
    `  feed: ${kinds.join(", ")}`,
    `  let in beyond the bound: ${figures.letIn.length}; the last one within it ${figures.latest} ms after the revocation`,
    `  errors to visitors who are signed in: ${errors.length - excused}, and ${excused} while a process stood still`,
    ...figures.memory.map(({ name, limit, warmUp, samples }) => {
      const { minutes, growth, from, to } = growthOf(samples, warmUp);
      const fit = `${(growth / 1000).toFixed(1)} kB a minute (limit ${limit / 1000}) over ${minutes.toFixed(0)} minutes, ${MB(from)} to ${MB(to)} MB`;
      return minutes > 0 ? `  memory of ${name}: ${fit}` : `  memory of ${name}: ${MB(samples.at(-1).bytes)} MB`;
    }),
    `  the machine: ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; ${stalls.length} stalls, ${longest} ms at most; ${figures.resets} connections were closed`,
    ...errors.slice(0, 10).map((error) => `  ${JSON.stringify(error)}`),
    ...(errors.length > 0 ? [figures.log.slice(-2000)] : []),
    ...figures.letIn.slice(0, 10).map((one) => `  let in: ${JSON.stringify(one)}`),
    figures.failures.length === 0 ? `${kind}: passed` : `${kind}: FAILED: ${figures.failures.join("; ")}`,
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [minutes = 30, kind = "both", rate = RATE, restartSeconds = 60] = process.argv.slice(2);
  for (const one of kind === "both" ? ["redis", "durable-object"] : [kind]) {
    const figures = await soak(one, Number(minutes), { rate: Number(rate), restartEvery: Number(restartSeconds) * 1000 });
    console.log(described(figures).join("\n"));
    if (figures.failures.length > 0) process.exitCode = 1;
  }
  process.exit();
}
