// Starts one gate in workerd and one in Node, in front of a real Better Auth origin, to run each test in both runtimes.
import { createServer } from "node:http";
import { test } from "node:test";
import { SECRET } from "../../../harness/origin.mjs";
import { startAll } from "../edge/support.mjs";

let instances = 0;

/**
 * Starts an origin (options of the harness) with a gate before it in each runtime. `gate` are the gate's options; `app: true` puts
 * edge/worker.mjs's app behind the gate in the same process; `bindings` are further bindings of that Worker (JSON); `before(origin)` may put a proxy
 * between gates and origin and returns `{ url }`.
 *
 * Returns { origin, gates: [{ runtime: "workerd" | "node", url, basePath }], trust(url), close() }.
 */
export async function startInBoth({ origin = {}, gate = {}, app = false, bindings = {}, before } = {}) {
  const own = { ...(app ? { APP: "here" } : {}), ...bindings };
  let upstream;
  const started = await startAll(origin, { workerd: { options: gate, ...own } }, async (of) => (upstream = (await before?.(of)) ?? of));
  const node = await startNodeGate(upstream, gate, own).catch(async (error) => {
    await started.close();
    throw error;
  });
  started.trust(node.url);
  const basePath = started.origin.basePath;
  return {
    origin: started.origin,
    gates: [
      { runtime: "workerd", ...started.workerd, basePath },
      { runtime: "node", url: node.url, basePath },
    ],
    trust: started.trust,
    close: () => Promise.all([started.close(), node.close()]),
  };
}

/** The same Worker source as in workerd, run by Node behind `nodeListener`. */
async function startNodeGate(origin, options, bindings) {
  const { nodeListener } = await import("better-session/edge");
  // A query makes a module instance of its own: the Worker keeps its gate at module level.
  const { default: worker } = await import(`../edge/worker.mjs?instance=${(instances += 1)}`);
  const env = {
    OPTIONS: { secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } }, hiddenFields: {}, ...options },
    ...bindings,
  };
  const listener = nodeListener({ fetch: (request, ctx) => worker.fetch(request, env, ctx ?? { waitUntil() {} }) });
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Defines a test for each runtime: calls `run(gate)` with the gates of `started()`. */
export function inBoth(name, started, run) {
  for (const runtime of ["workerd", "node"]) {
    test(`${name} [${runtime}]`, () => run(started().gates.find((gate) => gate.runtime === runtime)));
  }
}
