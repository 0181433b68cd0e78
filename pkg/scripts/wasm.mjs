// Turns one feature of the crate into one WebAssembly module and its glue.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeGlue } from "./glue.mjs";
import { assertNoPaths, machinePaths } from "./leaks.mjs";
import { snipPanics } from "./snip.mjs";
import { zeroDeadData } from "./dead-data.mjs";
import { readRelocations } from "./relocations.mjs";
import { dist, fingerprint, generated, root, unlessFresh } from "./paths.mjs";

const WASM_BINDGEN = "0.2.129";

/** What every current engine has and rustc or wasm-bindgen uses; never "all features", which nobody runs. */
const FEATURES = ["simd", "bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "multivalue", "reference-types"];

/**
 * SIMD, the linker's own knowledge for `dead-data.mjs`; and for level 2 little inlining, no unrolling and no vectors
 * that nobody wrote: smaller than level "s" and a tenth faster.
 */
const RUSTFLAGS = [
  "-Ctarget-feature=+simd128", '--cfg=aes_backend_soft="compact"', "-Clink-arg=--emit-relocs", "-Cno-vectorize-loops",
  "-Cno-vectorize-slp", "-Cllvm-args=-unroll-threshold=20", "-Cllvm-args=-unroll-max-count=1", "-Cllvm-args=-inline-threshold=40",
];

/**
 * Builds `dist/<name>.wasm` and `src/wasm/generated/<name>.js`, `<name>-inline.js` and their types.
 * `optimize` are wasm-opt's flags, `level` is rustc's. Resolves to whether anything had to be done.
 */
export function buildModule({ feature, name, optimize = ["-O3"], level = "2" }) {
  const sources = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "src", "pkg/scripts/wasm.mjs", "pkg/scripts/glue.mjs", "pkg/scripts/leaks.mjs", "pkg/scripts/snip.mjs", "pkg/scripts/dead-data.mjs", "pkg/scripts/relocations.mjs"];
  const print = fingerprint(sources.map((path) => join(root, path)), feature, name, level, ...optimize);
  const products = [join(dist, `${name}.wasm`), ...[`${name}.js`, `${name}-inline.js`].map((file) => join(generated, file))];
  return unlessFresh(name, print, products, async () => {
    const out = mkdtempSync(join(tmpdir(), "better-session-"));
    try {
      const { linked, symbols } = compile(feature, out, level);
      bindgen(linked, name, out);
      await snipPanics(join(out, `${name}_bg.wasm`));
      const wasm = shrink(join(out, `${name}_bg.wasm`), optimize, symbols);
      assertNoPaths(readFileSync(wasm), `${name}.wasm`);
      write(name, out, readFileSync(wasm));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

/** `linked`: a module in `out` that wasm-bindgen takes; `symbols`: what the linker knew of its data. */
export function compile(feature, out, level) {
  const flags = [...RUSTFLAGS, ...machinePaths().map(([from, to]) => `--remap-path-prefix=${from}=${to}`)];
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const args = ["build", "--release", "--lib", "--target", "wasm32-unknown-unknown", "--no-default-features", "--features", feature];
  const env = { ...process.env, CARGO_TARGET_DIR: target, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"), CARGO_PROFILE_RELEASE_OPT_LEVEL: level };
  delete env.RUSTFLAGS;
  run("cargo", args, { env });
  const { symbols, bare } = readRelocations(readFileSync(join(target, "wasm32-unknown-unknown/release/better_session.wasm")));
  const linked = join(out, "better_session.wasm");
  writeFileSync(linked, bare);
  return { linked, symbols };
}

export function bindgen(compiled, name, out) {
  const local = join(root, ".tools/bin/wasm-bindgen");
  const tool = existsSync(local) ? local : "wasm-bindgen";
  let version;
  try {
    version = execFileSync(tool, ["--version"], { encoding: "utf8" }).trim().split(" ")[1];
  } catch {
    throw new Error(`wasm-bindgen ${WASM_BINDGEN} is neither in .tools/bin nor on PATH: run \`make setup\`.`);
  }
  if (version !== WASM_BINDGEN) {
    throw new Error(`wasm-bindgen is ${version}, the crate is pinned to ${WASM_BINDGEN}: run \`make setup\`.`);
  }
  const options = ["--target", "bundler", "--remove-producers-section", "--out-dir", out, "--out-name", name];
  run(tool, [...options, compiled]);
}

export function shrink(wasm, optimize, symbols) {
  const tools = join(root, "node_modules/binaryen/bin");
  if (!existsSync(tools)) throw new Error("binaryen's wasm-opt is not installed: run `npm ci` in the root of the repository.");
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  const binaryen = (tool, from, to, ...flags) => run(process.execPath, [join(tools, tool), from, "-o", to, ...flags, ...features]);
  const [smaller, text] = [`${wasm}.opt`, `${wasm}.wat`];
  binaryen("wasm-opt", wasm, smaller, ...optimize);
  binaryen("wasm-dis", smaller, text);
  zeroDeadData(smaller, readFileSync(text, "utf8"), symbols);
  binaryen("wasm-opt", smaller, smaller, "--memory-packing", "--strip-debug", "--strip-producers");
  return smaller;
}

/** The glue is kept and made a factory; wasm-bindgen's own loader is left behind. */
function write(name, out, wasm) {
  mkdirSync(generated, { recursive: true });
  const glue = readFileSync(join(out, `${name}_bg.js`), "utf8");
  const { code, types } = makeGlue(name, glue, wasm);
  writeFileSync(join(dist, `${name}.wasm`), wasm);
  writeFileSync(join(generated, `${name}.js`), code);
  writeFileSync(join(generated, `${name}.d.ts`), types);
  const bindings = readFileSync(join(out, `${name}.d.ts`), "utf8").replace(/^ *(free|\[Symbol\.dispose\])\(\): void;\n/gm, "");
  writeFileSync(join(generated, `${name}-bindings.d.ts`), bindings);
  writeFileSync(join(generated, `${name}-inline.js`), `export const base64 = ${JSON.stringify(wasm.toString("base64"))};\n`);
  writeFileSync(join(generated, `${name}-inline.d.ts`), "export declare const base64: string;\n");
}

function run(command, args, options = {}) {
  mkdirSync(dist, { recursive: true });
  try {
    execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], ...options });
  } catch (cause) {
    if (cause.code === "ENOENT") throw new Error(`${command} is not installed: run \`make setup\`.`);
    throw new Error(`${command} ${args[0] ?? ""} failed; its own words are above.`);
  }
}
