// TypeScript to ESM, CommonJS and declarations, file by file, and the entries that choose where a module comes from.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { entries, packageExports, platforms } from "./exports.mjs";
import { dist, files, fingerprint, generated, pkg, root, unlessFresh } from "./paths.mjs";

const source = join(pkg, "src");
const esm = join(dist, "lib");
const cjs = join(dist, "cjs");

/** wasm-bindgen names a snippet's module once for each function that it imports from there. */
const DUPLICATES = { "duplicate-object-key": "silent" };

/** esbuild's options of the client's bundle; what it takes in is named in the notices. */
export const clientBundle = { entryPoints: [join(pkg, "src/client/index.ts")], bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "warning", logOverride: DUPLICATES };

/** Resolves to whether anything had to be done. */
export function buildJavaScript() {
  const inputs = ["src", "tsconfig.json", "package.json", "scripts/javascript.mjs", "scripts/exports.mjs"].map((path) => join(pkg, path));
  return unlessFresh("javascript", fingerprint(inputs), [join(dist, "index.js"), join(dist, "index.d.ts")], async () => {
    checkManifest();
    for (const folder of [esm, cjs]) rmSync(folder, { recursive: true, force: true });
    await transpile();
    cpSync(generated, join(esm, "runtime/generated"), { recursive: true });
    const sound = declare();
    toCommonJs();
    for (const entry of entries) writeEntry(entry);
    if (!sound) throw new Error("the types are wrong, see above.");
  });
}

function checkManifest() {
  const { exports } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  if (JSON.stringify(exports) !== JSON.stringify(packageExports())) {
    throw new Error("package.json's exports are not those of scripts/exports.mjs: bring them together.");
  }
}

async function transpile() {
  const { build } = await import("esbuild");
  const scripts = files(source).filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
  const common = { entryPoints: scripts, outbase: source, bundle: false, target: "es2022", jsx: "automatic", logLevel: "warning", logOverride: DUPLICATES };
  await build({ ...common, outdir: esm, format: "esm" });
  const modules = files(generated).filter((file) => file.endsWith(".js"));
  await build({ ...common, entryPoints: [...scripts, ...modules], outdir: cjs, format: "cjs", outExtension: { ".js": ".cjs" } });
}

/** Declarations are written even when types are wrong, so that the rest can be tried; the build fails all the same. */
function declare() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [tsc, "-p", join(pkg, "tsconfig.json")], { stdio: "inherit" });
    return true;
  } catch {
    return false;
  }
}

/** Relative imports name `.cjs` files there, and every declaration gets a `.d.cts` twin. */
function toCommonJs() {
  const rename = (text) => text.replace(/((?:require|import)\(|from )("\.{1,2}\/[^"]*)\.js"/g, '$1$2.cjs"');
  for (const file of files(cjs)) if (file.endsWith(".cjs")) writeFileSync(file, rename(readFileSync(file, "utf8")));
  for (const file of files(esm)) {
    if (!file.endsWith(".d.ts")) continue;
    const twin = join(cjs, relative(esm, file)).replace(/\.d\.ts$/, ".d.cts");
    mkdirSync(dirname(twin), { recursive: true });
    writeFileSync(twin, rename(readFileSync(file, "utf8")));
  }
}

/** Two-line entries, named after the condition that picks them. */
function writeEntry({ file, source, wasm }) {
  if (!existsSync(join(esm, `${source}.js`))) return;
  const all = (folder, extension) => `export * from "./${folder}/${source}.${extension}";\n`;
  const from = (platform) => (wasm ? `import "./lib/runtime/${wasm}-${platform}.js";\n` : "");
  writeFileSync(join(dist, `${file}.js`), from("inline") + all("lib", "js"));
  for (const platform of wasm ? platforms : []) writeFileSync(join(dist, `${file}.${platform}.js`), from(platform) + all("lib", "js"));
  const inline = wasm ? `require("./cjs/runtime/${wasm}-inline.cjs");\n` : "";
  writeFileSync(join(dist, `${file}.cjs`), `"use strict";\n${inline}module.exports = require("./cjs/${source}.cjs");\n`);
  writeFileSync(join(dist, `${file}.d.ts`), all("lib", "js"));
  writeFileSync(join(dist, `${file}.d.cts`), all("cjs", "cjs"));
}

/**
 * Puts the client into one minified file in place of the transpiled ones: `lib/client/index.js` and its CommonJS twin.
 * Every run does it; it takes a moment, and the transpiler knows nothing of it.
 */
export async function bundleClient() {
  const { build } = await import("esbuild");
  await build({ ...clientBundle, format: "esm", outfile: join(dist, "lib/client/index.js") });
  await build({ ...clientBundle, format: "cjs", outfile: join(dist, "cjs/client/index.cjs") });
}
