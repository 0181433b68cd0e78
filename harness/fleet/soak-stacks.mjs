// The servers of a soak: two Node gates on a Redis that is restarted, or two gates in workerd on a Durable Object.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { startRedis } from "../engines/redis.mjs";
import { startFleet } from "./fleet.mjs";
import { startTwoGates } from "../../pkg/test/revocation/support.mjs";

/** Returns { origin, one, two, restart(), memory(), close() }. `memory` is in bytes, of each process of gates. */
export function openStack(kind) {
  return kind === "redis" ? onRedis() : onDurableObject();
}

async function onRedis() {
  const redis = await startRedis({ persistent: true });
  const fleet = await startFleet({ kind: "redis", url: redis.url }, { gates: [{ flags: ["--expose-gc"] }, { flags: ["--expose-gc"] }] });
  const heap = async (gate) => {
    await gate.collect();
    const { memory } = await gate.figures();
    return memory.heapUsed + memory.external;
  };
  return {
    ...fleet,
    restart: async () => (await redis.stop("SIGKILL"), redis.start()),
    memory: () => Promise.all([heap(fleet.one), heap(fleet.two)]),
    close: async () => (await fleet.close(), redis.close()),
  };
}

async function onDurableObject() {
  const before = new Set(workerdProcesses());
  const gates = await startTwoGates();
  const pid = workerdProcesses().find((one) => !before.has(one));
  return {
    ...gates,
    restart: () => fetch(`${gates.one.url}/test/restart`),
    memory: async () => [residentSize(pid)],
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
