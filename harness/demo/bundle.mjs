// Bundles the demo's Workers, and the npm packages that the page uses, for the browser. The page's own modules are not bundled.

import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Returns the modules of a Worker for Miniflare: the script first, then its WebAssembly. */
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
    .map(({ path, contents }) =>
      path.endsWith(".wasm")
        ? { type: "CompiledWasm", path: path.slice(1), contents }
        : { type: "ESModule", path: path.slice(1), contents: new TextDecoder().decode(contents) },
    )
    .sort((a, b) => (a.type === "ESModule" ? -1 : 1) - (b.type === "ESModule" ? -1 : 1));
}

/** Returns a browser bundle of the module with the source text `contents`. */
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
