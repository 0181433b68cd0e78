// Options beside Better Auth's client: base URLs of the environment, fetch plugins, hooks that throw, parsers, and what is refused at creation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient as createTheirs } from "better-auth/client";
import { createAuthClient as createOurs } from "better-session/client";

/** Runs `use` with each client and returns both results: ours, theirs. */
const both = async (use) => [await use(createOurs), await use(createTheirs)];
const same = async (use) => {
  const [ours, theirs] = await both(use);
  assert.deepEqual(ours, theirs);
  return ours;
};

const variables = {
  BETTER_AUTH_URL: "https://one.example",
  NEXT_PUBLIC_BETTER_AUTH_URL: "https://two.example/",
  PUBLIC_BETTER_AUTH_URL: "https://three.example/auth",
  NUXT_PUBLIC_BETTER_AUTH_URL: "https://four.example",
  NUXT_PUBLIC_AUTH_URL: "https://five.example",
  BASE_URL: "https://six.example",
  NEXT_PUBLIC_AUTH_URL: "https://seven.example/api/auth",
  NEXTAUTH_URL: "https://eight.example/api/auth",
  VERCEL_URL: "nine.example",
};

test("the base URL comes from the environment, in Better Auth's order", async () => {
  const urlOf = async (create, options) => {
    const urls = [];
    const customFetchImpl = async (url) => (urls.push(String(url)), Response.json(null));
    await create({ ...options, fetchOptions: { customFetchImpl, ...options?.fetchOptions } }).getSession();
    return urls[0];
  };
  const before = { ...process.env };
  const seen = new Set();
  try {
    // Each variable alone wins over those after it.
    for (const name of Object.keys(variables).reverse()) {
      process.env[name] = variables[name];
      for (const basePath of [undefined, "/other"]) seen.add(await same((create) => urlOf(create, { basePath })));
      await same((create) => urlOf(create, { baseURL: "https://own.example" }));
      await same((create) => urlOf(create, { fetchOptions: { baseURL: "https://own.example/here/" } }));
    }
  } finally {
    for (const name of Object.keys(variables)) if (!(name in before)) delete process.env[name];
  }
  assert.ok(seen.size >= 12, [...seen].join());
  for (const baseURL of ["ftp://example.com", "no url", "javascript:1"]) {
    for (const create of [createOurs, createTheirs]) assert.throws(() => create({ baseURL }), { message: /base URL/i });
    assert.throws(() => createOurs({ baseURL }), { name: "BetterSessionError", code: "CONFIGURATION" });
  }
});

const base = { baseURL: "https://example.com" };
const answers = (data, init) => async () => Response.json(data, init);

test("fetch plugins: init changes the request, and hooks run in the same order", async () => {
  await same(async (create) => {
    const seen = [];
    const hooks = (who) => ({
      onRequest: ({ method, body }) => void seen.push([who, "request", method, body]),
      onResponse: ({ response }) => void seen.push([who, "response", response.status]),
      onSuccess: ({ data }) => void seen.push([who, "success", data]),
      onError: ({ error, responseText }) => void seen.push([who, "error", error.status, responseText]),
    });
    const plugin = (who) => ({
      id: who,
      name: who,
      init: async (url, options) => {
        seen.push([who, "init", url, options.method, options.body ?? null]);
        return { url: url.replace("user", who), options: { ...options, headers: { ...options.headers, [`x-${who}`]: "1" } } };
      },
      hooks: hooks(who),
    });
    const customFetchImpl = async (url, init) => {
      seen.push(["fetch", String(url), [...new Headers(init.headers)].sort(), init.body ?? null]);
      return String(url).includes("fails") ? Response.json({ code: "NO" }, { status: 400 }) : Response.json({ ok: true });
    };
    const client = create({
      ...base,
      fetchOptions: { customFetchImpl, plugins: [plugin("shared")], ...hooks("client") },
      plugins: [{ id: "a", fetchPlugins: [plugin("first"), plugin("second")] }],
    });
    await client.updateUser({ name: "A" }, hooks("call"));
    await client.$fetch("/fails", { ...hooks("call"), plugins: [plugin("own")] });
    return seen;
  });
});

