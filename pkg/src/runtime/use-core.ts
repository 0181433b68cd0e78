/** Provides core.wasm for the slim entry. */
import type { CompiledModule } from "../platform.js";
import { coreWasm } from "./core.js";

/** Sets the compiled `better-session/core.wasm`. Call it once, before the first `createVerifier` or `decode`. */
export function useCore(module: CompiledModule): void {
  coreWasm.provide(() => module);
}
