// `startInBoth` with feed-worker.mjs: each gate has a revocation feed of its own.
import { createServer } from "node:http";
import { SECRET, startOrigin } from "../../../harness/origin.mjs";
import { startGates } from "../edge/support.mjs";

let instances = 0;

/** Returns { origin, gates: [{ runtime, url, basePath }], close() }. `origin` are the harness's options, `gate` the gate's. */
export async function startWithFeed({ origin: originOptions = {}, gate = {} } = {}) {
  const trusted = [];
  const origin = await startOrigin({ ...originOptions, auth: { ...originOptions.auth, trustedOrigins: () => trusted } });
  const workerd = await startGates(origin, { gate: { options: gate, entry: "../security/feed-worker.mjs" } });
  const node = await startInNode({ secret: SECRET, origin: origin.url, session: { cookieCache: { enabled: true } }, ...gate });
  trusted.push(origin.url, workerd.gate.url, node.url);
  return {
    origin,
    gates: [
      { runtime: "workerd", ...workerd.gate },
      { runtime: "node", url: node.url, basePath: origin.basePath },
    ],
    close: () => Promise.all([workerd.close(), node.close(), origin.close()]),
  };
}

async function startInNode(OPTIONS) {
  const { nodeListener } = await import("better-session/edge");
  const { default: worker } = await import(`./feed-worker.mjs?instance=${(instances += 1)}`);
  const server = createServer(nodeListener({ fetch: (request) => worker.fetch(request, { OPTIONS }, { waitUntil() {} }) }));
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
