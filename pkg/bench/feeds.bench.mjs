// Measures the bound of every feed with two gate processes: how long a revoked device is served by the other gate, counted from
// the response to the revoking call, and what it costs the feed.
//
//   node pkg/bench/feeds.bench.mjs [revocations=200] [kind …]
//
// Better Auth on its database is a process of its own, so are the gates and the engine. Default settings.
import { cpus, loadavg } from "node:os";
import { startPostgres } from "../../harness/engines/postgres.mjs";
import { startRedis, startRestProxy } from "../../harness/engines/redis.mjs";
import { startFleet } from "../../harness/fleet/fleet.mjs";
import { signIn, signUp, somebody } from "../../harness/origin.mjs";
import { act, visit } from "../test/revocation/support.mjs";

const [runs = 200, ...kinds] = process.argv.slice(2);
const RUNS = Number(runs);
const PARALLEL = 4;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const redis = await startRedis({ persistent: true });
const postgres = await startPostgres();
const proxy = await startRestProxy(redis.url);
const feeds = {
  redis: { kind: "redis", url: redis.url },
  ioredis: { kind: "ioredis", url: redis.url },
  upstash: { kind: "upstash", url: proxy.url, token: proxy.token },
  postgres: { kind: "postgres", url: postgres.url },
  "postgres-polling": { kind: "postgres-polling", url: postgres.url },
};

console.log("| feed | p50 | p99 | max | reads/s and gate | writes a revocation |\n|---|---|---|---|---|---|");
for (const [name, feed] of Object.entries(feeds)) {
  if (kinds.length === 0 || kinds.includes(name)) console.log(await row(name, feed));
}
console.log(`\n${RUNS} revocations a row, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}`);
await Promise.all([proxy.close(), redis.close(), postgres.close()]);
process.exit(0);

async function row(name, feed) {
  const fleet = await startFleet(feed);
  try {
    const series = await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        const a = await signUp(fleet.origin, somebody());
        const devices = [];
        for (let run = 0; run < Math.ceil(RUNS / PARALLEL); run += 1) devices.push(await signIn(fleet.origin, a.credentials));
        return { a, devices };
      }),
    );
    await pause(2500); // beyond the clock skew of the new epoch
    const before = { at: performance.now(), ...(await fleet.two.figures()), writes: (await fleet.one.figures()).appends };
    const times = (await Promise.all(series.map((one) => measure(fleet, one)))).flat().sort((one, two) => one - two);
    const after = { at: performance.now(), ...(await fleet.two.figures()), writes: (await fleet.one.figures()).appends };
    const at = (part) => (times[Math.min(times.length - 1, Math.ceil(part * times.length) - 1)] / 1000).toFixed(3);
    const reads = ((after.reads - before.reads) / (after.at - before.at)) * 1000;
    return `| ${name} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${reads.toFixed(1)} | ${((after.writes - before.writes) / times.length).toFixed(2)} |`;
  } finally {
    await fleet.close();
  }
}

async function measure({ one, two }, { a, devices }) {
  const times = [];
  for (const b of devices) {
    for (const gate of [one, two]) if ((await visit(gate, b)).status !== 200) throw new Error("not let in before");
    await act(one, a, "/revoke-session", { token: b.token });
    const since = performance.now();
    while ((await visit(two, b.clone(), { keep: false })).status === 200) await pause(10);
    times.push(performance.now() - since);
  }
  return times;
}
