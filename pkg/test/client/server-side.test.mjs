// On a server, where one process serves all users, the store sends no request and holds no session.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { computed } from "nanostores";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { createAuthClient } from "better-session/react";

test("the store never fetches on a server", async () => {
  let fetched = 0;
  const client = createAuthClient({
    baseURL: "https://example.com",
    fetchOptions: { customFetchImpl: async () => ((fetched += 1), Response.json(null)) },
  });
  const store = client.useSession;
  const stop = store.subscribe(() => {});
  const name = computed(store, ({ data }) => data?.user.name ?? "nobody");
  assert.equal(name.get(), "nobody");
  await store.get().refetch();
  client.hydrateSession({ session: {}, user: { name: "somebody" } });
  client.$store.notify("$sessionSignal");
  assert.match(renderToString(h(() => (client.useSession().isPending ? "pending" : "known"))), /pending/);
  stop();
  await new Promise((turn) => setTimeout(turn, 100));
  assert.deepEqual([fetched, store.get().data, store.get().isPending], [0, null, true]);
  // A call that is asked for is made all the same.
  await client.signOut();
  assert.equal(fetched, 1);
});

test("the CommonJS build never fetches on a server either", async () => {
  const { createAuthClient: create } = createRequire(import.meta.url)("better-session/client");
  const { data } = await create({
    baseURL: "https://example.com",
    fetchOptions: { customFetchImpl: async (url) => Response.json(url) },
  }).listSessions();
  assert.equal(data, "https://example.com/api/auth/list-sessions");
});
