// The packed package in the real Workers runtime, bundled as wrangler bundles: the module is imported, not compiled.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { installPacked } from "./support/pack.mjs";
import { reportCases } from "./support/report.mjs";

const { folder, remove } = installPacked();
after(remove);

writeFileSync(
  join(folder, "worker.mjs"),
  `import * as lib from "better-session"; import * as cookies from "better-session/cookies"; import { runSuite } from "./suite/index.mjs";
   export default { fetch: async () => Response.json(await runSuite(lib, cookies)) };`,
);
const { outputFiles } = await build({
  entryPoints: [join(folder, "worker.mjs")],
  bundle: true,
  write: false,
  format: "esm",
  outdir: join(folder, "out"),
  conditions: ["workerd", "worker", "browser"],
  loader: { ".wasm": "copy" },
});
const modules = outputFiles.map(({ path, contents }) => ({
  type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
  path: basename(path),
  contents,
}));
modules.sort((a) => (a.type === "ESModule" ? -1 : 1));

const worker = new Miniflare({ modules, compatibilityDate: "2026-04-01", cf: false });
after(() => worker.dispose());
const response = await worker.dispatchFetch("http://localhost/");
reportCases("workerd", await response.json());
