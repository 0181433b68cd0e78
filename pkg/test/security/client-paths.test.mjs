// Property chains and `$fetch` paths of the client stay below its base URL, in Node and in a page. In workerd too nothing leaves it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { toKebabCase } from "@better-auth/core/utils/string";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { createAuthClient as createTheirs } from "better-auth/client";
import { createAuthClient } from "better-session/client";
import { launch, openTab } from "../client/browser.mjs";
import { pkg } from "../support/pack.mjs";

/** Serves the client as /client.js and an empty page at /, and responds `{}` to all other requests, which it records. */
async function startRecorder() {
  const seen = [];
  // Bundled, because a page cannot resolve the name of the dependency.
  const entryPoints = [join(pkg, "dist/client.js")];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: "esm", target: "es2022", logLevel: "error" });
  const server = createServer((request, response) => {
    if (request.url === "/" || request.url === "/client.js") {
      response.setHeader("content-type", request.url === "/" ? "text/html" : "text/javascript");
      return response.end(request.url === "/" ? "<!doctype html><title>client</title>" : outputFiles[0].text);
    }
    if (request.url !== "/favicon.ico") seen.push(request.url);
    const { origin = "*" } = request.headers;
    response.writeHead(200, {
      "content-type": "application/json",
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type",
    });
    response.end("{}");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => (server.close(), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${server.address().port}`, seen };
}

const [home, elsewhere, browser] = await Promise.all([startRecorder(), startRecorder(), launch()]);
after(() => browser.close());
const host = elsewhere.url.slice("http://".length);

const NO_NAMES = [
  elsewhere.url,
  `${elsewhere.url}/x`,
  `HTTP://${host}`,
  `https://${host}`,
  `//${host}/x`,
  `\\\\${host}\\x`,
  `/\\${host}`,
  `/\t/${host}`,
  ` ${elsewhere.url}`,
  `\t${elsewhere.url}`,
  `@${host}`,
  `:@${host}`,
  `x@${host}`,
  `.${host}`,
  "data:,x",
  "javascript:alert(1)",
  "blob:x",
  "/",
  "/x",
  "//",
  "x/",
  "a/b",
  "/../../x",
  "..",
  ".",
  "../..",
  "../../x",
  "..\\..\\x",
  "\\..\\x",
  "%2e%2e",
  "%2E%2E/%2e%2e/x",
  "..%2f..%2fx",
  "..;",
  "a;b",
  "%",
  "%00",
  "a?b=c",
  "?",
  "#",
  "a#b",
  "a&b",
  "a=b",
  "a b",
  "a\tb",
  "a\r\nhost: evil",
  "\0",
  "\x7f",
  "\u2028",
  "\u200b",
  "\ufeff",
  "\ud800",
  "é",
  "ﬃ",
  "／",
  "．．",
  "。。",
  "℀",
  "",
  "-",
  "_",
  "--",
  "$",
  "a:b",
  ":",
  "a.b",
  ".well-known",
];
const PATHS_OUT = [
  "/..",
  "/../x",
  "/../../../x",
  "..",
  "../x",
  "/a/../../x",
  "/%2e%2e/x",
  "/.%2E/x",
  "/\\..\\..\\x",
  "/..\\x",
  "/\t../x",
  "\n../x",
];

/** Makes all calls that must send no request, in Node or in a page. Resolves to the failures. */
async function attempts({ createAuthClient, baseURL, names, paths }) {
  const client = createAuthClient({
    baseURL,
    fetchOptions: { headers: { authorization: "Bearer secret" }, retry: { attempts: 1, delay: 1 } },
  });
  const told = [];
  const calls = names.flatMap((name) => [
    [name, () => client[name]()],
    [`${name}, with a body`, () => client[name]({ password: "secret" })],
    [`${name}, first`, () => client[name].email({ password: "secret" })],
    [`${name}, last`, () => client.signIn[name]({}, { onError: ({ request, error }) => told.push([typeof request.url, error.code]) })],
    [`${name}, between`, () => client.session[name].listSessions()],
  ]);
  for (const path of paths)
    calls.push(
      [`$fetch ${path}`, () => client.$fetch(path)],
      [`$fetch ${path}, POST`, () => client.$fetch(path, { method: "POST", body: { a: 1 } })],
    );
  const wrong = [];
  for (const [name, call] of calls) {
    const outcome = await call().catch((thrown) => ({ thrown: String(thrown) }));
    const { data, error } = outcome;
    if (data !== null || error?.status !== 0 || error?.code !== "INVALID_PATH" || typeof error.message !== "string")
      wrong.push([name, outcome]);
  }
  if (told.length !== names.length || told.some(([url, code]) => url !== "string" || code !== "INVALID_PATH"))
    wrong.push(["onError", told]);
  const thrown = await client["https://x.example"]({}, { throw: true }).catch((error) => error);
  if (thrown?.code !== "INVALID_PATH") wrong.push(["throw", String(thrown)]);
  return wrong;
}

test("an invalid property chain sends no request, in Node", async () => {
  assert.deepEqual(await attempts({ createAuthClient, baseURL: `${home.url}/app/auth`, names: NO_NAMES, paths: PATHS_OUT }), []);
  assert.deepEqual([home.seen, elsewhere.seen], [[], []]);
});

test("an invalid property chain sends no request, in a page", async () => {
  const tab = await openTab(browser, home.url);
  const run = new Function(
    "options",
    `return import("/client.js").then(({ createAuthClient }) => (${attempts})({ ...options, createAuthClient }))`,
  );
  assert.deepEqual(
    await tab.evaluate(`(${run})(${JSON.stringify({ baseURL: `${home.url}/app/auth`, names: NO_NAMES, paths: PATHS_OUT })})`),
    [],
  );
  // Without a base URL the page's own origin is it.
  assert.deepEqual(await tab.evaluate(`(${run})(${JSON.stringify({ names: NO_NAMES, paths: PATHS_OUT })})`), []);
  assert.deepEqual([home.seen, elsewhere.seen, tab.errors], [[], [], []]);
});

test("an invalid property chain sends no request and never throws, in workerd", async () => {
  const contents = `import { createAuthClient } from "better-session/client";
    export default { async fetch(request) {
      const { baseURL, names, paths } = await request.json();
      const client = createAuthClient({ baseURL, fetchOptions: { headers: { authorization: "Bearer secret" } } });
      const results = [];
      for (const name of names) results.push(await client[name](), await client[name].email({ password: "secret" }), await client.signIn[name]({}));
      for (const path of paths) results.push(await client.$fetch(path));
      return Response.json(results.map(({ data, error }) => [data, typeof error?.code]));
    } };`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: pkg },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker"],
    loader: { ".wasm": "copy" },
    outdir: "out",
  });
  // The script first: it is the entry.
  const modules = outputFiles
    .map(({ path, contents, text }) => {
      const isModule = path.endsWith(".wasm");
      return { type: isModule ? "CompiledWasm" : "ESModule", path: basename(path), contents: isModule ? contents : text };
    })
    .sort((one) => (one.type === "ESModule" ? -1 : 1));
  const workerd = new Miniflare({ modules, cf: false, compatibilityDate: "2026-04-01" });
  after(() => workerd.dispose());
  const body = JSON.stringify({ baseURL: `${home.url}/app/auth`, names: NO_NAMES, paths: PATHS_OUT });
  const results = await (await workerd.dispatchFetch("http://worker/", { method: "POST", body })).json();
  assert.equal(results.length, NO_NAMES.length * 3 + PATHS_OUT.length);
  assert.deepEqual(
    results.filter(([data, code]) => data !== null || code !== "string"),
    [],
  );
  assert.deepEqual([home.seen, elsewhere.seen], [[], []]);
});