test("what a hook or an init throws rejects the call with it", async () => {
  const own = new Error("a hook's own fault");
  const throws = () => {
    throw own;
  };
  for (const [options, status] of [
    [{ onRequest: throws }, 200],
    [{ onResponse: throws }, 200],
    [{ onSuccess: throws }, 200],
    [{ onError: throws }, 400],
    [{ plugins: [{ id: "x", name: "x", init: throws }] }, 200],
  ]) {
    const thrown = await both((create) =>
      create({ ...base, fetchOptions: { customFetchImpl: answers({}, { status }), ...options } })
        .getSession()
        .then(
          () => "resolved",
          (error) => error,
        ),
    );
    assert.deepEqual([thrown[0] === own, thrown[1] === own], [true, true], Object.keys(options)[0]);
  }
});

test("parsers, clones, bodies that are not JSON", async () => {
  const date = answers({ at: "2026-01-02T03:04:05Z" });
  await same((create) => create({ ...base, fetchOptions: { customFetchImpl: date, jsonParser: JSON.parse } }).getSession());
  // Better Auth's client clones after it has read the response as well, and rejects.
  const texts = [];
  const onResponse = async ({ response }) => void texts.push(await response.text());
  const client = createOurs({ ...base, fetchOptions: { customFetchImpl: date, hookOptions: { cloneResponse: true } } });
  const { data } = await client.getSession({}, { onResponse, onSuccess: () => {} });
  assert.deepEqual([texts, data.at], [['{"at":"2026-01-02T03:04:05Z"}'], new Date("2026-01-02T03:04:05Z")]);
  await same(async (create) => {
    const bodies = [];
    const customFetchImpl = async (_, { body, headers }) => {
      bodies.push([Object.prototype.toString.call(body), String(new Headers(headers).get("content-type"))]);
      return Response.json({});
    };
    const client = create({ ...base, fetchOptions: { customFetchImpl } });
    for (const body of [new FormData(), new URLSearchParams("a=1"), new Blob(["a"]), "text", [1], { a: 1 }]) {
      await client.$fetch("/upload", { method: "POST", body });
    }
    return bodies;
  });
});

test("atoms of plugins are members, signals and stores in both clients", async () => {
  const { atom } = await import("nanostores");
  await same(async (create) => {
    const seen = [];
    const $changed = atom(false);
    const plugin = {
      id: "things",
      getAtoms: () => ({ $changed, things: atom([]) }),
      getActions: (_, $store) => ({ things: { add: (name) => $store.atoms.things.set([...$store.atoms.things.get(), name]) } }),
      atomListeners: [{ matcher: (path) => path === "/things/create", signal: "$changed", callback: (path) => seen.push(path) }],
    };
    const client = create({ ...base, fetchOptions: { customFetchImpl: answers({}) }, plugins: [plugin] });
    $changed.listen((value) => seen.push(value));
    client.$store.listen("things", (value) => seen.push(value));
    client.things.add("one");
    await client.things.create({ name: "two" });
    await client.things.create({ name: "three" }, { disableSignal: true });
    await new Promise((turn) => setTimeout(turn, 50));
    client.$store.notify("$changed");
    return [seen, client.useThings.get(), client.useThings === client.$store.atoms.things];
  });
});

test("a member of a plugin that Better Auth's client uses and this one does not is refused", () => {
  const plugins = [{ id: "a", fetchPlugins: [{ id: "b", name: "b", schema: {} }], unknown: true }];
  assert.throws(() => createOurs({ ...base, plugins }), { name: "BetterSessionError", code: "CONFIGURATION" });
  createOurs({ ...base, plugins: [{ id: "a", unknown: true }] });
});
