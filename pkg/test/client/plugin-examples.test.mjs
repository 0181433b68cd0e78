// The example of each plugin's documentation, with Better Auth's client and with this one: both have the same results, and their stores show
// the same. The clients take Node for a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { createAuthClient as createTheirs } from "better-auth/client";
import { createAuthClient as createOurs } from "better-session/client";
import { CookieJar } from "../../../harness/origin.mjs";
import { examples } from "./plugin-examples.mjs";
import { ORIGIN, clientPlugins, plain, startServer } from "./plugin-server.mjs";

globalThis.window = globalThis;

/** Plays an example. Returns what was noted. */
async function play(create, example) {
  const { auth, codes, promote } = startServer();
  const noted = [];
  const ends = [];
  const device = () => {
    const jar = new CookieJar();
    const customFetchImpl = async (url, { headers: given, body, method }) => {
      const headers = new Headers(given);
      headers.set("origin", ORIGIN);
      if (jar.size) headers.set("cookie", jar.header());
      const response = await auth.handler(new Request(url, { method, headers, body: body ?? null }));
      jar.store(response);
      return response;
    };
    const redirects = [];
    const client = create({
      baseURL: ORIGIN,
      fetchOptions: { customFetchImpl },
      plugins: clientPlugins(({ twoFactorMethods }) => redirects.push(twoFactorMethods)),
    });
    const listening = new Map();
    /** Notes what a store shows after half a second without a change. */
    const shows = async (store, read) => {
      if (!listening.has(store)) {
        listening.set(store, { changed: Date.now() });
        ends.push(store.listen(() => (listening.get(store).changed = Date.now())));
      }
      const seen = listening.get(store);
      seen.changed = Date.now();
      for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
        await wait(25);
        if (Date.now() - seen.changed > 500 && !store.get().isPending) break;
      }
      const { data, error, isPending } = store.get();
      noted.push(plain({ shows: read(data) ?? null, error: error?.status ?? null, isPending }));
    };
    return { client, codes, promote, redirects, device, shows, say: async (result) => void noted.push(plain(await result)) };
  };
  await example(device());
  for (const end of ends) end();
  return noted;
}

assert.equal(Object.keys(examples).length, 10);
for (const [plugin, example] of Object.entries(examples)) {
  test(plugin, async () => {
    const theirs = await play(createTheirs, example);
    assert.ok(theirs.length >= 3 && theirs.some((result) => result?.error === null && result.data), JSON.stringify(theirs));
    assert.deepEqual(await play(createOurs, example), theirs);
  });
}
