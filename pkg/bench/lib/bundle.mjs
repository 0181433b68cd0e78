// Bundles a program for workerd or a browser with both builds of the package: `today/…` is this one, `v010/…` is 0.1.0.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { pkg, root } from "../../scripts/paths.mjs";
import { baseline } from "./baseline.mjs";

/** Returns modules for Miniflare: the bundle of `entry`, a path or `{ contents, resolveDir }`, and the modules that it imports. */
export async function bundleForWorkerd(entry) {
  const wasm = new Map();
  const text = await bundle(entry, ["workerd", "worker"], {
    name: "wasm",
    setup: ({ onResolve }) =>
      void onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        const name = `${file.startsWith(join(root, "target")) ? "v010" : "today"}-${path.split("/").at(-1)}`;
        wasm.set(name, file);
        return { path: `./${name}`, external: true };
      }),
  });
  const modules = [...wasm].map(([path, file]) => ({ type: "CompiledWasm", path, contents: readFileSync(file) }));
  return [{ type: "ESModule", path: "worker.mjs", contents: text }, ...modules];
}

/** Returns a script for a page. */
export const bundleForBrowser = (entry) => bundle(entry, ["browser"]);

async function bundle(entry, conditions, ...plugins) {
  const { outputFiles } = await build({
    ...(typeof entry === "string" ? { entryPoints: [entry] } : { stdin: entry }),
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", "cloudflare:*"],
    plugins: [builds(conditions), ...plugins],
    logLevel: "error",
  });
  return outputFiles[0].text;
}

/** Resolves `today/…` and `v010/…` by the `exports` of the two packages. */
function builds(conditions) {
  return {
    name: "builds",
    setup: ({ onResolve }) =>
      void onResolve({ filter: /^(today|v010)\// }, ({ path }) => {
        const [build, entry] = path.split("/");
        const folder = build === "today" ? pkg : baseline();
        const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const targets = exports[entry === "index" ? "." : `./${entry}`];
        let target = targets[conditions.find((condition) => targets[condition])] ?? targets.default;
        while (typeof target !== "string") target = target.default;
        return { path: join(folder, target) };
      }),
  };
}
