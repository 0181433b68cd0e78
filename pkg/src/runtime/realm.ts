/** WebAssembly modules of another realm. */

/**
 * Returns the module as one of this realm. Next.js and test runners compile modules outside of the context in which they run the
 * code, and wasm-bindgen's glue recognises a module by `instanceof`.
 */
export function ofThisRealm(module: WebAssembly.Module): WebAssembly.Module {
  const isForeign = !(module instanceof WebAssembly.Module) && Object.prototype.toString.call(module) === "[object WebAssembly.Module]";
  return isForeign ? Object.setPrototypeOf(module, WebAssembly.Module.prototype) : module;
}
