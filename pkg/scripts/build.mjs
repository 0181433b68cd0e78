// Builds the package: the WebAssembly modules, the JavaScript and the types. Skips what has not changed.
import { writeDocuments } from "./documents.mjs";
import { buildJavaScript, bundle } from "./javascript.mjs";
import * as modules from "./modules.mjs";
import { prune } from "./prune.mjs";
import { buildModule } from "./wasm.mjs";
import { buildClientWithoutWasm } from "./wasm2js.mjs";

const started = Date.now();
const report = (built, product) => console.log(`${built ? "built" : "fresh"}  ${product}`);

try {
  report(await buildModule(modules.core), "core.wasm");
  report(await buildModule(modules.gate), "gate.wasm");
  report(await buildModule(modules.client), "client.wasm");
  report(await buildClientWithoutWasm(), "the client without WebAssembly");
  report(await buildModule(modules.inspect), "inspect.wasm");
  report(await buildJavaScript(), "JavaScript and types");
  await bundle();
  prune();
  await writeDocuments();
  console.log(`better-session: built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
} catch (error) {
  console.error(`better-session: ${error.message}`);
  process.exitCode = 1;
}
