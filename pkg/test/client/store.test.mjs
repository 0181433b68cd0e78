// `useSession` in Chromium, with a real server that counts its requests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, openTab, until } from "./browser.mjs";
import { startServer } from "./server.mjs";

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launch()]);
});
after(() => Promise.all([server?.close(), browser?.close()]));

/**
 * Defines a test in a tab of its own browser, with a `client` whose requests are counted as `who` and a signed-in user. Further
 * `options` are those of the client.
 */
function inTab(name, { hold = 0, signedIn = true, ...options }, use) {
  test(name, async () => {
    const who = name.replace(/[^a-z ]/gi, "");
    const tab = await openTab(browser, server.url);
    const headers = { "x-test": who, ...(hold ? { "x-hold": String(hold) } : {}) };
    await tab.evaluate(
      async ({ options, headers, signedIn }) => {
        const { Instance } = WebAssembly;
        WebAssembly.Instance = function (...given) {
          return (globalThis.made = new Instance(...given));
        };
        const { createAuthClient } = await import("/dist/client.js");
        globalThis.person = { email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery", name: "Ada" };
        globalThis.client = createAuthClient({ ...options, fetchOptions: { headers } });
        globalThis.store = client.useSession;
        globalThis.states = [];
        if (signedIn) await client.signUp.email(person);
      },
      { options, headers, signedIn },
    );
    await use({
      tab,
      looks: () => server.looks(who),
      settled: () => until(() => tab.evaluate(() => !store.get().isPending && !store.get().isRefetching), "settled"),
      user: () => tab.evaluate(() => store.get().data?.user.name),
    });
    await tab.close();
    assert.deepEqual(tab.errors, []);
  });
}

inTab("the first mount sends one request, and an unchanged value stays the same object", {}, async ({ tab, looks, settled }) => {
  assert.equal(looks(), 0, "a sign-in that nobody watches asks nothing");
  await tab.evaluate(() => {
    globalThis.stop = store.subscribe((state) => states.push({ ...state }));
  });
  await settled();
  assert.equal(looks(), 1);
  const seen = await tab.evaluate(() =>
    states.map(({ data, error, isPending, isRefetching }) => [data?.user.name ?? null, error, isPending, isRefetching]),
  );
  assert.deepEqual(seen, [
    [null, null, true, false],
    [null, null, true, true],
    ["Ada", null, false, false],
  ]);
  const same = await tab.evaluate(async () => {
    const { data } = store.get();
    await store.get().refetch();
    return data === store.get().data && data.session.createdAt instanceof Date;
  });
  assert.deepEqual([same, looks()], [true, 2]);
});

inTab("a second mount soon after sends no request, and the value is kept without listeners", {}, async ({ tab, looks, settled }) => {
  const began = Date.now();
  await tab.evaluate(() => store.subscribe(() => {})());
  await settled();
  const name = await tab.evaluate(async () => {
    const stops = Array.from({ length: 10_000 }, () => store.listen(() => {}));
    for (const stop of stops) (stop(), stop());
    return [store.lc, store.get().data.user.name, store.value === store.get()];
  });
  assert.deepEqual(name, [0, "Ada", true]);
  // Soon is five seconds, which a busy machine may take.
  assert.ok(looks() <= 1 + Math.floor((Date.now() - began) / 5000), `${looks()}`);
});

inTab("a slow response that arrives after the last listener left is stored", { hold: 400 }, async ({ tab, looks, settled, user }) => {
  await tab.evaluate(() => store.subscribe(() => {})());
  await settled();
  assert.deepEqual([await user(), looks()], ["Ada", 1]);
});

inTab("calls that change the session update the store, a sign-out at once", {}, async ({ tab, settled, user }) => {
  await tab.evaluate(() => {
    store.subscribe((state) => states.push(state.data?.user.name ?? null));
  });
  await settled();
  await tab.evaluate(() => client.updateUser({ name: "Grace" }));
  await until(async () => (await user()) === "Grace", "the new name");
  const after = await tab.evaluate(async () => (await client.signOut(), store.get().data));
  assert.equal(after, null);
  // Somebody signs in again: that is not to wait for quiet.
  const waited = await tab.evaluate(async () => {
    const began = performance.now();
    await client.signIn.email({ email: person.email, password: person.password });
    await new Promise((known) => {
      const stop = store.listen(({ data }) => data && (known(), queueMicrotask(() => stop())));
    });
    return performance.now() - began;
  });
  assert.ok(waited < 10_000, `${waited} ms`);
  assert.equal(await user(), "Grace");
});

inTab("a sign-in without listeners is applied at the next mount", { signedIn: false }, async ({ tab, settled, user }) => {
  await tab.evaluate(() => store.subscribe(() => {})());
  await settled();
  assert.equal(await user(), undefined);
  await tab.evaluate(() => client.signUp.email(person));
  await tab.evaluate(() => {
    store.subscribe(() => {});
  });
  await until(async () => (await user()) === "Ada", "the session");
});

inTab("a response to a request before the sign-out does not restore the session", { hold: 500 }, async ({ tab, settled }) => {
  await tab.evaluate(() => {
    store.subscribe((state) => states.push(state.data?.user.name ?? null));
  });
  await settled();
  await tab.evaluate(async () => {
    const slow = store.get().refetch();
    await client.signOut({}, { headers: { "x-hold": "0" } });
    globalThis.states = [];
    await slow;
  });
  await settled();
  assert.deepEqual(await tab.evaluate(() => [...new Set(states)]), [null]);
});

inTab(
  "a network error keeps the data and ends the pending state; the online event refetches",
  {},
  async ({ tab, looks, settled, user }) => {
    await tab.context().setOffline(true);
    await tab.evaluate(() => {
      store.subscribe(() => {});
    });
    await settled();
    assert.deepEqual(await tab.evaluate(() => [store.get().data, store.get().error.code]), [null, "NETWORK_ERROR"]);
    await tab.context().setOffline(false);
    await until(async () => (await user()) === "Ada", "the session, once online");
    assert.equal(looks(), 1, "the server saw one look");
    await tab.context().setOffline(true);
    await tab.evaluate(() => store.get().refetch());
    assert.deepEqual(await tab.evaluate(() => [store.get().data.user.name, store.get().error.code]), ["Ada", "NETWORK_ERROR"]);
  },
);

inTab("a 401 clears the data; other error statuses keep it", {}, async ({ tab, settled }) => {
  await tab.evaluate(() => {
    store.subscribe(() => {});
  });
  await settled();
  const answer = (status) =>
    tab.evaluate(async (status) => {
      const real = globalThis.fetch;
      globalThis.fetch = async () => Response.json({ code: "NO" }, { status });
      await store.get().refetch();
      globalThis.fetch = real;
      const { data, error, isPending } = store.get();
      return [data?.user.name ?? null, error.status, isPending];
    }, status);
  assert.deepEqual(await answer(503), ["Ada", 503, false]);
  assert.deepEqual(await answer(401), [null, 401, false]);
});

inTab("a hydrated store is not pending, sends one request and changes only if the session differs", {}, async ({ tab, looks, settled }) => {
  const [pending, name, same] = await tab.evaluate(async () => {
    const { data } = await client.getSession();
    client.hydrateSession(data);
    client.hydrateSession({ ...data, user: { ...data.user, name: "late" } });
    client.hydrateSession(null);
    const first = store.get();
    store.subscribe(() => {});
    await store.get().refetch();
    return [first.isPending, first.data.user.name, first.data === store.get().data];
  });
  await settled();
  assert.deepEqual([pending, name, same], [false, "Ada", true]);
  assert.ok(looks() <= 3, `${looks()}`);
});

inTab("a session is hydrated once, and never after a sign-out or a response", {}, async ({ tab, settled }) => {
  const seen = await tab.evaluate(async () => {
    const { data } = await client.getSession();
    const name = () => store.get().data?.user.name ?? "nobody";
    const names = [];
    client.hydrateSession(data);
    names.push(name());
    await client.signOut();
    client.hydrateSession(data);
    names.push(name());
    store.subscribe(() => client.hydrateSession(data));
    await store.get().refetch();
    client.hydrateSession(data);
    names.push(name());
    return names;
  });
  await settled();
  assert.deepEqual(seen, ["Ada", "nobody", "nobody"]);
});

inTab("a listener that throws affects neither other listeners nor the store", {}, async ({ tab, settled }) => {
  const logged = await tab.evaluate(async () => {
    let count = 0;
    console.error = () => count++;
    store.listen(() => {
      throw new Error("a listener's own fault");
    });
    store.listen((state) => states.push(state));
    await store.get().refetch();
    return count;
  });
  await settled();
  assert.ok(logged >= 1);
  assert.ok((await tab.evaluate(() => states.length)) >= 2);
});

inTab("a request that hangs is aborted, and the next one is sent", {}, async ({ tab, user }) => {
  const code = await tab.evaluate(async () => {
    const slow = (await import("/dist/client.js")).createAuthClient({ fetchOptions: { timeout: 300, headers: { "x-hold": "60000" } } });
    await slow.useSession.get().refetch();
    return slow.useSession.get().error.code;
  });
  assert.equal(code, "TIMEOUT");
  await tab.evaluate(() => store.get().refetch());
  assert.equal(await user(), "Ada");
});

inTab("a module that trapped is replaced while the store has listeners", {}, async ({ tab, settled, user }) => {
  await tab.evaluate(() => {
    store.subscribe(() => {});
  });
  await settled();
  const code = await tab.evaluate(async () => {
    const broken = {
      headers: new Headers(),
      get ok() {
        throw new Error("broken");
      },
    };
    return (await client.listSessions({}, { customFetchImpl: async () => broken })).error.code;
  });
  assert.equal(code, "RUNTIME_ERROR");
  await tab.evaluate(() => client.updateUser({ name: "Grace" }));
  await until(async () => (await user()) === "Grace", "the new name");
});

inTab("a social sign-in navigates to the URL of the server, never to a javascript: URL", { signedIn: false }, async ({ tab }) => {
  const goes = (url, options) =>
    tab.evaluate(
      async ({ url, options }) => {
        const { createAuthClient } = await import("/dist/client.js");
        location.hash = "";
        const { data } = await createAuthClient({
          ...options,
          fetchOptions: { customFetchImpl: async () => Response.json({ url, redirect: true }) },
        }).signIn.social({ provider: "x" });
        return [data.redirect, location.hash, globalThis.ran ?? false];
      },
      { url, options },
    );
  assert.deepEqual(await goes("/#there"), [true, "#there", false]);
  assert.deepEqual(await goes("/#there", { disableDefaultFetchPlugins: true }), [true, "", false]);
  assert.deepEqual(await goes("javascript:globalThis.ran = true"), [true, "", false]);
});

inTab("refetchInterval refetches while the store has listeners", { sessionOptions: { refetchInterval: 0.2 } }, async ({ tab, looks }) => {
  await tab.evaluate(() => {
    globalThis.stop = store.subscribe(() => {});
  });
  await until(() => looks() >= 4, "four looks");
  await tab.evaluate(() => stop());
});

inTab(
  "refetchInterval sends no request without a session",
  { signedIn: false, sessionOptions: { refetchInterval: 0.05 } },
  async ({ tab, looks, settled }) => {
    await tab.evaluate(() => {
      store.subscribe(() => {});
    });
    await settled();
    await tab.evaluate(() => new Promise((turn) => setTimeout(turn, 500)));
    assert.equal(looks(), 1);
  },
);

inTab("isFresh and freshUntil follow the session", {}, async ({ tab, settled }) => {
  assert.deepEqual(await tab.evaluate(() => [client.isFresh(), client.freshUntil]), [false, null]);
  await tab.evaluate(() => {
    store.subscribe(() => {});
  });
  await settled();
  assert.deepEqual(
    await tab.evaluate(() => [
      client.isFresh(),
      client.isFresh(0.001),
      client.isFresh(0),
      +client.freshUntil - +store.get().data.session.createdAt,
    ]),
    [true, false, true, 86_400_000],
  );
  await tab.evaluate(async () => {
    await fetch(`/test/session?make=old&token=${store.get().data.session.token}`, { method: "POST" });
    await store.get().refetch({ query: { disableCookieCache: true } });
  });
  assert.deepEqual(await tab.evaluate(() => [client.isFresh(), client.freshUntil < new Date()]), [false, true]);
  assert.equal((await tab.evaluate(() => client.listSessions())).error.code, "SESSION_NOT_FRESH");
});

test("a change in another tab is applied without a focus", async () => {
  const context = await browser.newContext();
  const [here, there] = [await openTab(browser, server.url, context), await openTab(browser, server.url, context)];
  for (const tab of [here, there])
    await tab.evaluate(async () => {
      globalThis.client = (await import("/dist/client.js")).createAuthClient();
    });
  await here.evaluate(() =>
    client.signUp.email({ email: `${crypto.randomUUID()}@example.com`, password: "correct horse battery", name: "Ada" }),
  );
  const name = () => there.evaluate(() => client.useSession.get().data?.user.name ?? null);
  await there.evaluate(() => {
    client.useSession.subscribe(() => {});
  });
  await until(async () => (await name()) === "Ada", "the session");
  await here.evaluate(() => client.updateUser({ name: "Grace" }));
  await until(async () => (await name()) === "Grace", "the other tab's change");
  await here.evaluate(() => client.signOut());
  await until(async () => (await name()) === null, "the other tab's sign-out");
  assert.deepEqual([...here.errors, ...there.errors], []);
  await context.close();
});

test("deferSessionRefresh: a GET that requires a refresh is followed by a POST", async () => {
  const deferring = await startServer({ session: { deferSessionRefresh: true, updateAge: 0, cookieCache: { enabled: false } } });
  try {
    const tab = await openTab(browser, deferring.url);
    const data = await tab.evaluate(async () => {
      const client = (await import("/dist/client.js")).createAuthClient();
      await client.signUp.email({ email: "defer@example.com", password: "correct horse battery", name: "Ada" });
      client.useSession.subscribe(() => {});
      await client.useSession.get().refetch();
      return client.useSession.get().data;
    });
    assert.deepEqual([data.user.name, data.needsRefresh], ["Ada", undefined]);
    assert.ok(deferring.counts["POST /api/auth/get-session"] >= 1);
  } finally {
    await deferring.close();
  }
});

inTab("ten thousand subscriptions do not grow the module's memory", {}, async ({ tab, looks, settled }) => {
  await tab.evaluate(() => store.subscribe(() => {})());
  await settled();
  const [before, after] = await tab.evaluate(async () => {
    const exported = Object.values(made.exports);
    const size = () => [
      exported.find((value) => value instanceof WebAssembly.Memory).buffer.byteLength,
      exported.find((value) => value instanceof WebAssembly.Table).length,
    ];
    const before = size();
    for (let round = 0; round < 10_000; round++) {
      store.subscribe(() => {})();
      if (round % 100 === 0) await new Promise((turn) => setTimeout(turn));
    }
    return [before, size()];
  });
  assert.deepEqual(after, before);
  assert.ok(looks() <= 3, `${looks()}`);
});
