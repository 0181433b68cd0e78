// wasm-bindgen's glue as a factory: every instance gets its own memory views, so a trapped one can be left behind.

/** Long strings are copied by the engine's encoder, not character by character; three bytes at most for each. */
const PASS_STRING = `
function passStringToWasm0(arg, malloc, realloc) {
    let len = arg.length;
    if (len === 0) {
        WASM_VECTOR_LEN = 0;
        return 1;
    }
    let ptr = malloc(len, 1) >>> 0;
    let { read, written } = cachedTextEncoder.encodeInto(arg, getUint8ArrayMemory0().subarray(ptr, ptr + len));
    if (read < arg.length) {
        const rest = arg.slice(read);
        ptr = realloc(ptr, len, len = written + rest.length * 3, 1) >>> 0;
        written += cachedTextEncoder.encodeInto(rest, getUint8ArrayMemory0().subarray(ptr + written, ptr + len)).written;
        ptr = realloc(ptr, len, written, 1) >>> 0;
    }
    WASM_VECTOR_LEN = written;
    return ptr;
}
`;

/** For engines without `encodeInto`, none of which has SIMD. */
const ENCODE_INTO = /^if \(!\('encodeInto' in [\s\S]*?^\}\n/m;

/** Objects are freed when they are collected, never by hand. */
const FREE = /^ {4}(__destroy_into_raw|free)\(\) \{[\s\S]*?^ {4}\}\n/gm;
const DISPOSE = /^if \(Symbol\.dispose\).*\n/gm;

/** `code` and `types` of the module that exports `bind<Name>(module)`. */
export function makeGlue(name, glue, wasm) {
  const bind = `bind${name[0].toUpperCase()}${name.slice(1)}`;
  const type = bind.slice(4);
  const exported = [...glue.matchAll(/^export (?:async )?(?:function|class|const) (\w+)/gm)].map((match) => match[1]);
  const api = exported.filter((word) => !word.startsWith("__wb"));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  const unknown = imports.find((entry) => entry.kind === "function" && !exported.includes(entry.name));
  if (unknown) throw new Error(`The glue of ${name} lacks the import ${unknown.name}.`);

  // What comes out of Rust is UTF-8 already, and workerd takes three times as long to be strict about it.
  const body = replacePassString(glue)
    .replaceAll("ignoreBOM: true, fatal: true", "ignoreBOM: true")
    .replace(ENCODE_INTO, "")
    .replace(FREE, "")
    .replace(DISPOSE, "")
    .replace(/^export /gm, "")
    .replace(/^\/\*\*[\s\S]*?\*\/\n/gm, "")
    .replace(/^import .*\n/gm, "");
  if (/__destroy_into_raw|\.free\(/.test(body)) throw new Error(`The glue of ${name} frees objects by hand, which it is to do without.`);
  const object = [...new Set(imports.map((entry) => entry.module))]
    .map((module) => `${JSON.stringify(module)}: { ${imports.filter((entry) => entry.module === module).map((entry) => entry.name).join(", ")} }`)
    .join(", ");
  const code = `// Made by scripts/build.mjs out of wasm-bindgen's glue.
export function ${bind}(module) {
let retired = false;
const Registry = globalThis.FinalizationRegistry;
const FinalizationRegistry = Registry && class extends Registry {
    constructor(free) { super((ptr) => { if (!retired) free(ptr); }); }
};
${body}
wasm = new WebAssembly.Instance(module, { ${object} }).exports;
wasm.__wbindgen_start?.();
return { ${api.join(", ")}, memory: wasm.memory, retire() { retired = true; } };
}
`;
  const types = `/** The bindings of one instance. */
export type ${type} = typeof import("./${name}-bindings.js") & {
  readonly memory: WebAssembly.Memory;
  /** After a trap: what is collected later is not freed in memory that is no longer sound. */
  retire(): void;
};
export function ${bind}(module: WebAssembly.Module): ${type};
`;
  return { code, types };
}

function replacePassString(glue) {
  const start = glue.indexOf("\nfunction passStringToWasm0(");
  if (start < 0) return glue;
  const end = glue.indexOf("\n}\n", start);
  return glue.slice(0, start) + PASS_STRING + glue.slice(end + 3);
}
