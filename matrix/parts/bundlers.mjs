// Bundlers without configuration of the package's: each bundle runs in Chromium, under a strict policy, against a real server.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium as browserType } from "playwright-core";
import { chromium, chromiumFlags } from "../../pkg/test/support/pack.mjs";
import { backend, closeBackend } from "../backend.mjs";
import { apps, copySuite, run, workspace, write } from "../support.mjs";

export const title = "Bundlers";
let browser;
export const close = async () => {
  await browser?.close();
  await closeBackend();
};

const PAGE = '<!doctype html><title>app</title><link rel="icon" href="data:,"><script type="module" src="./app.mjs"></script>\n';
const filesOf = (path) => (statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesOf(join(path, name))) : [path]);

/** Parcel loads chunks by an import map that it writes into the page, which a policy without 'unsafe-inline' forbids. */
async function withImportMap(route) {
  const response = await route.fetch();
  const policy = response.headers()["content-security-policy"].replace("script-src", "script-src 'unsafe-inline'");
  await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
}

/** `build` is a program that writes the folder `out`, or arguments for Node. */
async function check(name, versions, build, { manifest, html = false } = {}) {
  return bundle(await workspace(`bundler-${name}`, versions, { manifest }), name, build, html);
}

/** Bundles the page in a folder with the package installed, and runs it in Chromium. */
export async function bundle(folder, name, build, html = false) {
  copySuite(folder);
  write(folder, "app.mjs", readFileSync(join(apps, "page.mjs"), "utf8"));
  write(folder, "index.html", PAGE);
  // Parcel's project is the folder of the nearest lock file: only its package.json configures Parcel.
  if (html) write(folder, "yarn.lock", "");
  if (typeof build === "string") write(folder, "build.mjs", build);
  await run(process.execPath, typeof build === "string" ? ["build.mjs"] : build, { cwd: folder });
  const { origin } = await backend();
  const at = `/${name}/`;
  for (const file of filesOf(join(folder, "out"))) origin.files[at + relative(join(folder, "out"), file)] = readFileSync(file, "utf8");
  if (!html) origin.files[`${at}index.html`] = PAGE;
  browser ??= await browserType.launch({ executablePath: chromium, args: chromiumFlags });
  for (const hash of ["", "#without"]) {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    if (html) await page.route(/index\.html/, withImportMap);
    await page.goto(`${origin.url}${at}index.html${hash}`);
    let results;
    for (const deadline = Date.now() + 30_000; !results && Date.now() < deadline; await new Promise((turn) => setTimeout(turn, 100))) {
      results = await page.evaluate(() => globalThis.results);
    }
    await page.close();
    assert.deepEqual([results, errors], [{ verdict: "authenticated", email: "page@example.com" }, []]);
  }
  return "runs in Chromium, also without WebAssembly";
}

const vite = (version) => ["node_modules/vite/bin/vite.js", "build", "--outDir", "out", "--base", "./"].concat(version ? [] : []);
const webpackLike = (name) => `import * as all from ${JSON.stringify(name)};
const build = all.default ?? all.rspack;
const config = { mode: "production", context: import.meta.dirname, entry: "./app.mjs", output: { path: import.meta.dirname + "/out", filename: "app.mjs", chunkFilename: "[id].mjs", publicPath: "auto", module: true, chunkFormat: "module" }, experiments: { outputModule: true } };
build(config, (error, stats) => { if (error || stats.hasErrors()) { console.error(error ?? stats.toString("errors-only")); process.exit(1); } });
`;
// nanostores reads process.env.NODE_ENV, which Rollup alone leaves as it is.
const rollup = `import { rollup } from "rollup";
import resolve from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
const env = replace({ preventAssignment: true, values: { "process.env.NODE_ENV": JSON.stringify("production") } });
const bundle = await rollup({ input: "app.mjs", plugins: [resolve({ browser: true }), env] });
await bundle.write({ dir: "out", format: "es", entryFileNames: "app.mjs", chunkFileNames: "[name].mjs" });
`;
export const esbuild = `import { build } from "esbuild";
await build({ entryPoints: ["app.mjs"], bundle: true, splitting: true, minify: true, format: "esm", outdir: "out", outExtension: { ".js": ".mjs" } });
`;

export const cases = [
  ...["6.4.6", "7.3.8", "8.3.8"].map((version) => [
    `Vite ${version}`,
    "build",
    () => check(`vite-${version}`, { vite: version }, vite(), { html: true }),
  ]),
  ["webpack 5.113.0", "build", () => check("webpack", { webpack: "5.113.0" }, webpackLike("webpack"))],
  ...["1.7.12", "2.3.3"].map((version) => [
    `Rspack ${version}`,
    "build",
    () => check(`rspack-${version}`, { "@rspack/core": version }, webpackLike("@rspack/core")),
  ]),
  [
    "Rollup 4.68.8",
    "build with node-resolve and replace",
    () => check("rollup", { rollup: "4.68.8", "@rollup/plugin-node-resolve": "16.0.3", "@rollup/plugin-replace": "6.0.3" }, rollup),
  ],
  ["esbuild 0.28.2", "build with splitting", () => check("esbuild", { esbuild: "0.28.2" }, esbuild)],
  [
    "Parcel 2.16.4",
    "build, with packageExports",
    () =>
      check(
        "parcel",
        { parcel: "2.16.4" },
        ["node_modules/parcel/lib/bin.js", "build", "index.html", "--dist-dir", "out", "--public-url", "./", "--no-cache"],
        {
          html: true,
          manifest: { "@parcel/resolver-default": { packageExports: true } },
        },
      ),
  ],
];
