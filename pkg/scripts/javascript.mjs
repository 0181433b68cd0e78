// Transpiles TypeScript to ESM, CommonJS and declarations, and writes the entries that select how a module is loaded.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { entries, packageExports, platformsOf, typesVersions } from "./exports.mjs";
import { dist, files, fingerprint, generated, pkg, root, unlessFresh } from "./paths.mjs";
import { DECODER } from "./wasm2js.mjs";

const source = join(pkg, "src");
const esm = join(dist, "lib");
const cjs = join(dist, "cjs");

/** esbuild warning to ignore: wasm-bindgen repeats the module of a snippet for each imported function. */
const DUPLICATES = { "duplicate-object-key": "silent" };

/** The declaration of `better-session/core.wasm`, for bundlers and runtimes that import it as a compiled module. */
const MODULE_TYPE = `import type { CompiledModule } from "./lib/platform.js";
declare const module: CompiledModule;
export default module;
`;

/** Modules that are loaded on demand are required in CommonJS: `import()` would find no names in what esbuild writes. */
const REQUIRE = { "dynamic-import": false };

/** esbuild's options for the files that contain npm packages. The notices list these packages. */
export const bundleOptions = {
  entryPoints: ["client/index", "session-handles/user-agent"].map((entry) => join(pkg, `src/${entry}.ts`)),
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  logOverride: DUPLICATES,
};

/** Builds the JavaScript and the types. Resolves to false if nothing had changed. */
export function buildJavaScript() {
  const inputs = ["src", "tsconfig.json", "package.json", "scripts/javascript.mjs", "scripts/exports.mjs"].map((path) => join(pkg, path));
  return unlessFresh("javascript", fingerprint(inputs), [join(dist, "index.js"), join(dist, "index.d.ts")], async () => {
    checkManifest();
    for (const folder of [esm, cjs]) rmSync(folder, { recursive: true, force: true });
    await transpile();
    cpSync(generated, join(esm, "runtime/generated"), { recursive: true });
    const typesAreValid = writeDeclarations();
    toCommonJs();
    for (const entry of entries) writeEntry(entry);
    writeFileSync(join(dist, "core.wasm.d.ts"), MODULE_TYPE);
    if (!typesAreValid) throw new Error("the types are wrong, see above.");
  });
}

function checkManifest() {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  for (const [member, expected] of Object.entries({ exports: packageExports(), typesVersions: typesVersions() })) {
    if (JSON.stringify(manifest[member]) !== JSON.stringify(expected)) {
      throw new Error(`package.json's ${member} differ from those of scripts/exports.mjs: run \`node pkg/scripts/manifest.mjs\`.`);
    }
  }
}

async function transpile() {
  const { build } = await import("esbuild");
  const scripts = files(source).filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));
  const common = {
    entryPoints: scripts,
    outbase: source,
    bundle: false,
    target: "es2022",
    jsx: "automatic",
    logLevel: "warning",
    logOverride: DUPLICATES,
  };
  await build({ ...common, outdir: esm, format: "esm" });
  const modules = files(generated).filter((file) => file.endsWith(".js"));
  await build({
    ...common,
    entryPoints: [...scripts, ...modules],
    outdir: cjs,
    format: "cjs",
    supported: REQUIRE,
    outExtension: { ".js": ".cjs" },
  });
}

/** Writes the declarations, also if there are type errors. Returns false in that case; the build fails at its end. */
function writeDeclarations() {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [tsc, "-p", join(pkg, "tsconfig.json")], { stdio: "inherit" });
    return true;
  } catch {
    return false;
  }
}

/** Rewrites relative imports to `.cjs` files and writes a `.d.cts` file for each declaration. */
function toCommonJs() {
  for (const file of files(cjs)) if (file.endsWith(".cjs")) writeFileSync(file, withCjsPaths(readFileSync(file, "utf8")));
  for (const file of files(esm)) {
    if (!file.endsWith(".d.ts")) continue;
    const twin = join(cjs, relative(esm, file)).replace(/\.d\.ts$/, ".d.cts");
    mkdirSync(dirname(twin), { recursive: true });
    writeFileSync(twin, withCjsPaths(readFileSync(file, "utf8")));
  }
}

/** Replaces `.js` by `.cjs` in relative imports. */
function withCjsPaths(text) {
  return text.replace(/((?:require|import)\(|from )("\.{1,2}\/[^"]*)\.js"/g, '$1$2.cjs"');
}

/** Writes the files of an entry, each named after its export condition. */
function writeEntry({ file, source, wasm }) {
  if (!existsSync(join(esm, `${source}.js`))) return;
  const all = (folder, extension) => `export * from "./${folder}/${source}.${extension}";\n`;
  const from = (platform) => (wasm ? `import "./lib/runtime/${wasm}-${platform}.js";\n` : "");
  writeFileSync(join(dist, `${file}.js`), from("inline") + all("lib", "js"));
  for (const platform of platformsOf(wasm)) writeFileSync(join(dist, `${file}.${platform}.js`), from(platform) + all("lib", "js"));
  const inline = wasm ? `require("./cjs/runtime/${wasm}-inline.cjs");\n` : "";
  writeFileSync(join(dist, `${file}.cjs`), `"use strict";\n${inline}module.exports = require("./cjs/${source}.cjs");\n`);
  writeFileSync(join(dist, `${file}.d.ts`), all("lib", "js"));
  writeFileSync(join(dist, `${file}.d.cts`), all("cjs", "cjs"));
}

/**
 * Bundles the client into one minified file that replaces the transpiled one, and its module with the glue into another:
 * `lib/client/index.js`, `lib/runtime/client-inline.js` and their CommonJS counterparts; and the parser of user agents with its library.
 * Runs in each build, because it is fast and the check for changes does not cover it.
 */
export async function bundle() {
  const { build } = await import("esbuild");
  const decoder = join(dist, ".decoder.js");
  writeFileSync(decoder, DECODER);
  for (const { format, folder, extension } of [
    { format: "esm", folder: esm, extension: "js" },
    { format: "cjs", folder: cjs, extension: "cjs" },
  ]) {
    for (const { entry, ...options } of [
      // One copy for the client and for plugins: stores of two copies do not hear of each other's batches. It is no CommonJS.
      { entry: "client/index", external: ["../runtime/client.js", ...(format === "esm" ? ["nanostores"] : [])] },
      { entry: "session-handles/user-agent", external: [] },
      { entry: "runtime/client-inline", external: ["./client.js", "./client-javascript.js"], inject: [decoder] },
    ]) {
      const outfile = join(folder, `${entry}.${extension}`);
      // In CommonJS `import()` becomes `require`, because Jest supports the former behind a flag only.
      const supported = format === "cjs" ? { "dynamic-import": false } : {};
      await build({ ...bundleOptions, ...options, entryPoints: [join(source, `${entry}.ts`)], format, supported, outfile });
      if (format === "cjs") writeFileSync(outfile, withCjsPaths(readFileSync(outfile, "utf8")));
    }
  }
  rmSync(decoder);
}
