// client.wasm and the one file that a page loads: the module, deflated, with glue and entry in a minified bundle.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientGlue } from "./client-glue.mjs";
import { assertNoPaths } from "./leaks.mjs";
import { dist, fingerprint, generated, pkg, root, unlessFresh } from "./paths.mjs";
import { snipPanics } from "./snip.mjs";
import { bindgen, compile, shrink } from "./wasm.mjs";

const host = join(root, "src/wasm/client/host.js");

/** Makes `dist/client.wasm` and `src/wasm/generated/client.js`. Resolves to whether anything had to be done. */
export function buildClient() {
  const inputs = ["Cargo.toml", "Cargo.lock", "src/lib.rs", "src/client", "src/wasm/client", "src/wasm/mod.rs", "pkg/scripts/client.mjs", "pkg/scripts/client-glue.mjs", "pkg/scripts/wasm.mjs"];
  const print = fingerprint(inputs.map((path) => join(root, path)));
  return unlessFresh("client", print, [join(dist, "client.wasm"), join(generated, "client.js")], async () => {
    const out = mkdtempSync(join(tmpdir(), "better-session-"));
    try {
      const { linked, symbols } = compile("wasm-client", out, "s");
      bindgen(linked, "client", out);
      await snipPanics(join(out, "client_bg.wasm"));
      const wasm = shrink(join(out, "client_bg.wasm"), ["-Oz"], symbols);
      assertNoPaths(readFileSync(wasm), "client.wasm");
      const names = renameImports(wasm);
      const bytes = readFileSync(wasm);
      const glue = clientGlue(readFileSync(join(out, "client_bg.js"), "utf8"), readFileSync(host, "utf8"), names, bytes);
      mkdirSync(generated, { recursive: true });
      mkdirSync(dist, { recursive: true });
      writeFileSync(join(dist, "client.wasm"), bytes);
      writeFileSync(join(generated, "client.js"), glue);
      writeFileSync(join(generated, "client.d.ts"), TYPES);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
}

const TYPES = `/** What the page's side calls; a task and a scheduler are handles. */
export interface Client {
  begin(kind: number, job: object, attempts: number, delay: number, maxDelay: number, exponential: boolean): number;
  step(task: number, failed: boolean, value: unknown): any;
  scheduler(interval: number): number;
  happened(scheduler: number, event: number, now: number, signedIn: boolean, online: boolean): number;
  readonly memory: WebAssembly.Memory;
}
/** A new instance of the module. */
export function instantiate(): Promise<Client>;
`;

/** Imports by one letter each: their names are hashes, which do not compress. */
function renameImports(wasm) {
  const tool = join(root, "node_modules/binaryen/bin/wasm-opt");
  const features = ["bulk-memory", "sign-ext", "nontrapping-float-to-int", "mutable-globals", "multivalue", "reference-types", "simd"];
  const flags = [...features.map((feature) => `--enable-${feature}`), "--minify-imports-and-exports-and-modules", "--strip-target-features", "-o", wasm];
  return JSON.parse(execFileSync(process.execPath, [tool, wasm, ...flags], { encoding: "utf8" }));
}

/** esbuild's options of the client's bundle; what it takes in is named in the notices. */
export const clientBundle = { entryPoints: [join(pkg, "src/client/index.ts")], bundle: true, minify: true, target: "es2022", legalComments: "none", logLevel: "warning" };

/**
 * Puts the client into one minified file in place of the transpiled ones: `lib/client/index.js` and its CommonJS twin.
 * Every run does it; it takes a moment, and the transpiler knows nothing of it.
 */
export async function bundleClient() {
  const { build } = await import("esbuild");
  await build({ ...clientBundle, format: "esm", outfile: join(dist, "lib/client/index.js") });
  await build({ ...clientBundle, format: "cjs", outfile: join(dist, "cjs/client/index.cjs") });
}
