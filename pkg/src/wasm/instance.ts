/**
 * One instance of core.wasm for the whole program: made on first use, made again after a trap.
 * Where the module comes from is said by the entry (`inline`, `workerd`, `edge-light` or `slim`).
 */
import { bindCore, type Core } from "./generated/core.js";
import { BetterSessionError } from "../error.js";

export type { Core };

let source: (() => WebAssembly.Module) | undefined;
let compiled: WebAssembly.Module | undefined;
let current: Core | undefined;

/** Says where the module comes from. The first one stays: two entries of one program share an instance. */
export function provideCore(module: () => WebAssembly.Module): void {
  source ??= module;
}

/** The live instance. Throws only where WebAssembly itself cannot run. */
export function core(): Core {
  return (current ??= instantiate());
}

/** Forgets an instance that trapped: its memory can no longer be trusted. */
export function discardCore(broken: Core): void {
  broken.retire();
  if (current === broken) current = undefined;
}

function instantiate(): Core {
  if (!source) {
    throw new BetterSessionError("WASM_MISSING", "No WebAssembly module was given: call useCore(module) of better-session/slim first.");
  }
  try {
    compiled ??= source();
    return bindCore(compiled);
  } catch (cause) {
    throw new BetterSessionError(
      "WASM_UNAVAILABLE",
      "WebAssembly cannot be compiled here. A page's Content-Security-Policy needs 'wasm-unsafe-eval'; on an edge runtime import better-session through its bundler.",
      { cause },
    );
  }
}
