// Measures how long a revoked device is still served, from the response to the revoking call.
//
//   node pkg/bench/revocation.bench.mjs [runs=200]
//
// Device A revokes device B through gate one; B calls gate two every 10 ms until it is refused, and then ten times
// more, to check that it stays refused (those are not counted as lookups: a browser has deleted its cookies by then). Two
// Workers in real workerd, one Durable Object, one real Better Auth origin on its database, default settings. Beside
// it: `kvFeed`, and Better Auth alone with a short `maxAge`, scaled to 300 s. A response of 503, if the origin
// is too slow, counts as neither served nor refused.
import { cpus, loadavg } from "node:os";
import { act, asked as lookupCount, startTwoGates, visit } from "../test/revocation/support.mjs";
import { call, signIn, signUp, somebody, startOrigin } from "../../harness/origin.mjs";

const RUNS = Number(process.argv[2] ?? 200);
const PARALLEL = 4;
const MAX_AGE = 6;
const REPEATS = 10;

console.log("Seconds until a revoked device is refused on another edge\n");
console.log("|  | p50 | p99 | max | lookups to the origin a revocation |\n|---|---|---|---|---|");
print(await gates("two gates, durableObjectFeed (default)", {}));
print(await gates("two gates, no colo cache", { FEED_OPTIONS: { cache: 0 } }));
print(
  await gates(
    "two gates, kvFeed (local KV shows a key at once; Cloudflare's may take 60 s more)",
    { FEED: "kv" },
    { parallel: 40, every: 100 },
  ),
);
for (const row of await withoutGate()) print(row);
console.log(`\n${RUNS} revocations a row, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);

async function gates(name, bindings, { parallel = PARALLEL, every = 10 } = {}) {
  console.error(`${name}: ${RUNS} revocations`);
  const at = await startTwoGates({ one: bindings, two: bindings });
  try {
    const users = await prepare(at.origin, parallel);
    const before = lookupCount(at.origin);
    const times = await inParallel(users, async ({ a, b }) => {
      await act(at.one, a, "/revoke-session", { token: b.token });
      const since = performance.now();
      return untilRefused(() => visit(at.two, b, { keep: false }), since, every);
    });
    return { name, times, lookups: (lookupCount(at.origin) - before) / times.length - REPEATS };
  } finally {
    await at.close();
  }
}

/** Measures Better Auth without a gate, which accepts its cookie cache until `maxAge`. B's caches have random ages at the revocation. */
async function withoutGate() {
  console.error(`better-auth alone: ${RUNS} revocations`);
  const trusted = [];
  const origin = await startOrigin({
    session: { cookieCache: { enabled: true, maxAge: MAX_AGE } },
    auth: { trustedOrigins: () => trusted },
  });
  trusted.push(origin.url);
  try {
    const users = await prepare(origin, 40);
    const times = await inParallel(users, async ({ a, b }) => {
      await call(origin, b.dropCache(), "/get-session");
      await pause(Math.random() * MAX_AGE * 1000);
      await act(origin, a, "/revoke-session", { token: b.token });
      const since = performance.now();
      const poll = async () => ({ status: (await (await call(origin, b.clone(), "/get-session")).json()) ? 200 : 401 });
      return untilRefused(poll, since, 50);
    });
    const scaled = times.map((time) => (time * 300) / MAX_AGE);
    return [
      { name: `better-auth alone, maxAge ${MAX_AGE} s`, times },
      { name: "better-auth alone, scaled to maxAge 300 s", times: scaled },
    ];
  } finally {
    await origin.close();
  }
}

/** Signs in one user for each parallel series: a device A, and a device B for each run. */
async function prepare(origin, parallel) {
  const each = Math.ceil(RUNS / parallel);
  return Promise.all(
    Array.from({ length: parallel }, async () => {
      const a = await signUp(origin, somebody());
      const devices = [];
      for (let run = 0; run < each; run += 1) devices.push({ a, b: await signIn(origin, a.credentials) });
      return devices;
    }),
  );
}

async function inParallel(parallel, run) {
  const times = await Promise.all(
    parallel.map(async (devices) => {
      const found = [];
      for (const pair of devices) found.push(await run(pair));
      return found;
    }),
  );
  return times.flat();
}

async function untilRefused(poll, since, every) {
  for (;;) {
    const { status } = await poll();
    const time = performance.now() - since;
    if (status === 401) {
      for (let again = 0; again < REPEATS; again += 1) {
        if ((await poll()).status === 200) throw new Error("a refused device was let in again");
      }
      return time;
    }
    if (status !== 200 && status !== 503) throw new Error(`neither served nor refused: ${status}`);
    await pause(every);
  }
}

function print({ name, times, lookups }) {
  const sorted = times.toSorted((one, two) => one - two);
  const at = (part) => (sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] / 1000).toFixed(3);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${lookups === undefined ? "" : lookups.toFixed(1)} |`);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
