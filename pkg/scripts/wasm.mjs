// Builds one crate of bindings/ into a WebAssembly module and its glue: cargo, wasm-bindgen, wasm-opt.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { assertNoPaths, machinePaths } from "./check-paths.mjs";
import { dist, fingerprint, generated, root, unlessFresh } from "./paths.mjs";

const WASM_BINDGEN = "0.2.129";

/** The features that every current engine has and rustc or wasm-bindgen uses. "All features" produces modules that no engine runs. */
const FEATURES = ["simd", "bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "multivalue", "reference-types"];

/** RustCrypto's smaller constant-time software AES: 1.1 kB of gzip less for 3 % of the time of a JWE. */
const AES_BACKEND = '--cfg=aes_backend_soft="compact"';

/** For level 2: no unrolling and no automatic vectors. */
const NO_UNROLLING = ["-Cno-vectorize-loops", "-Cno-vectorize-slp", "-Cllvm-args=-unroll-threshold=20", "-Cllvm-args=-unroll-max-count=1"];

/** For a module whose every crate has level 2: smaller than level "s" and a tenth faster. */
const LITTLE_INLINING = ["-Cllvm-args=-inline-threshold=40"];

/** The crates of the domain and the bindings; the others are the primitives and their libraries. */
const domainOf = (name) => ["better-session", "better-session-protocol", `better-session-${name}`];

/**
 * Builds `dist/<name>.wasm` from `bindings/<name>`, and in `src/runtime/generated` wasm-bindgen's own files, untouched, and
 * `<name>-inline.js` with the module in base64, deflated first if `deflate`. `optimize` are wasm-opt's flags, `level` is rustc's `opt-level`, and
 * `domain` the one of the domain and the bindings; `imports` are for the linker, see `wasm-ld.mjs`. Resolves to whether anything had to be done.
 */
export function buildModule({ name, optimize = ["-O3"], level = "2", domain = level, deflate = false, imports }) {
  const sources = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "src",
    "primitives",
    "bindings/protocol",
    `bindings/${name}`,
    "pkg/scripts/wasm.mjs",
    "pkg/scripts/check-paths.mjs",
    ...(imports ? ["pkg/scripts/wasm-ld.mjs"] : []),
  ];
  const print = fingerprint(
    sources.map((path) => join(root, path)),
    name,
    level,
    domain,
    String(deflate),
    ...optimize,
    ...(imports ?? []),
  );
  const products = [join(dist, `${name}.wasm`), ...[`${name}.js`, `${name}-inline.js`].map((file) => join(generated, file))];
  return unlessFresh(name, print, products, async () => {
    const out = mkdtempSync(join(tmpdir(), "better-session-"));
    try {
      bindgen(compile(name, level, { domain, imports }), name, out);
      const wasm = optimized(join(out, `${name}_bg.wasm`), optimize);
      assertNoPaths(wasm, `${name}.wasm`);
      write(name, out, wasm, deflate ? deflateRawSync(wasm, { level: 9 }) : wasm);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

/** Builds a crate of bindings/ and returns the path of the linked module. Without `simd` it has scalar code only. */
export function compile(name, level, { domain = level, simd = true, imports } = {}) {
  const paths = machinePaths().map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  const flags = [
    ...(simd ? ["-Ctarget-feature=+simd128"] : []),
    AES_BACKEND,
    ...(level === "2" ? NO_UNROLLING : []),
    ...(domain === "2" ? LITTLE_INLINING : []),
    ...paths,
  ];
  const levels =
    domain === level ? [] : domainOf(name).flatMap((crate) => ["--config", `profile.release.package.${crate}.opt-level="${domain}"`]);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: target,
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    CARGO_PROFILE_RELEASE_OPT_LEVEL: level,
    ...(imports ? linkerOf(imports) : {}),
  };
  delete env.RUSTFLAGS;
  run(
    "cargo",
    [
      "build",
      "--release",
      "--lib",
      "--no-default-features",
      "--package",
      `better-session-${name}`,
      "--target",
      "wasm32-unknown-unknown",
      ...levels,
    ],
    { env },
  );
  return join(target, `wasm32-unknown-unknown/release/better_session_${name}.wasm`);
}

/** Returns the variables that select `wasm-ld.mjs` as the linker. */
function linkerOf(imports) {
  const rustc = (...args) => execFileSync("rustc", args, { cwd: root, encoding: "utf8" }).trim();
  const [, host] = /^host: (.+)$/m.exec(rustc("-vV"));
  return {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: join(root, "pkg/scripts/wasm-ld.mjs"),
    BETTER_SESSION_LINKER: join(rustc("--print", "sysroot"), "lib/rustlib", host, "bin/rust-lld"),
    BETTER_SESSION_IMPORTS: imports.join(" "),
  };
}

/** Writes the glue and `<name>_bg.wasm` of a linked module to the folder `out`. */
export function bindgen(linked, name, out) {
  const local = join(root, ".tools/bin/wasm-bindgen");
  const tool = existsSync(local) ? local : "wasm-bindgen";
  let version;
  try {
    version = execFileSync(tool, ["--version"], { encoding: "utf8" }).trim().split(" ")[1];
  } catch {
    throw new Error(`wasm-bindgen ${WASM_BINDGEN} is neither in .tools/bin nor on PATH: run \`make setup\`.`);
  }
  if (version !== WASM_BINDGEN) {
    throw new Error(`wasm-bindgen is ${version}, the crates are pinned to ${WASM_BINDGEN}: run \`make setup\`.`);
  }
  // `web` with the function that starts the module anew: the one target that is started synchronously with a compiled
  // module and survives a trap. Its default path would be a `new URL(…, import.meta.url)`, which bundlers stumble on.
  const options = ["--target", "web", "--experimental-reset-state-function", "--omit-default-module-path", "--remove-producers-section"];
  run(tool, [...options, "--out-dir", out, "--out-name", name, linked]);
}

/** Returns the bytes of a module after wasm-opt. */
function optimized(wasm, optimize) {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  binaryen("wasm-opt", wasm, `${wasm}.opt`, ...optimize, "--strip-debug", "--strip-producers", "--strip-target-features", ...features);
  return readFileSync(`${wasm}.opt`);
}

/** Runs one of binaryen's tools on the file `from` and writes the file `to`. */
export function binaryen(tool, from, to, ...options) {
  const path = join(root, "node_modules/binaryen/bin", tool);
  if (!existsSync(path)) throw new Error(`binaryen's ${tool} is not installed: run \`npm ci\` in the root of the repository.`);
  run(process.execPath, [path, from, "-o", to, ...options]);
}

function write(name, out, wasm, inline) {
  mkdirSync(generated, { recursive: true });
  writeFileSync(join(dist, `${name}.wasm`), wasm);
  for (const file of [`${name}.js`, `${name}.d.ts`]) cpSync(join(out, file), join(generated, file));
  if (existsSync(join(out, "snippets"))) cpSync(join(out, "snippets"), join(generated, "snippets"), { recursive: true });
  writeFileSync(join(generated, `${name}-inline.js`), `export const base64 = ${JSON.stringify(inline.toString("base64"))};\n`);
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
