// Runs the benchmark in the Workers runtime and in Chromium.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { chromium } from "playwright-core";
import { median } from "./rounds.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../dist");

/** Measures from outside, because a Worker's clock stands still while it computes: subtracts the time of a request with one call from one with many. */
export async function inWorkerd(samples) {
  const script = await bundle("runner.mjs", ["workerd", "worker"], true);
  const worker = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: script },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(dist, "core.wasm")) },
    ],
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["nodejs_compat"],
    cf: false,
  });
  try {
    const time = async (reader, sample, calls) => {
      const started = performance.now();
      const response = await worker.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify({ reader, sample, calls }) });
      if ((await response.text()) !== "ok") throw new Error(`${reader} refused in workerd`);
      return performance.now() - started;
    };
    const results = [];
    for (const sample of samples) {
      const counts = { verify: 10_000, getCookieCache: 500 };
      const rounds = { verify: [], getCookieCache: [] };
      for (let round = 0; round < 8; round++) {
        for (const [reader, calls] of Object.entries(counts)) {
          const idle = await time(reader, sample, 1);
          const busy = await time(reader, sample, calls + 1);
          if (round > 0) rounds[reader].push(((busy - idle) * 1000) / calls);
        }
      }
      const times = Object.fromEntries(Object.entries(rounds).map(([reader, values]) => [reader, median(values)]));
      results.push({ strategy: sample.strategy, times });
    }
    return results;
  } finally {
    await worker.dispose();
  }
}

export async function inChromium(samples) {
  const script = await bundle("page.mjs", ["browser"], false);
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await page.evaluate((samples) => globalThis.benchmarkAll(samples), samples);
  } finally {
    await browser.close();
    server.close();
  }
}

async function bundle(entry, conditions, external) {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    platform: "neutral",
    mainFields: ["module", "main"],
    plugins: external
      ? [{ name: "wasm", setup: ({ onResolve }) => void onResolve({ filter: /\.wasm$/ }, () => ({ path: "./core.wasm", external: true })) }]
      : [],
    external: ["node:*"],
    logLevel: "error",
  });
  return outputFiles[0].text;
}
