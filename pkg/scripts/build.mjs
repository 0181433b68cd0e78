// Builds the package: the WebAssembly modules, their JavaScript, the types. Does nothing when nothing changed.
import { writeDocuments } from "./documents.mjs";
import { buildJavaScript, bundleClient } from "./javascript.mjs";
import { buildModule } from "./wasm.mjs";

const started = Date.now();
const say = (done, what) => console.log(`${done ? "built" : "fresh"}  ${what}`);

try {
  say(await buildModule({ name: "core" }), "core.wasm");
  say(await buildModule({ name: "gate" }), "gate.wasm");
  say(await buildModule({ name: "client", level: "s", optimize: ["-Oz"], deflate: true }), "client.wasm");
  say(await buildModule({ name: "inspect", level: "s", optimize: ["-Oz"] }), "inspect.wasm");
  say(await buildJavaScript(), "JavaScript and types");
  await bundleClient();
  await writeDocuments();
  console.log(`better-session: built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
} catch (error) {
  console.error(`better-session: ${error.message}`);
  process.exitCode = 1;
}
