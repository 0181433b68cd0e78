// What has to be made before the demo can start: the Workers' bundles, and browser builds of the two npm libraries the page uses.
// The page's own modules are served as they are.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `[{ path, contents }]` modules of one Worker, as Miniflare takes them: the script first, then its wasm. */
export async function bundleWorker(entry) {
  const { outputFiles } = await build({
    entryPoints: [here(`workers/${entry}.js`)],
    outdir: "/",
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "silent",
  });
  return outputFiles
    .map(({ path, contents }) => path.endsWith(".wasm")
      ? { type: "CompiledWasm", path: path.slice(1), contents }
      : { type: "ESModule", path: path.slice(1), contents: new TextDecoder().decode(contents) })
    .sort((a, b) => (a.type === "ESModule" ? -1 : 1) - (b.type === "ESModule" ? -1 : 1));
}

/** One npm module as a single file for the browser. */
export async function bundleLibrary(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here(".") },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    legalComments: "none",
    logLevel: "silent",
  });
  return outputFiles[0].text;
}
