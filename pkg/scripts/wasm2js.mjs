// Builds the client as JavaScript, from the same Rust, for runtimes that run no WebAssembly. The lowered module has scalar code
// only, because binaryen's wasm2js accepts neither SIMD nor reference types. It contains no key.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertNoPaths } from "./check-paths.mjs";
import { client } from "./modules.mjs";
import { fingerprint, generated, root, unlessFresh } from "./paths.mjs";
import { binaryen, bindgen, compile } from "./wasm.mjs";

const SOURCES = [
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  "src",
  "primitives",
  "bindings/client",
  "pkg/scripts/wasm.mjs",
  "pkg/scripts/wasm2js.mjs",
  "pkg/scripts/wasm-ld.mjs",
];

/** Instructions of rustc's default features that wasm2js does not read; wasm-opt replaces them. */
const LOWERINGS = ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];
const INPUT = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "multivalue", "reference-types"].map(
  (feature) => `--enable-${feature}`,
);

/**
 * Stand-ins for two globals of the glue. `Instance` starts the lowered module under the interface of `WebAssembly.Instance`.
 */
const GLOBALS = `import { instantiate } from "./lowered.js";
class Module {}
class Instance {
  constructor(_, imports) {
    // The glue calls it when it restarts, also if the module has none.
    this.exports = { __wbindgen_start() {}, ...instantiate(imports) };
  }
}
export { TextDecoder } from "./decoder.js";
export const WebAssembly = { Module, Instance };
`;

/** A module that replaces the glue's `TextDecoder` by one of functions that every engine has: jsdom has none in Jest. */
export const DECODER = `class GlueDecoder {
  decode(bytes = []) {
    let units = "";
    for (const byte of bytes) units += String.fromCharCode(byte);
    return decodeURIComponent(escape(units));
  }
}
export { GlueDecoder as TextDecoder };
`;

/** Writes `client-javascript.js` with the glue's exports. Resolves to whether anything had to be done. */
export function buildClientWithoutWasm() {
  const print = fingerprint(SOURCES.map((path) => join(root, path)));
  const product = join(generated, "client-javascript.js");
  return unlessFresh("client-javascript", print, [product], async () => {
    const out = mkdtempSync(join(tmpdir(), "better-session-"));
    try {
      const scalar = join(out, "scalar.wasm");
      // Without the section that lists features wasm-bindgen keeps JavaScript's values in an array and not in a table.
      binaryen("wasm-opt", compile("client", "s", { simd: false, imports: client.imports }), scalar, "--strip-target-features", ...INPUT);
      bindgen(scalar, "client", out);
      const lowered = join(out, "lowered.wasm");
      binaryen("wasm-opt", join(out, "client_bg.wasm"), lowered, ...INPUT, ...LOWERINGS, "-Oz", "--strip-debug", "--strip-producers");
      assertNoPaths(readFileSync(lowered), "the client's JavaScript build");
      binaryen("wasm2js", lowered, join(out, "lowered.js"), "-Oz", "--emscripten");
      await bundle(out, product);
      writeFileSync(join(generated, "client-javascript.d.ts"), readFileSync(join(out, "client.d.ts")));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

async function bundle(folder, outfile) {
  const { build } = await import("esbuild");
  const lowered = join(folder, "lowered.js");
  writeFileSync(lowered, `${readFileSync(lowered, "utf8")}\nexport { instantiate };\n`);
  writeFileSync(join(folder, "decoder.js"), DECODER);
  writeFileSync(join(folder, "globals.js"), GLOBALS);
  mkdirSync(generated, { recursive: true });
  await build({
    entryPoints: [join(folder, "client.js")],
    inject: [join(folder, "globals.js")],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    logOverride: { "duplicate-object-key": "silent" },
  });
}
