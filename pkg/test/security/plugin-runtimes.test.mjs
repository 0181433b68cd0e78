// The plugin inside a Better Auth server, in every runtime for which `better-session/plugin` has a condition. Vercel's own runtime is
// not at hand: the file of `edge-light` runs in Node, with that runtime's name and with its way to import WebAssembly.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { createSessionGate, memoryFeed, nodeListener } from "../../dist/edge.js";
import { SECRET, call, signUp, somebody } from "../../../harness/origin.mjs";
import { eventually } from "../revocation/support.mjs";
import { createServer } from "./plugin-server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist");
const { exports } = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8"));

/** Starts a server with the plugin on `env` and returns { url, close() }. */
const runtimes = {
  workerd: startWorkerd,
  "edge-light": startEdgeLight,
  require: async (env) => startNode(createServer(createRequire(import.meta.url)(join(dist, "plugin.cjs")).betterSession, env)),
  default: async (env) => startNode(createServer((await import("../../dist/plugin.js")).betterSession, env)),
};

test("each export condition of ./plugin is tested", () => {
  assert.deepEqual(Object.keys(exports["./plugin"]).sort(), Object.keys(runtimes).sort());
});

for (const [name, start] of Object.entries(runtimes)) {
  for (const background of [true, false]) {
    describe(`${name}, ${background ? "with" : "without"} background tasks`, () => {
      let gate, server, feed;
      before(async () => {
        feed = memoryFeed();
        gate = await listen();
        server = await start({ GATE: gate.url, URL: "http://app.example", SECRET, ...(background ? { BACKGROUND: "1" } : {}) });
        gate.open(server.url, feed);
      });
      after(async () => {
        await server?.close();
        await gate?.close();
      });

      test("a session that ends at the server is refused at the gate", async () => {
        const origin = { url: server.url, basePath: "/api/auth" };
        const headers = { origin: "http://app.example" };
        const jar = await signUp(origin, somebody(), { headers });
        const copy = jar.clone();
        assert.equal((await gate.check(copy)).status, "authenticated");
        assert.equal((await call(origin, jar, "/sign-out", { body: {}, headers })).status, 200);
        const verdict = await eventually(
          () => gate.check(copy),
          ({ status }) => status !== "authenticated",
          "the report",
          10,
        );
        assert.equal(verdict.reason, "invalidated");
      });

      test("a redirect is not followed", async () => {
        const origin = { url: server.url, basePath: "/api/auth" };
        const headers = { origin: "http://app.example" };
        const jar = await signUp(origin, somebody(), { headers });
        const copy = jar.clone();
        gate.redirect = true;
        const answer = call(origin, jar, "/sign-out", { body: {}, headers });
        await eventually(
          () => gate.redirected,
          (count) => count > 0,
          "a report",
          10,
        );
        gate.redirect = false;
        assert.equal((await answer).status, 200);
        await eventually(
          () => gate.check(copy),
          ({ reason }) => reason === "invalidated",
          "the report's next try",
          10,
        );
        assert.equal(gate.followed, 0);
      });
    });
  }
}

test("a server without a database reports ended sessions, for their user only, and no change of data", async () => {
  const { betterSession } = await import("../../dist/plugin.js");
  const session = { cookieCache: { enabled: true, strategy: "jwe", refreshCache: true } };
  const feed = memoryFeed();
  const gate = await listen();
  const instance = createServer(betterSession, { GATE: gate.url, URL: "http://app.example", SECRET, STATELESS: "1" });
  const server = await startNode(instance);
  try {
    gate.open(server.url, feed, session);
    const origin = { url: server.url, basePath: "/api/auth" };
    const headers = { origin: "http://app.example" };
    const [a, b] = [await signUp(origin, somebody(), { headers }), await signUp(origin, somebody(), { headers })];
    const copy = a.clone();
    const { internalAdapter } = await instance.auth.$context;
    await internalAdapter.updateUser(b.user.id, { name: "Augusta" });
    assert.equal((await call(origin, a, "/sign-out", { body: {}, headers })).status, 200);
    await eventually(
      () => gate.check(copy),
      ({ reason }) => reason === "invalidated",
      "the report",
      10,
    );
    assert.equal((await gate.check(b)).status, "authenticated");
    const { marks } = await feed.since("");
    assert.deepEqual([marks.length, marks[0]], [43, 0x16], "one record, on a user and a token");
  } finally {
    await server.close();
    await gate.close();
  }
});

/** The gate's HTTP server, whose address the server must know before it starts. */
async function listen() {
  let answer, session;
  const state = { redirect: false, redirected: 0, followed: 0 };
  const http = createHttpServer((request, response) => {
    if (request.url === "/elsewhere") state.followed += 1;
    if (state.redirect) {
      state.redirected += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    } else answer(request, response);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return Object.assign(state, {
    url: `http://127.0.0.1:${http.address().port}`,
    open(origin, feed, cached = { cookieCache: { enabled: true } }) {
      session = createSessionGate({ secret: SECRET, origin, session: cached, revocation: { feed } });
      answer = nodeListener({ fetch: (request) => session.fetch(request, { waitUntil() {} }) });
    },
    check: async (jar) => session.check(new Request("http://app.example/", { headers: { cookie: jar.header() } })),
    close: () =>
      new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      }),
  });
}

async function startNode(server) {
  const http = createHttpServer(nodeListener({ fetch: (request) => server.fetch(request) }));
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    close: () =>
      new Promise((resolve) => {
        http.close(resolve);
        http.closeAllConnections();
      }),
  };
}

async function startWorkerd(bindings) {
  const contents = await bundle("plugin-worker.mjs", ["workerd", "worker"], (path) => ({ path: `./${path}`, external: true }));
  const workerd = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    modules: [
      { type: "ESModule", path: "worker.mjs", contents },
      { type: "CompiledWasm", path: "gate.wasm", contents: readFileSync(join(dist, "gate.wasm")) },
    ],
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings,
  });
  const url = (await workerd.ready).origin;
  return { url, close: () => workerd.dispose() };
}

/** The file of the condition, `import module from "….wasm?module"` included, as a bundle in Node. */
async function startEdgeLight(env) {
  const folder = mkdtempSync(join(here, ".edge-light-"));
  try {
    const wasm = JSON.stringify(join(dist, "gate.wasm"));
    const module = `import { readFileSync } from "node:fs"; export default new WebAssembly.Module(readFileSync(${wasm}));`;
    const contents = await bundle(
      "plugin-worker.mjs",
      ["edge-light"],
      (path, query) => {
        assert.equal(query, "?module");
        return { path, namespace: "wasm-module" };
      },
      module,
    );
    const file = join(folder, "server.mjs");
    writeFileSync(file, contents);
    globalThis.EdgeRuntime = "edge-runtime";
    const { default: worker } = await import(pathToFileURL(file).href);
    return await startNode({ fetch: (request) => worker.fetch(request, env, { waitUntil() {} }) });
  } finally {
    delete globalThis.EdgeRuntime;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(entry, conditions, resolve, module = "") {
  const plugin = {
    name: "wasm",
    setup(builder) {
      builder.onResolve({ filter: /\.wasm(\?.*)?$/ }, ({ path }) => resolve("gate.wasm", path.match(/\?.*$/)?.[0] ?? ""));
      builder.onLoad({ filter: /.*/, namespace: "wasm-module" }, () => ({ contents: module, resolveDir: here }));
    },
  };
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    external: ["cloudflare:*", "node:*"],
    plugins: [plugin],
    logLevel: "error",
  });
  return outputFiles[0].text;
}
