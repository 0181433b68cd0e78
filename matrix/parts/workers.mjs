// workerd of two dates, wrangler's oldest and newest, and Vitest in workerd.
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join } from "node:path";
import { spawn } from "node:child_process";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { backend, closeBackend } from "../backend.mjs";
import { copySuite, nodePackage, nodeBinary, passed, run, workspace, write } from "../support.mjs";

export const title = "Workers";
export const close = closeBackend;
const NODE = { [nodePackage]: "24.21.0" };
const FILES = ["server.mjs", "worker.mjs"];
const libraries = { react: "19.3.1", hono: "4.13.19" };

async function inMiniflare(compatibilityDate) {
  const folder = await workspace("workerd", libraries, { files: FILES });
  copySuite(folder);
  const { outputFiles } = await build({
    entryPoints: [join(folder, "worker.mjs")],
    bundle: true,
    write: false,
    format: "esm",
    outdir: join(folder, "out"),
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*", "cloudflare:*"],
    loader: { ".wasm": "copy" },
    logLevel: "error",
  });
  const modules = outputFiles
    .map(({ path, contents }) => ({ type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path: basename(path), contents }))
    .sort((one) => (one.type === "ESModule" ? -1 : 1));
  const { server, faults, secret } = await backend();
  const bindings = { SERVER: server, FAULTS: faults, SECRET: secret };
  const worker = new Miniflare({ modules, compatibilityDate, cf: false, bindings });
  try {
    return passed(await (await worker.dispatchFetch("http://localhost/")).json(), 90);
  } finally {
    await worker.dispose();
  }
}

async function withWrangler(version, date) {
  const folder = await workspace(`wrangler-${version}`, { ...libraries, ...NODE, wrangler: version }, { files: FILES });
  copySuite(folder);
  const { server, faults, secret } = await backend();
  // As TOML, because wrangler reads JSON from 3.91 on only.
  const members = { name: "matrix", main: "worker.mjs", compatibility_date: date };
  const vars = { SERVER: server, FAULTS: faults, SECRET: secret };
  const lines = (object) =>
    Object.entries(object)
      .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
      .join("");
  writeFileSync(join(folder, "wrangler.toml"), `${lines(members)}[vars]\n${lines(vars)}`);
  const bin = join(folder, "node_modules/wrangler/bin/wrangler.js");
  const node = nodeBinary(folder);
  await run(node, [bin, "deploy", "--dry-run", "--outdir", "out", "--config", "wrangler.toml"], { cwd: folder });
  assert.equal(readdirSync(join(folder, "out")).filter((name) => name.endsWith(".wasm")).length, 4);
  const port = await freePort();
  const dev = spawn(node, [bin, "dev", "--port", String(port), "--ip", "127.0.0.1", "--config", "wrangler.toml"], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false", NODE_OPTIONS: "" },
  });
  let log = "";
  for (const stream of [dev.stdout, dev.stderr]) stream.on("data", (text) => (log += text));
  try {
    for (const deadline = Date.now() + 120_000; ;) {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (response?.ok) return `deploy --dry-run; dev: ${passed(await response.json(), 90)}`;
      if (Date.now() > deadline || dev.exitCode !== null) throw new Error(log.slice(-3000));
      await new Promise((turn) => setTimeout(turn, 500));
    }
  } finally {
    // The group: wrangler's own child is workerd.
    if (dev.exitCode === null) process.kill(-dev.pid, "SIGTERM");
  }
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

async function inVitest(version, vitest) {
  const versions = { ...libraries, ...NODE, "@cloudflare/vitest-plugin": version, vitest };
  const folder = await workspace("vitest-plugin", versions, { files: FILES });
  copySuite(folder);
  const { server, faults, secret } = await backend();
  write(
    folder,
    "vitest.config.mjs",
    `import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
export default defineConfig({
  plugins: [cloudflareTest({ main: "./worker.mjs", miniflare: { modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }], compatibilityDate: "2026-04-01", bindings: ${JSON.stringify({ SERVER: server, FAULTS: faults, SECRET: secret })} } })],
});
`,
  );
  write(
    folder,
    "worker.test.mjs",
    `import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { check } from "./server.mjs";
test("the whole package", async () => {
  const results = await check({ server: env.SERVER, faults: env.FAULTS, secret: env.SECRET });
  expect(results.filter(({ error }) => error)).toEqual([]);
  expect(results.length).toBeGreaterThan(89);
}, 240_000);
`,
  );
  await run(nodeBinary(folder), ["node_modules/vitest/vitest.mjs", "run"], { cwd: folder });
}

const WHAT = "suite, client, gate, explain";
export const cases = [
  ["workerd, compatibility date 2024-09-23", WHAT, () => inMiniflare("2024-09-23")],
  ["workerd, compatibility date 2026-04-01", WHAT, () => inMiniflare("2026-04-01")],
  ["wrangler 3.60.0", WHAT, () => withWrangler("3.60.0", "2024-06-01")],
  ["wrangler 4.164.0", WHAT, () => withWrangler("4.164.0", "2026-11-01")],
  ["@cloudflare/vitest-plugin 1.5.0, Vitest 4.1.12", WHAT, () => inVitest("1.5.0", "4.1.12")],
];
