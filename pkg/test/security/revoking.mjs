// Starts gates with revocation, in workerd and in Node, in front of a real Better Auth origin.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { nodeListener } from "../../dist/edge.js";
import { SECRET, call } from "../../../harness/origin.mjs";
import { startAll } from "../edge/support.mjs";

let instances = 0;

/**
 * Starts an origin (options of the harness) with two gates that share a feed in each runtime. `gate` are the gates' options, `gate.two` further
 * options of revocation for the second one; `before(origin)` may put a proxy between gates and origin and returns `{ url, close() }`.
 *
 * Returns { origin, proxy, gates: [{ runtime, url, basePath }], close() } as `inBoth` takes it.
 */
export async function startRevoking({ origin = {}, gate = {}, before } = {}) {
  let proxy;
  const entry = "../security/revoking-worker.mjs";
  const durableObjects = { LOG: { className: "Log", useSQLite: true } };
  const started = await startAll(
    origin,
    { workerd: { options: gate, entry, durableObjects } },
    async (of) => (proxy = await before?.(of)) ?? of,
  );
  // A query makes a module instance of its own: the Worker keeps its gates at module level.
  const { default: worker } = await import(`./revoking-worker.mjs?instance=${(instances += 1)}`);
  const options = {
    secret: SECRET,
    origin: (proxy ?? started.origin).url,
    session: { cookieCache: { enabled: true } },
    hiddenFields: {},
    ...gate,
  };
  const listener = nodeListener({ fetch: (request, ctx) => worker.fetch(request, { OPTIONS: options }, ctx ?? { waitUntil() {} }) });
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const node = `http://127.0.0.1:${server.address().port}`;
  started.trust(node);
  const basePath = started.origin.basePath;
  return {
    origin: started.origin,
    proxy,
    trust: started.trust,
    gates: [
      { runtime: "workerd", ...started.workerd, basePath },
      { runtime: "node", url: node, basePath },
    ],
    async close() {
      server.closeAllConnections();
      await Promise.all([started.close(), proxy?.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}

/** Calls the auth API through a gate, asserts the status and returns the response. */
export async function act(gate, jar, path, { status = 200, ...options } = {}) {
  const response = await call(gate, jar, path, options);
  assert.equal(response.status, status, `${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

/** Requests a page behind a gate with a copy of the cookies. */
export function page(gate, jar, headers = {}) {
  return fetch(`${gate.url}/account`, { headers: { cookie: jar.header(), ...headers }, redirect: "manual" });
}

/** Returns "authenticated" or the reason of the verdict of a gate's check on cookies, which does no lookup. */
export async function standing(gate, jar, headers = {}) {
  const verdict = await (await fetch(`${gate.url}/test/check`, { headers: { cookie: jar.header(), ...headers } })).json();
  return verdict.reason ?? verdict.status;
}

/** Waits until the gate accepts the cookies again. */
export async function believed(gate, jar) {
  const response = await page(gate, jar);
  assert.equal(response.status, 200);
  jar.store(response);
  assert.equal(await standing(gate, jar), "authenticated");
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
