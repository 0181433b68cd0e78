// Measures the bound of every feed with two gates: for how long after the response to the revoking call a revoked device is still
// let in by the other gate, and what that costs the feed.
//
//   node pkg/bench/feeds.bench.mjs [revocations=200] [feed …]
//
// Gates are processes of their own, or Workers in one workerd; engines too; Better Auth on its database is in this process. Default
// settings. "last let in" counts to the arrival of the last request that was let in, by the gate's own clock (in workerd: until
// it was sent), and is the bound. "refused" counts to the first 401, with the lookup that it needs and the time that a slow machine takes.
import { cpus, loadavg } from "node:os";
import { startPostgres } from "../../harness/engines/postgres.mjs";
import { startRedis, startRestProxy } from "../../harness/engines/redis.mjs";
import { startFleet } from "../../harness/fleet/fleet.mjs";
import { quickSignIns as origin } from "../../harness/fleet/quick-sign-ins.mjs";
import { stalledWithin, watchStalls } from "../../harness/fleet/stalls.mjs";
import { signIn, signUp, somebody } from "../../harness/origin.mjs";
import { act, startTwoGates, visit } from "../test/revocation/support.mjs";

const [runs = 200, ...wanted] = process.argv.slice(2);
const RUNS = Number(runs);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const own = watchStalls();

const redis = await startRedis({ persistent: true });
const postgres = await startPostgres();
const proxy = await startRestProxy(redis.url);
const inProcesses = (feed) => async () => {
  const fleet = await startFleet(feed, { origin });
  const figures = async (gate) => {
    const { reads, appends, stalls } = await gate.figures();
    return { reads, appends, stalls };
  };
  return { ...fleet, figures };
};
const inWorkerd = (bindings) => async () => {
  const gates = await startTwoGates({ origin, one: bindings, two: bindings });
  const figures = async (gate) => ({ ...(await (await fetch(`${gate.url}/test/counts`)).json()), stalls: [] });
  return { ...gates, figures };
};
const alone = async () => {
  const fleet = await inProcesses({ kind: "memory" })();
  return { ...fleet, two: fleet.one };
};
const feeds = {
  memoryFeed: { open: alone },
  durableObjectFeed: { open: inWorkerd({}) },
  "redisFeed, redis": { open: inProcesses({ kind: "redis", url: redis.url }) },
  "redisFeed, ioredis": { open: inProcesses({ kind: "ioredis", url: redis.url }) },
  "redisFeed, Upstash REST": { open: inProcesses({ kind: "upstash", url: proxy.url, token: proxy.token }) },
  "postgresFeed, notifications": { open: inProcesses({ kind: "postgres", url: postgres.url }) },
  "postgresFeed, polling alone": { open: inProcesses({ kind: "postgres-polling", url: postgres.url }) },
  "kvFeed (a local KV without its 60 s)": { open: inWorkerd({ FEED: "kv" }), parallel: 40, every: 200 },
};

console.log("Seconds after the response to the revoking call\n");
console.log("| feed | last let in: p50 | p99 | max | refused: p50 | p99 | max (a process stood still for) | reads/s | writes |");
console.log("|---|---|---|---|---|---|---|---|---|");
for (const [name, feed] of Object.entries(feeds)) {
  if (wanted.length === 0 || wanted.some((part) => name.includes(part))) console.log(await row(name, feed));
}
console.log(
  `\n${RUNS} revocations a row; reads a second of one gate, writes for each revocation; ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`,
);
await Promise.all([proxy.close(), redis.close(), postgres.close()]);
process.exit(0);

async function row(name, { open, parallel = 4, every = 10 }) {
  console.error(`${name}, load ${loadavg()[0].toFixed(1)}`);
  const at = await open();
  try {
    const series = [];
    for (let number = 0; number < parallel; number += 1) {
      const a = await signUp(at.origin, somebody());
      const devices = [];
      for (let run = 0; run < Math.ceil(RUNS / parallel); run += 1) devices.push(await signIn(at.origin, a.credentials));
      series.push({ a, devices });
    }
    await pause(2500); // beyond the clock skew of the new epoch
    const figures = async () => ({ at: performance.now(), one: await at.figures(at.one), two: await at.figures(at.two) });
    const before = await figures();
    const found = (await Promise.all(series.map((one) => measure(at, one, every)))).flat();
    const after = await figures();
    const stalls = [...own.list(), ...after.one.stalls, ...after.two.stalls];
    const worst = found.reduce((one, other) => (one.refused > other.refused ? one : other));
    const still = stalledWithin(stalls, worst.from, worst.from + worst.refused) / 1000;
    const reads = ((after.two.reads - before.two.reads) / (after.at - before.at)) * 1000;
    const writes = (after.one.appends - before.one.appends) / found.length;
    const [letIn, refused] = [quantiles(found.map((one) => one.letIn)), quantiles(found.map((one) => one.refused))];
    return `| ${name} | ${letIn.join(" | ")} | ${refused.join(" | ")} (${still.toFixed(2)}) | ${reads.toFixed(1)} | ${writes.toFixed(2)} |`;
  } finally {
    await at.close();
  }
}

/** Revokes one device after the other. Returns, in milliseconds, when each was let in for the last time and refused for the first. */
async function measure({ one, two }, { a, devices }, every) {
  const found = [];
  for (const b of devices) {
    for (const gate of [one, two]) if ((await visit(gate, b)).status !== 200) throw new Error("not let in before");
    await act(one, a, "/revoke-session", { token: b.token });
    const from = Date.now();
    let letIn = 0;
    for (;;) {
      const sent = Date.now();
      const response = await fetch(`${two.url}/account`, { headers: { cookie: b.header() }, redirect: "manual" });
      await response.arrayBuffer();
      if (response.status === 401) break;
      if (response.status === 200) letIn = (Number(response.headers.get("x-test-received")) || sent) - from;
      await pause(every);
    }
    found.push({ from, letIn, refused: Date.now() - from });
  }
  return found;
}

/** Returns the median, the 99th percentile and the maximum, in seconds. */
function quantiles(times) {
  const sorted = times.toSorted((one, two) => one - two);
  return [0.5, 0.99, 1].map((part) => (Math.max(0, sorted[Math.ceil(part * sorted.length) - 1]) / 1000).toFixed(2));
}
