// Panics cannot happen in the core, and where one did the instance would trap: the code that words its message
// is dead weight. The functions that panic become a bare `unreachable`; wasm-opt then drops what only they needed.
import { readFileSync, writeFileSync } from "node:fs";

const PANICS = [
  /core(\[\w+\])?::panicking::/,
  /core(\[\w+\])?::(option|result)::(expect|unwrap)_failed/,
  /core(\[\w+\])?::slice::index::slice_\w*fail/,
  /core(\[\w+\])?::slice::.*len_mismatch_fail/,
  /core(\[\w+\])?::str::slice_error_fail/,
  /core(\[\w+\])?::cell::panic_already/,
  /alloc(\[\w+\])?::(raw_vec|alloc|collections)::(handle_error|handle_alloc_error|capacity_overflow)/,
  /std(\[\w+\])?::(panicking|alloc::rust_oom|process::abort)/,
  // Reached through tables only, which wasm-opt cannot see through: the words of a panic's message.
  / as core(\[\w+\])?::fmt::Debug>::fmt/,
  /core(\[\w+\])?::fmt::builders::/,
  /(rust_begin_unwind|rust_panic|rust_oom|__rg_oom|_rdl_oom)/,
];

/** Rewrites `file` in place; it still has its names. Resolves to how many functions were emptied. */
export async function snipPanics(file) {
  const { default: binaryen } = await import("binaryen");
  binaryen.setDebugInfo(true); // keeps the names, for whoever looks into the size
  const module = binaryen.readBinary(readFileSync(file));
  const { SIMD128, BulkMemory, SignExt, NontrappingFPToInt, MutableGlobals, Multivalue, ReferenceTypes } = binaryen.Features;
  module.setFeatures(SIMD128 | BulkMemory | SignExt | NontrappingFPToInt | MutableGlobals | Multivalue | ReferenceTypes);
  let snipped = 0;
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { name, module: imported } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (imported || !PANICS.some((pattern) => pattern.test(unescape(name)))) continue;
    binaryen.Function.setBody(module.getFunctionByIndex(i), module.unreachable());
    snipped++;
  }
  if (snipped === 0) throw new Error("No panicking function was found by name: rustc names them otherwise now, see scripts/snip.mjs.");
  writeFileSync(file, module.emitBinary());
  module.dispose();
  return snipped;
}

/** Binaryen writes `\3a` for a colon in names. */
function unescape(name) {
  return name.replace(/\\([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
