// The client and its React hook in workerd: the module is imported, because Workers compile nothing.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { basename } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { somebody } from "../../../harness/users.mjs";
import { device } from "./device.mjs";
import { startServer } from "./server.mjs";

const server = await startServer();
after(() => server.close());

const source = `import { createAuthClient } from "better-session/client";
import { createAuthClient as createWithHook } from "better-session/react";
export default {
  async fetch(request, env) {
    const headers = { cookie: request.headers.get("cookie") ?? "" };
    const ask = (create) => create({ baseURL: env.SERVER }).getSession({ fetchOptions: { headers } });
    return Response.json([await ask(createAuthClient), await ask(createWithHook)]);
  },
};`;
const { outputFiles } = await build({
  stdin: { contents: source, resolveDir: import.meta.dirname },
  bundle: true,
  write: false,
  format: "esm",
  outdir: "out",
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
  logLevel: "error",
});
const modules = outputFiles
  .map(({ path, contents, text }) => ({
    type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
    path: basename(path),
    contents: path.endsWith(".wasm") ? contents : text,
  }))
  .sort((one) => (one.type === "ESModule" ? -1 : 1));
const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01", cf: false, bindings: { SERVER: server.url } });
after(() => worker.dispose());
const ask = async (headers) => (await worker.dispatchFetch("http://localhost/", { headers })).json();

test("a Worker's bundle has the module as a file, and neither copy of it in the script", () => {
  assert.deepEqual(
    modules.map(({ type }) => type),
    ["ESModule", "CompiledWasm"],
  );
  for (const word of ["DecompressionStream", "wasm2js"]) assert.ok(!modules[0].contents.includes(word), word);
});

test("a session in a Worker", async () => {
  const { jar, fetch } = device(server);
  const person = somebody();
  const signedUp = await fetch(`${server.url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(person),
  });
  assert.equal(signedUp.status, 200);
  const answers = await ask({ cookie: jar.header() });
  assert.deepEqual(
    answers.map(({ data, error }) => [data?.user.email, error]),
    Array(2).fill([person.email, null]),
  );
});

test("nobody in a Worker", async () => assert.deepEqual(await ask({}), Array(2).fill({ data: null, error: null })));
