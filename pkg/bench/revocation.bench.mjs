// How long a revoked device is still served, measured from the moment at which the revoking call has returned.
//
//   node pkg/bench/revocation.bench.mjs [runs=200]
//
// Device A revokes device B through gate one; B calls gate two every 10 ms until it is refused, and then ten times
// more, to see that it stays so (those are not counted as questions: a browser has dropped its cookies by then). Two
// Workers in real workerd, one Durable Object, one real Better Auth origin on its database, default settings. Beside
// it: `kvFeed`, and Better Auth alone with a short `maxAge`, scaled to 300 s. An origin too slow to be asked counts as
// neither served nor refused: the look goes on.
import { cpus, loadavg } from "node:os";
import { act, asked, startTwoGates, visit } from "../test/revocation/support.mjs";
import { call, signIn, signUp, somebody, startOrigin } from "../../harness/origin.mjs";

const RUNS = Number(process.argv[2] ?? 200);
const LANES = 4;
const SHORT = 6;
const AGAIN = 10;

console.log("Seconds until a revoked device is refused on another edge\n");
console.log("|  | p50 | p99 | max | questions to the origin a revocation |\n|---|---|---|---|---|");
print(await gates("two gates, durableObjectFeed (default)", {}));
print(await gates("two gates, no colo cache", { FEED_OPTIONS: { cache: 0 } }));
print(await gates("two gates, kvFeed (local KV shows a key at once; Cloudflare's may take 60 s more)", { FEED: "kv" }, { lanes: 40, every: 100 }));
for (const row of await alone()) print(row);
console.log(`\n${RUNS} revocations a row, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);

async function gates(name, bindings, { lanes = LANES, every = 10 } = {}) {
  console.error(`${name}: ${RUNS} revocations`);
  const at = await startTwoGates({ one: bindings, two: bindings });
  try {
    const people = await prepare(at.origin, lanes);
    const before = asked(at.origin);
    const times = await inLanes(people, async ({ a, b }) => {
      await act(at.one, a, "/revoke-session", { token: b.token });
      const since = performance.now();
      return untilRefused(() => visit(at.two, b, { keep: false }), since, every);
    });
    return { name, times, questions: (asked(at.origin) - before) / times.length - AGAIN };
  } finally {
    await at.close();
  }
}

/** The server believes its own cookie until `maxAge`; B's copies are of every age when they are revoked. */
async function alone() {
  console.error(`better-auth alone: ${RUNS} revocations`);
  const trusted = [];
  const origin = await startOrigin({ session: { cookieCache: { enabled: true, maxAge: SHORT } }, auth: { trustedOrigins: () => trusted } });
  trusted.push(origin.url);
  try {
    const people = await prepare(origin, 40);
    const times = await inLanes(people, async ({ a, b }) => {
      await call(origin, b.dropCache(), "/get-session");
      await pause(Math.random() * SHORT * 1000);
      await act(origin, a, "/revoke-session", { token: b.token });
      const since = performance.now();
      const look = async () => ({ status: (await (await call(origin, b.clone(), "/get-session")).json()) ? 200 : 401 });
      return untilRefused(look, since, 50);
    });
    const scaled = times.map((time) => (time * 300) / SHORT);
    return [
      { name: `better-auth alone, maxAge ${SHORT} s`, times },
      { name: "better-auth alone, scaled to maxAge 300 s", times: scaled },
    ];
  } finally {
    await origin.close();
  }
}

/** One person a lane with a device A, and a device B for each of the lane's runs. */
async function prepare(origin, lanes) {
  const each = Math.ceil(RUNS / lanes);
  return Promise.all(
    Array.from({ length: lanes }, async () => {
      const a = await signUp(origin, somebody());
      const devices = [];
      for (let run = 0; run < each; run += 1) devices.push({ a, b: await signIn(origin, a.credentials) });
      return devices;
    }),
  );
}

async function inLanes(lanes, run) {
  const times = await Promise.all(
    lanes.map(async (devices) => {
      const found = [];
      for (const devices_ of devices) found.push(await run(devices_));
      return found;
    }),
  );
  return times.flat();
}

async function untilRefused(look, since, every) {
  for (;;) {
    const { status } = await look();
    const time = performance.now() - since;
    if (status === 401) {
      for (let again = 0; again < AGAIN; again += 1) {
        if ((await look()).status === 200) throw new Error("a refused device was let in again");
      }
      return time;
    }
    if (status !== 200 && status !== 503) throw new Error(`neither served nor refused: ${status}`);
    await pause(every);
  }
}

function print({ name, times, questions }) {
  const sorted = times.toSorted((one, two) => one - two);
  const at = (part) => (sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] / 1000).toFixed(3);
  console.log(`| ${name} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${questions === undefined ? "" : questions.toFixed(1)} |`);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
