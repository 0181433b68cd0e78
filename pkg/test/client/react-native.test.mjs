// The entry for React Native in Node: there is `window` without events, no `document`, and Better Auth's managers of focus and network,
// which its Expo plugin provides. matrix/parts/expo.mjs runs the plugin itself in Hermes.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { device } from "./device.mjs";
import { startServer } from "./server.mjs";

/** A manager with the interface of Better Auth's. */
function manager() {
  const listeners = new Set();
  let running = 0;
  return {
    isOnline: true,
    subscribe: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    setup: () => ((running += 1), () => (running -= 1)),
    tell: (active) => listeners.forEach((listener) => listener(active)),
    counts: () => [listeners.size, running],
  };
}

const managers = { focus: manager(), online: manager() };
for (const [name, value] of Object.entries(managers)) globalThis[Symbol.for(`better-auth:${name}-manager`)] = value;

const server = await startServer();
after(() => server.close());
// Not before the database has started, which would take it for a page.
globalThis.window = globalThis;
const { createAuthClient } = await import("../../dist/client.react-native.js");

test("the store follows the app's focus and network, and stops with its last listener", async () => {
  const headers = { "x-test": "native" };
  const client = createAuthClient({ baseURL: server.url, fetchOptions: { customFetchImpl: device(server).fetch, headers } });
  const looks = () => server.looks("native");
  const stop = client.useSession.listen(() => {});
  while (client.useSession.get().isPending) await wait(20);
  assert.deepEqual([managers.focus.counts(), managers.online.counts(), looks()], [[1, 1], [1, 1], 1]);
  const { now } = performance;
  performance.now = () => now.call(performance) + 10_000;
  const after = async (tell) => {
    const before = looks();
    tell();
    await wait(300);
    return looks() - before;
  };
  try {
    assert.equal(await after(() => managers.focus.tell(false)), 0);
    assert.equal(await after(() => managers.focus.tell(true)), 1);
    performance.now = () => now.call(performance) + 20_000;
    managers.online.isOnline = false;
    assert.equal(await after(() => managers.focus.tell(true)), 0, "offline");
    managers.online.isOnline = true;
    assert.equal(await after(() => managers.online.tell(true)), 1);
  } finally {
    performance.now = now;
  }
  stop();
  await wait(1300);
  assert.deepEqual(
    [managers.focus.counts(), managers.online.counts()],
    [
      [0, 0],
      [0, 0],
    ],
  );
});
