// The servers of a soak: two Node gates on a Redis that is restarted, or two gates in workerd on a Durable Object.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { startRedis } from "../engines/redis.mjs";
import { startFleet } from "./fleet.mjs";
import { quickSignIns as origin } from "./quick-sign-ins.mjs";
import { openHeaps } from "./workerd-heaps.mjs";
import { startTwoGates } from "../../pkg/test/revocation/support.mjs";

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Returns { origin, one, two, restart(number), memory(), stalls(), close() }. `restart` says what it did; `memory` returns
 * [{ name, bytes, limit, warmUp }]; `stalls` those of the gates' processes. `gate` are options of the gates.
 */
export function openStack(kind, gate = {}) {
  // A 503 has its cause in a header.
  const explained = { debug: true, ...gate };
  return kind === "redis" ? onRedis(explained) : onDurableObject(explained);
}

async function onRedis(gate) {
  const redis = await startRedis({ persistent: true });
  const flags = ["--expose-gc"];
  const fleet = await startFleet({ kind: "redis", url: redis.url }, { origin, gate, gates: [{ flags }, { flags }] });
  const gates = { one: fleet.one, two: fleet.two };
  return {
    ...fleet,
    /** With and without its data, at once and after three seconds. */
    async restart(number) {
      const [wiped, away] = [number % 2 === 1, number % 4 >= 2 ? 3000 : 0];
      await redis.stop("SIGKILL");
      if (wiped) redis.wipe();
      await pause(away);
      await redis.start();
      return `restarted ${wiped ? "without" : "with"} its data${away ? ` after ${away / 1000} s` : ""}`;
    },
    async memory() {
      const found = await Promise.all(
        Object.entries(gates).map(async ([name, one]) => {
          await one.collect();
          const { memory } = await one.figures();
          return [
            // 50 kB a minute are 8 bytes for each request.
            { name: `heap of gate ${name}`, bytes: memory.heapUsed + memory.external, limit: 50_000, warmUp: 10 },
            { name: `gate ${name}`, bytes: memory.rss, limit: 500_000, warmUp: 10 },
          ];
        }),
      );
      return found.flat();
    },
    stalls: async () => (await Promise.all(Object.values(gates).map((one) => one.figures()))).flatMap((figures) => figures.stalls),
    log: () => fleet.one.log() + fleet.two.log(),
    close: async () => (await fleet.close(), redis.close()),
  };
}

async function onDurableObject(gate) {
  const before = new Set(workerdProcesses());
  const gates = await startTwoGates({ origin, gate, inspector: true });
  const pid = workerdProcesses().find((one) => !before.has(one));
  const heaps = await openHeaps(await gates.workerd.getInspectorURL());
  return {
    ...gates,
    restart: async () => (await (await fetch(`${gates.one.url}/test/restart`)).text(), "restarted"),
    async memory() {
      const found = (await heaps()).map(({ name, bytes }) => ({ name: `heap of gate ${name}`, bytes, limit: 50_000, warmUp: 10 }));
      return [...found, { name: "workerd", bytes: residentSize(pid), limit: 2_000_000, warmUp: 10 }];
    },
    stalls: async () => [],
    close: gates.close,
  };
}

/** Returns the ids of the workerd processes that this process has started. */
export function workerdProcesses() {
  const found = spawnSync("pgrep", ["-P", String(process.pid), "workerd"], { encoding: "utf8" }).stdout;
  return found.split("\n").filter(Boolean).map(Number);
}

/** Returns the resident size of a process, in bytes. */
export function residentSize(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024;
}