const answer = async () => Response.json({});
/** Returns the URLs that the client of `create` requests in `use`. */
async function asked(create, use, options = { baseURL: "https://example.com" }) {
  const urls = [];
  const customFetchImpl = async (url) => (urls.push(String(url)), answer());
  await use(create({ ...options, fetchOptions: { customFetchImpl } }));
  return urls;
}

test("valid names lead to the same paths as in Better Auth's client", async () => {
  const letters = "abcxyzABCXYZ0129_-";
  const random = () =>
    Array.from({ length: 1 + Math.floor(Math.random() * 12) }, () => letters[Math.floor(Math.random() * letters.length)]).join("");
  const names = [
    "get2fa",
    "oAuth2Callback",
    "sign-in",
    "snake_case",
    "toString",
    "constructor",
    "__proto__",
    "hasOwnProperty",
    "_a",
    "-a",
    "a-",
    "a1",
    "A",
    ...Array.from({ length: 500 }, random),
  ];
  const use = async (client) => {
    for (const name of names.filter((name) => toKebabCase(name))) await client.x[name]();
  };
  const ours = await asked(createAuthClient, use);
  assert.ok(ours.length > 450);
  assert.deepEqual(ours, await asked(createTheirs, use));
});

test("`$fetch` resolves paths below the base URL and accepts absolute URLs", async () => {
  const use = async (client) => {
    for (const path of [
      "/ok",
      "ok",
      "/a/b?c=d",
      "/a/../b",
      "a:b",
      "/a?to=https://x.example",
      "a?to=https://x.example",
      "https://other.example/x",
      "https://example.com/api/auth/y",
    ])
      await client.$fetch(path);
  };
  const base = "https://example.com/api/auth";
  const urls = (await asked(createAuthClient, use)).map((url) => new URL(url).href);
  assert.deepEqual(urls, [
    `${base}/ok`,
    `${base}/ok`,
    `${base}/a/b?c=d`,
    `${base}/b`,
    `${base}/a:b`,
    `${base}/a?to=https://x.example`,
    `${base}/a?to=https://x.example`,
    "https://other.example/x",
    `${base}/y`,
  ]);
  // Theirs writes a query that stands in the path anew.
  assert.deepEqual(
    urls,
    (await asked(createTheirs, use)).map((url) => decodeURIComponent(new URL(url).href)),
  );
});

test("without a base URL no path becomes a host", async () => {
  const paths = ["//x.example/y", "/\\x.example", "/\t/x.example", "//[", "//x:99999"];
  const client = createAuthClient({ basePath: "/", fetchOptions: { customFetchImpl: answer } });
  for (const path of paths) assert.equal((await client.$fetch(path)).error?.code, "INVALID_PATH", path);
  assert.deepEqual((await client.$fetch("/x")).data, {});
});
