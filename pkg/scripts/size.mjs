// Prints the bytes that each entry loads: its JavaScript, bundled and minified, and the module if it is a file of its own.
// Side by side with Better Auth's own entries, bundled alike. Exits 1 when an entry is over its budget. With `--crates` it also prints how much
// of core.wasm and gate.wasm each crate is.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { codeByCrate } from "./crates.mjs";
import * as modules from "./modules.mjs";
import { dist, pkg, root } from "./paths.mjs";
import { compile } from "./wasm.mjs";

/** gzip -9 bytes of everything that is loaded. The client's is the weight of `better-auth/client`. */
const budgets = { "core.wasm + glue": 42_000, "better-session (workerd)": 45_000, "better-session/edge (workerd)": 100_000 };

/** Returns the text that exports `only`, by default everything, from a file. */
const exported =
  (only = "*") =>
  (path) =>
    `export ${only} from ${JSON.stringify(path)};\n`;

/** Better Auth's plugins that both clients are measured with. */
const PLUGINS = 'export { adminClient, organizationClient, twoFactorClient } from "better-auth/client/plugins";\n';

const rows = [
  await measure("core.wasm + glue", join(pkg, "src/runtime/generated/core.js"), { module: "core" }),
  await measure("gate.wasm + glue", join(pkg, "src/runtime/generated/gate.js"), { module: "gate" }),
  await measure("inspect.wasm + glue", join(pkg, "src/runtime/generated/inspect.js"), { module: "inspect" }),
  ...(await entry("better-session", "index", "core")),
  ...(await entry("better-session/cookies", "cookies", "core")),
  ...(await entry("better-session/explain", "explain", "inspect")),
  ...(await entry("better-session/edge", "edge", "gate")),
  ...(await entry("better-session/plugin", "plugin", "gate")),
  await measure("jwks, on demand", join(dist, "index.workerd.js"), { onDemand: true }),
  await measure("better-session/client", join(dist, "client.js"), { only: "{ createAuthClient }" }),
  await measure("better-session/client, 3 plugins", join(dist, "client.js"), { only: "{ createAuthClient }", and: PLUGINS }),
  await measure("better-session/react", join(dist, "react.js")),
  await measure("better-session/vue", join(dist, "vue.js")),
  await measure("better-session/svelte", join(dist, "svelte.js")),
  await measure("better-session/solid", join(dist, "solid.js")),
  await measure("better-auth/cookies", "better-auth/cookies", { only: "{ getCookieCache, getSessionCookie }" }),
  await measure("better-auth/client", "better-auth/client", { only: "{ createAuthClient }" }),
  await measure("better-auth/client, 3 plugins", "better-auth/client", { only: "{ createAuthClient }", and: PLUGINS }),
];
const named = (name) => rows.find((row) => row?.name === name);
for (const plugins of ["", ", 3 plugins"]) {
  named(`better-session/client${plugins}`).budget = named(`better-auth/client${plugins}`).gzip;
}
print(rows.filter(Boolean));
if (process.argv.includes("--crates")) for (const module of [modules.core, modules.gate]) printCrates(module);
if (rows.some((row) => row?.gzip > row?.budget)) process.exitCode = 1;

async function entry(name, file, module) {
  return [
    await measure(`${name} (workerd)`, join(dist, `${file}.workerd.js`), { module }),
    await measure(`${name} (inline)`, join(dist, `${file}.js`)),
  ];
}

/** `module`: the WebAssembly that travels beside the script. `only`: names to import, where the whole is not meant. `and`: further code. `onDemand`: what is loaded later instead. */
async function measure(name, path, { module, only, and = "", onDemand = false } = {}) {
  if (path.startsWith("/") && !existsSync(path)) return undefined;
  const { outputFiles, metafile } = await build({
    stdin: { contents: exported(only)(path) + and, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    splitting: true,
    outdir: "unused",
    metafile: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import", "module", "browser"],
    external: ["*.wasm", "*.wasm?module", "react", "react-dom", "vue", "solid-js", "node:*", "cloudflare:*"],
    legalComments: "none",
    logLevel: "error",
  });
  const loaded = withImports("unused/stdin.js", metafile.outputs);
  const scripts = outputFiles.filter(({ path }) => loaded.some((name) => path.endsWith(`/${name}`)) !== onDemand);
  const parts = [Buffer.concat(scripts.map(({ contents }) => contents)), ...(module ? [readFileSync(join(dist, `${module}.wasm`))] : [])];
  const sum = (compress) => parts.reduce((bytes, part) => bytes + compress(part).length, 0);
  const gzip = sum((part) => gzipSync(part, { level: 9 }));
  const brotli = sum((part) => brotliCompressSync(part, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  return { name, script: parts[0].length, module: parts[1]?.length ?? 0, gzip, brotli, budget: budgets[name] };
}

/** Returns an output and those that it imports at once; what is imported on demand is not loaded with the entry. */
function withImports(name, outputs) {
  const direct = outputs[name].imports.filter(({ path, kind }) => kind === "import-statement" && outputs[path]);
  return [name, ...direct.flatMap(({ path }) => withImports(path, outputs))];
}

function print(rows) {
  const number = (value) => (value === undefined ? "" : value.toLocaleString("en-US")).padStart(9);
  console.log(`${"entry".padEnd(32)}${["script", "wasm", "gzip -9", "brotli", "budget"].map((head) => head.padStart(9)).join(" ")}`);
  for (const { name, script, module, gzip, brotli, budget } of rows) {
    console.log(`${name.padEnd(32)}${[script, module, gzip, brotli, budget].map(number).join(" ")}${gzip > budget ? "  over" : ""}`);
  }
}

/** Prints the code of each crate in the linked module, before wasm-opt. Shares below one percent are added up. */
function printCrates({ name, level = "2", ...options }) {
  const crates = codeByCrate(compile(name, level, options));
  const total = crates.reduce((sum, [, bytes]) => sum + bytes, 0);
  const large = crates.filter(([, bytes]) => bytes * 100 >= total);
  const rest = large.reduce((left, [, bytes]) => left - bytes, total);
  console.log(`\n${name}.wasm before wasm-opt: ${total.toLocaleString("en-US")} bytes of code, by the crate that defines the function`);
  for (const [crate, bytes] of [...large, ["all others", rest]]) {
    console.log(`${crate.padEnd(32)}${bytes.toLocaleString("en-US").padStart(9)} ${((bytes * 100) / total).toFixed(1).padStart(5)} %`);
  }
}
