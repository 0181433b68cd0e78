// Starts the demo: the Better Auth servers, the Workers runtime and the page.

import { createServer } from "node:net";
import { Miniflare } from "miniflare";
import { bundleWorker } from "./bundle.mjs";
import { startProxy } from "./proxy.mjs";
import { startOrigins } from "./origins.mjs";
import { createPage } from "./page.mjs";
import { CACHE_SECONDS, SECRET, STRATEGIES } from "./settings.mjs";

const COMPATIBILITY = "2026-04-01";

/**
 * Listens at `port`, or at any free port if that is 0 or in use. Calls `onStep` with the title of each step.
 * Returns { url, port, origins, close() }.
 */
export async function startDemo({ port = 0, onStep = () => {} } = {}) {
  const usedPort = await freePort(port);
  const pages = [`http://localhost:${usedPort}`, `http://127.0.0.1:${usedPort}`];
  const cleanups = [];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  };
  try {
    onStep("Better Auth on embedded Postgres, three servers");
    const bundles = Promise.all(["front", "edge", "plain"].map(bundleWorker));
    bundles.catch(() => {}); // awaited below; until then a failure here must not end the process
    const origins = await startOrigins(pages);
    cleanups.push(origins.close);
    onStep("the page and the Workers' code");
    const page = await createPage({ strategies: STRATEGIES, cacheSeconds: CACHE_SECONDS, secret: SECRET, betterAuth: origins.version });
    const workers = describeWorkers(origins, await bundles);
    onStep("the Workers runtime (workerd) with two gates");
    const miniflare = new Miniflare({ host: "127.0.0.1", port: 0, cf: false, verbose: false, workers });
    cleanups.push(() => miniflare.dispose());
    const proxy = await startProxy(usedPort, page, await miniflare.ready);
    cleanups.push(proxy.close);
    return { url: pages[0], port: usedPort, origins, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns the Workers: the front, which simulates two devices, two gates, and a site without a gate. */
function describeWorkers(origins, [front, edge, plain]) {
  const common = { compatibilityDate: COMPATIBILITY, compatibilityFlags: ["nodejs_compat"] };
  const ORIGINS = origins.url;
  const log = { className: "RevocationLog", useSQLite: true };
  return [
    { ...common, name: "front", modules: front, serviceBindings: { EDGE_1: "edge-1", EDGE_2: "edge-2", PLAIN: "plain" } },
    { ...common, name: "edge-1", modules: edge, bindings: { ORIGINS, EDGE: "edge 1" }, durableObjects: { REVOCATIONS: log } },
    {
      ...common,
      name: "edge-2",
      modules: edge,
      bindings: { ORIGINS, EDGE: "edge 2" },
      durableObjects: { REVOCATIONS: { ...log, scriptName: "edge-1" } },
    },
    { ...common, name: "plain", modules: plain, bindings: { ORIGINS } },
  ];
}

/** Returns the wanted port if it is free, otherwise any free port. */
async function freePort(wanted) {
  return (await tryPort(wanted)) ?? (await tryPort(0));
}

function tryPort(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const { port: found } = server.address();
      server.close(() => resolve(found));
    });
  });
}
