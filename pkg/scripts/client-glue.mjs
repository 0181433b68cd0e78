// What stands between client.wasm and JavaScript: wasm-bindgen's import functions under their short names, and a start.
import { deflateRawSync } from "node:zlib";

/** wasm-bindgen's helpers, without the ones for engines that the module's own features rule out. */
const HELPERS = {
  addToExternrefTable0: `const addToExternrefTable0 = (value) => {
  const at = wasm.__externref_table_alloc();
  wasm.__wbindgen_externrefs.set(at, value);
  return at;
};`,
  isLikeNone: "const isLikeNone = (value) => value == null;",
  getStringFromWasm0: `const getStringFromWasm0 = (at, length) => new TextDecoder().decode(new Uint8Array(wasm.memory.buffer, at, length));`,
};

/** The text of the module that exports `instantiate`. `names` is what wasm-opt renamed. */
export function clientGlue(glue, host, names, bytes) {
  const imports = names.imports.map(([module, name, short]) => `  ${short}: ${/host\.js$/.test(module) ? name : importFunction(glue, name)},`);
  const object = `{\n${imports.join("\n")}\n}`;
  const helpers = Object.keys(HELPERS).filter((name) => object.includes(name));
  let text = `// Made by scripts/client.mjs out of wasm-bindgen's glue and src/wasm/client/host.js.
${host.replace(/^export /gm, "").replace(/^\/\/.*\n/gm, "").replace(/^\/\*\*[\s\S]*?\*\/\n/gm, "")}
const DEFLATED = ${JSON.stringify(deflateRawSync(bytes, { level: 9 }).toString("base64"))};

export async function instantiate() {
let wasm;
${helpers.map((name) => HELPERS[name]).join("\n")}
const imports = ${object};
const deflated = new Blob([Uint8Array.from(atob(DEFLATED), (unit) => unit.charCodeAt())]);
const bytes = new Response(deflated.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
wasm = (await WebAssembly.instantiate(await bytes, { a: imports })).instance.exports;
wasm.__wbindgen_start();
return { ${names.exports.filter(([name]) => !name.startsWith("__")).map(([name]) => `${name}: wasm.${name}`).join(", ")} };
}
`;
  for (const [name, short] of names.exports) text = text.replaceAll(`wasm.${name}`, `wasm.${short}`);
  const left = /handleError|takeFromExternref|passString|__wbindgen_(malloc|realloc|free)/.exec(text);
  if (left) throw new Error(`The client's glue needs ${left[0]}, which it is to do without: see src/wasm/client/js.rs.`);
  return text;
}

function importFunction(glue, name) {
  const found = new RegExp(`^export function ${name}(\\([^)]*\\)) (\\{[\\s\\S]*?^\\})`, "m").exec(glue);
  if (!found) throw new Error(`The glue of client.wasm lacks the import ${name}.`);
  return `${found[1]} => ${found[2]}`;
}
