/** `better-session` without the module inside: for those who stream or share `better-session/core.wasm`. */
import { coreWasm } from "./wasm/core.js";

export * from "./index.js";

/** Gives the compiled `better-session/core.wasm`. Call it once, before the first `createVerifier` or `decode`. */
export function useCore(module: WebAssembly.Module): void {
  coreWasm.provide(() => module);
}
