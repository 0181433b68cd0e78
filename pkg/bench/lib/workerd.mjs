// Runs programs in one workerd. Its clock stands still during a computation, so that times are taken outside.
import { readFileSync, readdirSync } from "node:fs";
import { Miniflare } from "miniflare";
import { bundleForWorkerd } from "./bundle.mjs";

/**
 * Starts Workers, by name `{ entry, ...settings }`. Returns their addresses, `close`, and on Linux `processorTime`, a clock of the
 * milliseconds that the processor has spent on workerd.
 */
export async function startWorkerd(workers) {
  const before = children();
  const workerd = new Miniflare({
    cf: false,
    host: "127.0.0.1",
    port: 0,
    workers: await Promise.all(
      Object.entries(workers).map(async ([name, { entry, ...settings }]) => ({
        name,
        modules: await bundleForWorkerd(entry),
        compatibilityDate: "2026-04-01",
        compatibilityFlags: ["nodejs_compat"],
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        ...settings,
      })),
    ),
  });
  await workerd.ready;
  const names = Object.keys(workers);
  const urls = await Promise.all(names.map(async (name) => (await workerd.unsafeGetDirectURL(name)).origin));
  const own = children().filter((pid) => !before.includes(pid));
  const processorTime = own.length > 0 ? () => own.reduce((sum, pid) => sum + processorTimeOf(pid), 0) : undefined;
  return { urls: Object.fromEntries(names.map((name, at) => [name, urls[at]])), close: () => workerd.dispose(), processorTime };
}

/** Returns the ids of this process's children; none where there is no /proc. */
function children() {
  try {
    const threads = readdirSync("/proc/self/task");
    return threads.flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, "utf8").split(" ").filter(Boolean));
  } catch {
    return [];
  }
}

/** Returns the milliseconds that the processor has spent on the threads of a process. */
function processorTimeOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce(
    (sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    0,
  );
}

/** Posts JSON to a Worker and returns the text of its response. */
export async function post(url, message) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(message) });
  const text = await response.text();
  if (!response.ok) throw new Error(`a Worker of the benchmark failed: ${text.slice(0, 500)}`);
  return text;
}

/** Returns a candidate for `rounds` whose calls a Worker makes: the time of a request without a call is subtracted. */
export const inWorker =
  (url, name, clock = performance.now.bind(performance)) =>
  async (calls) => {
    const timed = async (calls) => {
      const started = clock();
      await post(url, { name, calls });
      return clock() - started;
    };
    const idle = Math.min(await timed(0), await timed(0));
    return Math.max(0.001, (await timed(calls)) - idle);
  };
