// Runs programs in one workerd. Its clock stands still during a computation, so that times are taken outside.
import { Miniflare } from "miniflare";
import { bundleForWorkerd } from "./bundle.mjs";

/** Starts Workers, by name `{ entry, ...settings }`. Returns their addresses, and `close`. */
export async function startWorkerd(workers) {
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
  return { urls: Object.fromEntries(names.map((name, at) => [name, urls[at]])), close: () => workerd.dispose() };
}

/** Posts JSON to a Worker and returns the text of its response. */
export async function post(url, message) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(message) });
  const text = await response.text();
  if (!response.ok) throw new Error(`a Worker of the benchmark failed: ${text.slice(0, 500)}`);
  return text;
}

/** Returns a candidate for `rounds` whose calls a Worker makes: the time of a request without a call is subtracted. */
export const inWorker = (url, name) => async (calls) => {
  const timed = async (calls) => {
    const started = performance.now();
    await post(url, { name, calls });
    return performance.now() - started;
  };
  const idle = Math.min(await timed(0), await timed(0));
  return Math.max(0.001, (await timed(calls)) - idle);
};
